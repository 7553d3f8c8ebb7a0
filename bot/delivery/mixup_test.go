package delivery_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// A chat is forgotten while its message is under way, and a new chat comes. The new one
// has nothing to do with what the old one got.
func TestNewReaderAfterAForgottenOne(t *testing.T) {
	for name, crash := range map[string]bool{"at once": false, "after a crash": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
				issue := w.issue(1)
				request := func(reader *telegramsim.Person) {
					t.Helper()
					w.request(issue, reader)
				}
				request(readers[0])
				time.Sleep(3100 * time.Millisecond) // a message is under way
				if err := w.store.Forget(t.Context(), readers[0].ID()); err != nil {
					t.Fatal(err)
				}
				next := w.readers(1)[0]
				request(next)
				if crash {
					w.crash()
					w.start()
				}
				time.Sleep(time.Minute)
				got := w.got(next.ID())
				if w.wantOnce(everything(), next.ID()); len(got) < len(everything()) {
					t.Errorf("the new reader received %q, want the whole issue", got)
				}
			})
		})
	}
}

// A reader who asked for what a broadcast would bring, and then was forgotten, holds up
// no other reader.
func TestForgottenAfterAsking(t *testing.T) {
	inBubble(t, 200, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		b := w.broadcast(issue)
		time.Sleep(100 * time.Millisecond)
		last := readers[len(readers)-1]
		w.request(issue, last)
		time.Sleep(2500 * time.Millisecond)
		if err := w.store.Forget(t.Context(), last.ID()); err != nil {
			t.Fatal(err)
		}
		took := w.await(b, subscribers.Done).FinishedAt.Sub(b.CreatedAt)
		w.books(b)
		if least := time.Duration(w.sim.Stats().Sent) * time.Second / 30; took > least+3*time.Second {
			t.Errorf("the broadcast took %v, want no more than %v for its messages and some for its end", took, least)
		}
		for _, r := range readers[:len(readers)-1] {
			w.wantGot(r.ID(), everything()...)
		}
	})
}
