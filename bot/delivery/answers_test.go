package delivery_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// What an answer, or that there was none, leaves on record for the next life of
// the program.

// A message that certainly did not arrive has had no attempt, also when the
// program is killed before the next.
func TestCrashAfterARefusal(t *testing.T) {
	for _, kind := range []telegramsim.Kind{telegramsim.TooMany, telegramsim.ServerError} {
		t.Run(string(kind), func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				remove := w.sim.Inject(telegramsim.Fault{Kind: kind, Methods: []string{"*"}, RetryAfter: 60, After: 2})
				b := w.broadcast(w.issue(1))
				w.awaitFault(kind, 1)
				w.crash()
				remove()
				w.start()
				w.await(b, subscribers.Done)
				w.wantAllOnce(b, readers)
			})
		})
	}
}

// A message without an answer has had an attempt, also after a loss of power,
// which leaves only what was committed.
func TestLossOfPowerAfterALostAnswer(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Times: 1})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"*"}})
		b := w.broadcast(w.issue(1))
		w.awaitFault(telegramsim.LoseAnswer, 1)
		time.Sleep(time.Minute)
		w.losePower()
		w.sim.ClearFaults()
		w.start()
		w.await(b, subscribers.Done)
		w.wantGot(readers[0].ID(), append([]string{"cover"}, everything()...)...)
		if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 1 {
			t.Errorf("%d messages are uncertain, want the cover", n)
		}
	})
}
