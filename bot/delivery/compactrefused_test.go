package delivery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// refuseTo makes Telegram refuse the next messages to a chat.
func (w *world) refuseTo(chat int64, times int) {
	w.sim.Inject(telegramsim.Fault{
		Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Methods: []string{"sendMessage"}, Chat: chat, Times: times,
	})
}

// plainIn returns how many messages in a chat came without markup.
func plainIn(reader *telegramsim.Person) (n int) {
	for _, m := range reader.Chat().FromBot() {
		if m.ParseMode == "" && m.Rich == nil {
			n++
		}
	}
	return n
}

// Telegram refuses the compact message: its readers get the sections, with markup, and
// readers of the other layouts notice nothing.
func TestRefusedCompactMessageConcernsItsReadersOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(9)
		for i, r := range readers {
			w.setLayout(r.ID(), layouts[i%3])
			if layouts[i%3] == digest.LayoutCompact {
				w.refuseTo(r.ID(), 1) // whichever is first, none has it before
			}
		}
		w.start()
		issue := w.issue(1)
		b := w.await(w.broadcast(issue), subscribers.Done)
		for i, r := range readers {
			want := everything()
			if layouts[i%3] == digest.LayoutRich {
				want = []string{"rich cover", "rich News", "rich Tools", "rich Essays", "rich Jobs", "rich Quotes"}
			}
			w.wantGot(r.ID(), want...)
			if n := plainIn(r); n != 0 {
				t.Errorf("reader %d, who chose %s, got %d messages without markup", i, layouts[i%3], n)
			}
		}
		if told := w.bot.saw(delivery.EventSimpler); len(told) != 1 || told[0].Message != 0 || told[0].Issue != issue.ID {
			t.Errorf("people were told %+v, want once of the compact message", told)
		}
		if sent := w.books(b).Sum(subscribers.OutcomeSent); sent != 9*6 {
			t.Errorf("books say %d sent, want %d", sent, 9*6)
		}
	})
}

// A cover that Telegram refuses goes out as plain text in the other layouts. The compact
// message has a text of its own, and stays as it is.
func TestRefusedCoverLeavesTheCompactMessage(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.setLayout(readers[0].ID(), digest.LayoutSections)
		w.setLayout(readers[1].ID(), digest.LayoutCompact)
		issue := w.issue(1)
		if _, err := w.store.RefuseMessage(t.Context(), issue.ID, issue.Edition, 0, archive.Simpler{Plain: true}, "markup"); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(issue), subscribers.Done)
		w.wantGot(readers[0].ID(), everything()...)
		w.wantGot(readers[1].ID(), "headlines")
		if section, compact := plainIn(readers[0]), plainIn(readers[1]); section != 1 || compact != 0 {
			t.Errorf("%d and %d messages came without markup, want the cover in sections only", section, compact)
		}
	})
}

// Telegram refuses the compact message that a reader asks for: the sections follow at
// once, a later broadcast does not try it again, and the next edition does.
func TestRefusedCompactMessageThatWasAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(2)
		for _, r := range readers {
			w.setLayout(r.ID(), digest.LayoutCompact)
		}
		w.start()
		issue := w.issue(1)
		w.refuseTo(readers[0].ID(), 1)
		w.request(issue, readers[0])
		time.Sleep(time.Minute)
		w.wantGot(readers[0].ID(), everything()...)
		w.await(w.broadcast(issue), subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
			if n := plainIn(r); n != 0 {
				t.Errorf("%d messages came without markup, want none", n)
			}
		}
		w.await(w.broadcast(w.issue(2)), subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), append(everything(), "headlines")...)
		}
	})
}
