package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// namedIn returns which sections a cover names.
func namedIn(cover telegramsim.Message) []string {
	text := cover.Text
	if cover.Rich != nil {
		text = cover.Rich.Text
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !strings.Contains(text, "• "+name) })
}

// The cover names the sections that its reader gets, in every layout and in every form
// that Telegram accepts.
func TestCoverNamesWhatArrives(t *testing.T) {
	for _, test := range []struct {
		name    string
		layout  digest.Layout
		refused bool // Telegram refuses the markup
		muted   []string
		want    []string
	}{
		{name: "nothing muted", layout: digest.LayoutSections, want: names},
		{name: "sections", layout: digest.LayoutSections, muted: []string{"News", "Essays"}, want: []string{"Tools", "Jobs", "Quotes"}},
		{name: "rich", layout: digest.LayoutRich, muted: []string{"Quotes", "Jobs"}, want: []string{"News", "Tools", "Essays"}},
		{name: "plain", layout: digest.LayoutSections, refused: true, muted: []string{"Tools"}, want: []string{"News", "Essays", "Jobs", "Quotes"}},
		{name: "all muted", layout: digest.LayoutSections, muted: names},
		{name: "all muted, rich", layout: digest.LayoutRich, muted: names},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.setLayout(readers[0].ID(), test.layout)
				w.issue(1)
				row := w.longIssue(2)
				w.mute(readers[0].ID(), test.muted...)
				if test.refused {
					w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Chat: readers[0].ID(), Times: 1})
				}
				w.request(row, readers[0])
				w.request(row, readers[1])
				time.Sleep(time.Minute)
				if got := namedIn(readers[0].Chat().FromBot()[0]); !slices.Equal(got, test.want) {
					t.Errorf("the cover names %q, want %q", got, test.want)
				}
				if got := namedIn(readers[1].Chat().FromBot()[0]); !slices.Equal(got, names) {
					t.Errorf("the cover of a reader with all sections names %q", got)
				}
			})
		})
	}
}

// A one-off section is not named on the cover of a reader who muted "Other".
func TestCoverWithoutOther(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.issue(1)
		issue := &digest.Issue{Key: "2", Number: 2, Title: "Weekly 2"}
		for _, name := range []string{"News", "A guest"} {
			issue.Sections = append(issue.Sections, digest.Section{
				Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "About " + name}}}},
			})
		}
		row, _, err := w.store.SaveIssue(t.Context(), issue, "2.md", []byte("2"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.store.SetOtherMuted(t.Context(), w.id(readers[0]), true); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(row), subscribers.Done)
		got := readers[0].Chat().FromBot()
		if len(got) != 2 || strings.Contains(got[0].Text, "A guest") || !strings.Contains(got[0].Text, "• News") {
			t.Errorf("a reader who muted Other got %d messages, first %q; want a cover that names News only", len(got), got[0].Text)
		}
	})
}
