package delivery_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// For a while, Telegram refuses a third of all requests: those of a broadcast, and those
// for readers who ask, some of them again and again. Once that is over and what failed is
// tried again, everybody has everything once, and the books say so.
func TestSoakOfRefusals(t *testing.T) {
	for seed := range longtest.Rounds[uint64](1, 2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramsim.Options{Seed: seed}, 30)
				readers := w.readers(40)
				w.start()
				issue := w.issue(1)
				mend := w.sim.Inject(telegramsim.Fault{
					Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Methods: []string{"sendMessage"}, Probability: 1. / 3,
				})
				for i, r := range readers[:20] {
					w.askAgain(issue, r, i%3+1)
				}
				b := w.await(w.broadcast(issue), subscribers.Done, subscribers.Paused)
				w.crash()
				w.start()
				for _, r := range readers[:20] {
					w.askAgain(issue, r, 1)
				}
				mend()
				w.retryAll(issue, b)
				for _, r := range readers {
					w.wantGot(r.ID(), everything()...)
				}
				w.books(w.await(b, subscribers.Done))
				if left, err := w.store.FailedDeliveries(t.Context()); err != nil || len(left) != 0 {
					t.Errorf("failed are %+v, %v, want none", left, err)
				}
			})
		})
	}
}

// askAgain makes a reader ask for an issue until they have it, at most so many times.
func (w *world) askAgain(issue archive.Issue, reader *telegramsim.Person, times int) {
	w.t.Helper()
	for range times {
		d, err := w.store.Delivery(w.t.Context(), issue.ID, w.id(reader))
		if err == nil && d.State == subscribers.Delivered {
			return
		}
		if _, err := w.bot.broadcaster.Deliver(w.t.Context(), issue.ID, w.id(reader)); err != nil {
			w.t.Error(err)
		}
		time.Sleep(10 * time.Second)
	}
}

// retryAll does what an admin does until nothing is left to retry.
func (w *world) retryAll(issue archive.Issue, b subscribers.Broadcast) {
	w.t.Helper()
	if _, err := w.store.ResumeBroadcast(w.t.Context(), b.ID, subscribers.InPrivate(1)); err != nil {
		w.t.Fatal(err)
	}
	for n := 1; n > 0; {
		w.bot.broadcaster.Wake()
		time.Sleep(time.Minute)
		var err error
		if n, err = w.bot.broadcaster.Retry(w.t.Context(), issue.ID, b.ID, subscribers.InPrivate(1)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// There is an event for each reader who asked. Admins are to be told of each reason once.
func TestEventsOfRefusals(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		for i, r := range readers {
			words := telegramsim.Refusal("Forbidden: something new")
			if i == 2 {
				words = "Forbidden: something else"
			}
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: words, Chat: r.ID(), After: 4, Times: 1})
			w.request(issue, r)
			time.Sleep(10 * time.Second)
		}
		told := w.bot.saw(delivery.EventFailed)
		if len(told) != 3 {
			t.Fatalf("%d events, want one for each reader", len(told))
		}
		for i, e := range told {
			first := i != 1
			if !e.Asked || !e.Partly || !e.Kept || e.First != first || e.Chat.Chat.ID != readers[i].ID() || e.Message != 5 {
				t.Errorf("event %d is %+v", i, e)
			}
			if len(e.Missing) != 2 || e.Missing[0].Section != "Jobs" || e.Missing[1].Section != "Quotes" {
				t.Errorf("event %d says that %+v are missing, want Jobs and Quotes", i, e.Missing)
			}
		}
	})
}

// An admin tries deliveries again, and the program stops: the next start goes on.
func TestRetryOverARestart(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", After: 2, Times: 2})
		w.await(w.broadcast(issue), subscribers.Done)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 5 * time.Second})
		for _, r := range readers {
			w.request(issue, r)
		}
		time.Sleep(time.Second)
		w.bot.end()
		w.start()
		time.Sleep(2 * time.Minute)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
	})
}

// A request fails, and then the issue is corrected. The request begins anew, because it
// is not known which message of the new edition would be next.
func TestAskingAgainForWhatFailedAndWasCorrected(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", After: 2, Times: 1})
		issue := w.issue(1)
		w.askAgain(issue, readers[0], 1)
		w.longIssue(1)
		w.askAgain(issue, readers[0], 1)
		w.wantGot(readers[0].ID(), "cover", "News", "cover", "News", "Tools", "Essays 1/2", "Essays 2/2", "Jobs", "Quotes")
		if d, err := w.store.Delivery(t.Context(), issue.ID, w.id(readers[0])); err != nil || d.State != subscribers.Delivered {
			t.Errorf("the delivery is %+v, %v, want it done", d, err)
		}
	})
}
