package revision_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// A recall deletes what arrived, and a restored issue comes again.
func TestRecall(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.broadcast(w.issue("News: one", "Tools: two"))
		readers[0].Block()
		issue := w.newest()
		r := w.recall(issue)
		books := w.over(r)
		wantBooks(t, books, outcomes{deleted: 57, skipped: 3})
		if n := w.sim.Stats().Deleted; n != 57 {
			t.Errorf("Telegram deleted %d messages, want 57", n)
		}
		if !must(w.store.Issue(t.Context(), issue.ID))(t).Withdrawn {
			t.Error("the issue is not withdrawn")
		}
		if _, _, err := w.store.RestoreIssue(t.Context(), issue.ID, admin); err != nil {
			t.Fatal(err)
		}
		if n := must(w.store.Audience(t.Context(), issue.ID))(t); n != 19 {
			t.Errorf("the restored issue would go to %d subscribers, want 19", n)
		}
		w.broadcast(must(w.store.Issue(t.Context(), issue.ID))(t))
		w.wantAll(readers[1:], "News|one", "Tools|two")
		for _, b := range []int64{1, 2} {
			if err := must(w.store.Books(t.Context(), b))(t).Check(); err != nil {
				t.Errorf("books of broadcast %d: %v", b, err)
			}
		}
	})
}

// Two days later Telegram deletes nothing any more.
func TestRecallThatComesTooLate(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.broadcast(w.issue("News: one", "Tools: two"))
		time.Sleep(49 * time.Hour)
		books := w.over(w.recall(w.newest()))
		if n := messages(books, skipped, subscribers.ReasonLate); n != 9 {
			t.Errorf("%d messages are too old, want 9: %+v", n, books.Entries)
		}
		w.wantAll(readers, "News|one", "Tools|two")
	})
}

// A recall ends the broadcast that is under way, and a kill in the middle loses nothing.
func TestRecallDuringABroadcast(t *testing.T) {
	inBubble(t, 150, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.startBroadcast(w.issue("News: one", "Tools: two"))
		time.Sleep(5 * time.Second)
		r := w.recall(w.newest())
		time.Sleep(1500 * time.Millisecond)
		w.crash()
		time.Sleep(1200 * time.Millisecond)
		w.crash()
		w.over(r)
		left := 0
		for _, p := range readers {
			left += len(shown(p.Chat()))
		}
		books := must(w.store.Books(t.Context(), 1))(t)
		if uncertain := books.Sum(subscribers.OutcomeUncertain); left > uncertain {
			t.Errorf("%d messages are left, of which %d are uncertain", left, uncertain)
		}
	})
}

// A message whose answer was lost may be there twice, or once although nothing is on record
// of it. What cannot be deleted for that is in the books.
func TestRecallOfWhatMayHaveArrived(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue("News: one")
		lost := telegramsim.Fault{Kind: telegramsim.LoseAnswer, Methods: []string{"sendMessage"}}
		lost.Chat, lost.Times = readers[0].ID(), 1 // is repeated
		w.sim.Inject(lost)
		lost.Chat, lost.Times = readers[1].ID(), 4 // no message has an answer
		w.sim.Inject(lost)
		w.broadcast(issue)
		books := w.over(w.recall(w.newest()))
		wantBooks(t, books, outcomes{deleted: 2, skipped: 3})
		if n := messages(books, skipped, subscribers.ReasonUnknown); n != 3 {
			t.Errorf("%d messages may still be there, want 3: %+v", n, books.Entries)
		}
		if got := len(shown(readers[0].Chat())); got != 1 {
			t.Errorf("the first reader still has %d messages, want 1", got)
		}
		if _, _, err := w.store.StartRecall(t.Context(), issue.ID, admin); !errors.Is(err, subscribers.ErrNothingToRevise) {
			t.Errorf("a second recall: %v, want that there is nothing to delete", err)
		}
	})
}

// With an issue the headlines of a month may be recalled. They come with the next one.
func TestRecallOfHeadlinesOfAMonth(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		if err := w.store.SetEvery(t.Context(), w.id(readers[0].ID()), subscribers.Monthly); err != nil {
			t.Fatal(err)
		}
		w.broadcast(w.issue("News: one", "Tools: two"))
		before := len(shown(readers[0].Chat()))
		w.over(w.recall(w.newest()))
		if left := len(shown(readers[0].Chat())); before != 1 || left != 0 {
			t.Fatalf("the reader got %d messages, and has %d after the recall; want 1 and 0", before, left)
		}
		w.broadcast(w.numbered(2, "other"))
		if got := len(shown(readers[0].Chat())); got != 1 {
			t.Errorf("the next issue brings %d messages, want the headlines", got)
		}
	})
}
