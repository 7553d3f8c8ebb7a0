package revision_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

type outcomes = map[subscribers.Outcome]int

const (
	edited    = subscribers.OutcomeEdited
	unchanged = subscribers.OutcomeUnchanged
	deleted   = subscribers.OutcomeDeleted
	added     = subscribers.OutcomeAdded
	skipped   = subscribers.OutcomeSkipped
	uncertain = subscribers.OutcomeUncertain
	failed    = subscribers.OutcomeFailed
)

var corrections = []struct {
	name   string
	layout digest.Layout
	muted  string // section that the reader has muted before
	later  string // and after the issue arrived
	age    time.Duration
	before []string
	after  []string
	want   []string // what the reader sees in the end, but for the cover
	books  outcomes
}{
	{
		name:   "a text",
		before: []string{"News: one", "Tools: two"}, after: []string{"News: one", "Tools: 2"},
		want: []string{"News|one", "Tools|2"}, books: outcomes{edited: 1, unchanged: 2},
	},
	{
		name:   "a heading",
		before: []string{"News: one", "Tuuls: two"}, after: []string{"News: one", "Tools: two"},
		want: []string{"News|one", "Tools|two"}, books: outcomes{edited: 2, unchanged: 1},
	},
	{
		name: "a heading, where a muted section was taken out", muted: "Events",
		before: []string{"News: one", "Events: two", "Papers: three"}, after: []string{"News: one", "Research: three"},
		want: []string{"News|one", "Research|three"}, books: outcomes{edited: 2, unchanged: 1},
	},
	{
		name:   "order",
		before: []string{"News: one", "Tools: two"}, after: []string{"Tools: two", "News: one"},
		want: []string{"News|one", "Tools|two"}, books: outcomes{edited: 3},
	},
	{
		name:   "a section that is new",
		before: []string{"News: one"}, after: []string{"News: one", "Jobs: new"},
		want: []string{"News|one", "Jobs|new"}, books: outcomes{edited: 2, added: 1},
	},
	{
		name:   "a section that was taken out",
		before: []string{"News: one", "Tools: two"}, after: []string{"News: one"},
		want: []string{"News|one"}, books: outcomes{edited: 2, deleted: 1},
	},
	{
		name: "a section that was taken out, days later", age: 49 * time.Hour,
		before: []string{"News: one", "Tools: two"}, after: []string{"News: one"},
		want: []string{"News|one", "(taken out)"}, books: outcomes{edited: 3},
	},
	{
		name:   "more parts",
		before: []string{"News: one", "Tools: two"}, after: []string{"News: long…", "Tools: two"},
		want: []string{"News (1/2)|long…", "Tools|two", "News (2/2)|It…"}, books: outcomes{edited: 1, unchanged: 2, added: 1},
	},
	{
		name:   "fewer parts",
		before: []string{"News: long…", "Tools: two"}, after: []string{"News: short", "Tools: two"},
		want: []string{"News|short", "Tools|two"}, books: outcomes{edited: 1, unchanged: 2, deleted: 1},
	},
	{
		name: "fewer parts, days later", age: 49 * time.Hour,
		before: []string{"News: long…", "Tools: two"}, after: []string{"News: short", "Tools: two"},
		want: []string{"News|short", "(see above)", "Tools|two"}, books: outcomes{edited: 2, unchanged: 2},
	},
	{
		name: "what was muted before does not come", muted: "Tools",
		before: []string{"News: one", "Tools: two"}, after: []string{"News: 1", "Tools: long…"},
		want: []string{"News|1"}, books: outcomes{edited: 1, unchanged: 1},
	},
	{
		name: "what was muted since is corrected, but nothing is added", later: "Tools",
		before: []string{"News: one", "Tools: two"}, after: []string{"News: one", "Tools: 2"},
		want: []string{"News|one", "Tools|2"}, books: outcomes{edited: 1, unchanged: 2},
	},
	{
		name: "compact: the headlines are the same, but unfold the new text", layout: digest.LayoutCompact,
		before: []string{"News: one", "Tools: two"}, after: []string{"News: 1", "Tools: two"},
		books: outcomes{edited: 1},
	},
	{
		name: "rich", layout: digest.LayoutRich,
		before: []string{"News: one", "Tools: two"}, after: []string{"News: 1", "Tools: two", "Jobs: new"},
		want: []string{"rich News|1", "rich Tools|two", "rich Jobs|new"}, books: outcomes{edited: 3, unchanged: 0, added: 1},
	},
	{
		name:   "short sections that share messages",
		before: []string{"A: a", "B: b", "C: c", "D: d", "E: e", "F: f", "G: g"},
		after:  []string{"A: a", "B: b", "C: c", "D: d", "E: e", "F: f", "G: 7"},
		books:  outcomes{edited: 1, unchanged: 1},
	},
}

func TestCorrections(t *testing.T) {
	for _, test := range corrections {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				reader := readers[0]
				w.setLayout(reader, test.layout)
				first := w.issue(test.before...)
				w.mute(reader, test.muted)
				w.broadcast(first)
				w.mute(reader, test.later)
				time.Sleep(test.age)
				arrived := shown(reader.Chat())
				books := w.over(w.correct(w.issue(test.after...)))
				wantBooks(t, books, test.books)
				got := shown(reader.Chat())
				if test.want != nil && !slices.Equal(got[1:], test.want) {
					t.Errorf("the reader sees\n%q, want\n%q; it was\n%q", got[1:], test.want, arrived[1:])
				}
				w.wantFresh(reader, test.after)
			})
		})
	}
}

// mute switches a section off.
func (w *world) mute(p *telegramsim.Person, name string) {
	w.t.Helper()
	if name == "" {
		return
	}
	for _, s := range must(w.store.Switches(w.t.Context(), w.id(p.ID())))(w.t) {
		if s.Name == name {
			if err := w.store.SetMuted(w.t.Context(), w.id(p.ID()), s.Section.ID, true); err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatalf("there is no section %s", name)
}

// wantFresh checks that the last message of a chat has the closing row, and only it.
func (w *world) wantFresh(p *telegramsim.Person, sections []string) {
	w.t.Helper()
	var ends []string
	for _, m := range p.Chat().FromBot() {
		for _, row := range m.Keyboard {
			if row[0].Text == "end" && !m.Deleted {
				ends = append(ends, brief(m))
			}
		}
	}
	if len(ends) != 1 {
		w.t.Errorf("the closing row stands under %q, want one message; there are %q", ends, strings.Join(sections, ", "))
	}
}

// A section that is new is among the headlines, unless the reader has muted it.
func TestNewSectionInHeadlines(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for _, p := range readers {
			w.setLayout(p, digest.LayoutCompact)
		}
		first := w.issue("News: one", "Tools: two")
		w.mute(readers[1], "Tools")
		w.broadcast(first)
		wantBooks(t, w.over(w.correct(w.issue("News: one", "Tools: two", "Jobs: new"))), outcomes{edited: 2})
		wantShown(t, readers[0].Chat(), "Weekly 1|News|Tools|Jobs")
		wantShown(t, readers[1].Chat(), "Weekly 1|News|Jobs")
	})
}
