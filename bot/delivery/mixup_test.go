package delivery_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// A chat is forgotten while its message is under way, and a new one comes: that
// has nothing to do with what the other one got.
func TestNewReaderAfterAForgottenOne(t *testing.T) {
	for name, crash := range map[string]bool{"at once": false, "after a crash": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
				issue := w.issue(1)
				request := func(reader *telegramsim.Person) {
					t.Helper()
					if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, w.id(reader)); err != nil {
						t.Fatal(err)
					}
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
