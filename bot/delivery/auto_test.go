package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"digestbot/bot/rendition"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// A reader with the layout auto gets an issue of up to six messages section by section,
// and a larger one as one message. What they muted does not count.
func TestAutoIsNeverMoreThanSix(t *testing.T) {
	for _, test := range []struct {
		sections int
		muted    []string
		want     int
		told     string
	}{
		{1, nil, 2, "A"},
		{5, nil, 6, "ABCDE"},
		{6, nil, 1, "ABCDEF"},
		{6, []string{"Part C"}, 6, "ABDEF"},
		{8, []string{"Part C"}, 1, "ABDEFGH"},
		{8, []string{"Part A", "Part C", "Part H"}, 6, "BDEFG"},
	} {
		t.Run(fmt.Sprint(test.sections, " without ", test.muted), func(t *testing.T) {
			inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.wideIssue(1, 9) // otherwise all headings are of one issue only
				issue := w.wideIssue(2, test.sections)
				for _, r := range readers {
					w.setLayout(r.ID(), digest.LayoutAuto)
					w.mute(r.ID(), test.muted...)
				}
				w.request(issue, readers[0])
				time.Sleep(time.Minute)
				b := w.await(w.broadcast(issue), subscribers.Done)
				for _, r := range readers {
					got := r.Chat().FromBot()
					if len(got) != test.want || told(got) != test.told {
						t.Errorf("received %d messages about %q, want %d about %q", len(got), told(got), test.want, test.told)
					}
				}
				w.books(b)
			})
		})
	}
}

// What an issue began as it goes on as, whatever its reader switches on meanwhile.
func TestAutoIsDecidedOnce(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.wideIssue(1, 9)
		issue := w.wideIssue(2, 6)
		reader := readers[0]
		w.setLayout(reader.ID(), digest.LayoutAuto)
		w.mute(reader.ID(), "Part F")
		b := w.broadcast(issue)
		for len(reader.Chat().FromBot()) < 3 {
			time.Sleep(100 * time.Millisecond)
		}
		w.crash()
		w.exec("DELETE FROM muted_sections")
		w.start()
		w.await(b, subscribers.Done)
		if got := reader.Chat().FromBot(); told(got) != "ABCDEF" || len(got) != 7 {
			t.Errorf("received %d messages about %q, want all six parts in their own messages", len(got), told(got))
		}
		w.books(b)
	})
}

// If Telegram refuses the one message, the sections take its place.
func TestAutoIsRefused(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for _, r := range readers {
			w.setLayout(r.ID(), digest.LayoutAuto)
		}
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Times: 1})
		b := w.await(w.broadcast(w.wideIssue(1, 7)), subscribers.Done)
		for _, r := range readers {
			if got := r.Chat().FromBot(); len(got) != 8 || told(got) != "ABCDEFG" {
				t.Errorf("received %d messages about %q, want the cover and seven sections", len(got), told(got))
			}
		}
		w.books(b)
	})
}

// A group with a topic for each section gets sections: its topics are not left empty.
func TestAutoWithTopics(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.wideIssue(1, 9)
		messages, err := w.store.Messages(t.Context(), issue.ID, issue.Edition)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.store.Recipient(t.Context(), w.id(readers[0]))
		if err != nil {
			t.Fatal(err)
		}
		for topics, want := range map[subscribers.Topics]digest.Layout{
			subscribers.OneTopic: digest.LayoutCompact, subscribers.SectionTopics: digest.LayoutSections, subscribers.TopicsRefused: digest.LayoutCompact,
		} {
			to.Topics = topics
			if got := rendition.LayoutFor(messages, to, digest.LayoutAuto); got != want {
				t.Errorf("with topics %d auto is %q, want %q", topics, got, want)
			}
			for _, layout := range layouts {
				if got := rendition.LayoutFor(messages, to, layout); got != layout {
					t.Errorf("with topics %d %q is %q", topics, layout, got)
				}
			}
		}
	})
}
