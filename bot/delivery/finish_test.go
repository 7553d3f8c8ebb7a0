package delivery_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// These tests are about what happens to a broadcast after its end.

// Deliveries that are to be kept for ever are kept.
func TestDeliveriesAreKeptForEver(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, _ []*telegramsim.Person) { // keep is 0
		issue := w.issue(1)
		w.await(w.broadcast(issue), subscribers.Done)
		time.Sleep(400 * 24 * time.Hour)
		if _, err := w.store.StartBroadcast(t.Context(), issue.ID, subscribers.InPrivate(1)); !errors.Is(err, subscribers.ErrNothingToSend) {
			t.Errorf("another broadcast: %v, want it known that everybody has the issue", err)
		}
	})
}

// Admins are told that a broadcast goes on when failed deliveries are tried again, and
// how that ended.
func TestRetryIsAnnounced(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: readers[0].ID(), Times: 1})
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		sent := []int{w.books(b).Sum(subscribers.OutcomeSent)}
		if n, err := w.store.RetryFailed(t.Context(), b.ID, subscribers.InPrivate(1)); n != 1 || err != nil {
			t.Fatalf("RetryFailed = %d, %v, want 1", n, err)
		}
		w.bot.broadcaster.Wake()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
		sent = append(sent, w.books(b).Sum(subscribers.OutcomeSent))
		started, finished := w.bot.saw(delivery.EventStarted), w.bot.saw(delivery.EventFinished)
		if len(started) != 2 || len(finished) != 2 {
			t.Fatalf("%d starts and %d ends were announced, want two of each", len(started), len(finished))
		}
		for i, want := range []int{6, 12} {
			if sent[i] != want || finished[i].Broadcast.State != subscribers.Done {
				t.Errorf("end %d: %s with %d sent, want done with %d", i+1, finished[i].Broadcast.State, sent[i], want)
			}
		}
	})
}

// Books that do not balance are not closed. The broadcast pauses and says so, and the
// program tries nothing again by itself.
func TestUnbalancedBooksPause(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, _ []*telegramsim.Person) {
		b := w.broadcast(w.issue(1))
		time.Sleep(3 * time.Second)
		w.exec("UPDATE broadcasts SET messages = 7")
		b = w.await(b, subscribers.Paused)
		if b.Reason.Kind != subscribers.PausedForImbalance || b.Reason.Detail == "" {
			t.Errorf("it paused for %+v, want for its books, with the sums", b.Reason)
		}
		time.Sleep(time.Hour)
		if n := len(w.bot.saw(delivery.EventPaused)); n != 1 {
			t.Errorf("people were told %d times, want once", n)
		}
		if n := w.bot.logged("the broadcast is held up"); n != 1 {
			t.Errorf("the log says it %d times, want once", n)
		}
	})
}
