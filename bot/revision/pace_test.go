package revision_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// Beside a broadcast, a correction has every other slot; alone, every one. Telegram refuses
// nothing.
func TestCorrectionSharesThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		counting, sent := false, 0
		w := newWorld(t, telegramsim.Options{OnSend: func(m telegramsim.Message) {
			mu.Lock()
			defer mu.Unlock()
			if counting && m.Edits == 0 {
				sent++
			}
		}})
		readers := w.readers(longtest.Rounds(140, 300))
		w.start()
		w.broadcast(w.issue("News: one", "Tools: two", "Essays: three", "Jobs: four", "Quotes: five"))
		issue := w.issue("News: 1", "Tools: 2", "Essays: 3", "Jobs: 4", "Quotes: 5")
		w.startBroadcast(w.numbered(2, "other"))
		r := w.correct(issue)
		time.Sleep(5 * time.Second) // until both are at full speed
		before := w.sim.Stats().Edited
		mu.Lock()
		counting = true
		mu.Unlock()
		time.Sleep(20 * time.Second)
		edits := w.sim.Stats().Edited - before
		mu.Lock()
		messages := sent
		mu.Unlock()
		if total := edits + messages; total < 20*29 || total > 20*31 || edits < messages-2 || edits > messages+2 {
			t.Errorf("in 20 seconds there were %d edits and %d messages, want as many of each, 600 together", edits, messages)
		}
		w.over(r)
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d requests with 429, want none", n)
		}
		for _, p := range readers {
			if got := shown(p.Chat()); !slices.Contains(got, "Quotes|5") {
				t.Fatalf("a reader sees %q", got)
			}
		}
	})
}

// A correction alone takes as long as the broadcast did: six messages to 300 readers at 30
// a second are a minute.
func TestCorrectionAloneIsAsFastAsABroadcast(t *testing.T) {
	readers := longtest.Rounds(100, 300)
	inBubble(t, readers, func(t *testing.T, w *world, _ []*telegramsim.Person) {
		w.broadcast(w.issue("News: one", "Tools: two", "Essays: three", "Jobs: four", "Quotes: five"))
		b := must(w.store.LastBroadcast(t.Context()))(t)
		r := w.correct(w.issue("News: 1", "Tools: 2", "Essays: 3", "Jobs: 4", "Quotes: 5"))
		books := w.over(r)
		r = must(w.store.Revision(t.Context(), r.ID))(t)
		broadcast, correction := b.FinishedAt.Sub(b.CreatedAt), r.FinishedAt.Sub(r.CreatedAt)
		// The cover does not change.
		if n := books.Sum(edited); n != readers*5 || correction > broadcast*5/6+2*time.Second {
			t.Errorf("%d messages were changed in %v, after a broadcast of %d in %v", n, correction, readers*6, broadcast)
		}
	})
}
