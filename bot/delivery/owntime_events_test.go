package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// These tests are about what else happens while readers wait for a time of their own,
// see owntime_test.go.

// Canaries do not wait, even if a crash comes before the pause.
func TestCanariesDoNotWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T09:00:00Z", func(t *testing.T, w *world) {
		canary, sunday := w.reader(time.Sunday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
		b, _, err := w.store.StartCanary(t.Context(), w.issue(1).ID, subscribers.InPrivate(canary.ID()), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.bot.broadcaster.Wake()
		// Everything is sent, and the program dies before it has paused.
		for len(canary.Chat().FromBot()) < 6 {
			time.Sleep(10 * time.Millisecond)
		}
		w.bot.broadcaster.Wake()
		w.crash()
		w.start()
		until(t, "2026-11-27T09:01:00Z")
		if got, _ := w.store.Broadcast(t.Context(), b.ID); got.State != subscribers.Paused || got.Reason.Kind != subscribers.PausedAfterCanary {
			t.Fatalf("it is %s for %q, want it paused after the canaries", got.State, got.Reason)
		}
		until(t, "2026-11-28T09:00:00Z")
		w.turn(func() (bool, error) { return w.store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		until(t, "2026-11-29T13:00:00Z")
		w.wantOnce(everything(), canary.ID())
		w.wantAt(sunday, "2026-11-29T12:00:00Z")
		w.over(b)
	})
}

// Failed deliveries are tried again before the last reader's time has come.
func TestRetryWhileReadersWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		failed, sunday := w.reader(0, "", ""), w.reader(time.Sunday, "12:00", "UTC")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: failed.ID(), Times: 1})
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.wantGot(failed.ID())
		if n, err := w.store.RetryFailed(t.Context(), b.ID, subscribers.InPrivate(1)); n != 1 || err != nil {
			t.Fatalf("RetryFailed = %d, %v, want 1", n, err)
		}
		w.bot.broadcaster.Wake()
		until(t, "2026-11-29T13:00:00Z")
		w.wantAt(failed, "2026-11-28T10:00:00Z")
		w.wantAt(sunday, "2026-11-29T12:00:00Z")
		w.over(b)
	})
}

// A clock that was a year ahead has been put right since.
func TestOwnTimeOfAWrongClock(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		sunday := w.reader(time.Sunday, "12:00", "UTC")
		w.issue(1)
		b := w.schedule("2027-11-26T09:00:00Z")
		until(t, "2026-11-27T08:01:00Z")
		w.wantGot(sunday.ID(), everything()...)
		w.over(b)
	})
}

// A reader who asks while their delivery waits gets the issue at once and only once, even
// over a crash in the middle.
func TestAskingWhileWaiting(t *testing.T) {
	for _, crash := range []bool{false, true} {
		t.Run(fmt.Sprintf("crash %v", crash), func(t *testing.T) {
			inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
				asks, sunday := w.reader(time.Sunday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
				issue := w.issue(1)
				until(t, friday)
				b := w.schedule(friday)
				until(t, "2026-11-28T10:00:00Z")
				if state := w.request(issue, asks); state != delivery.UnderWay {
					t.Fatalf("Deliver = %q, want it under way", state)
				}
				if crash {
					time.Sleep(2500 * time.Millisecond) // in the middle of it
					w.crash()
					w.start()
				}
				until(t, "2026-11-28T10:02:00Z")
				w.wantOnce(everything(), asks.ID())
				later, err := w.store.OwnTimes(t.Context(), b.ID)
				if err != nil || later.Subscribers != 1 {
					t.Errorf("%d wait (%v), want the other one", later.Subscribers, err)
				}
				until(t, "2026-11-29T13:00:00Z")
				w.wantOnce(everything(), asks.ID())
				w.wantAt(sunday, "2026-11-29T12:00:00Z")
				w.over(b)
			})
		})
	}
}

// A reader's request is carried while the broadcast is cancelled: the books
// stay open until it is over.
func TestCancelWhileAReaderAsks(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		asks := w.reader(time.Sunday, "12:00", "UTC")
		issue := w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.request(issue, asks)
		time.Sleep(1500 * time.Millisecond)
		w.turn(func() (bool, error) { return w.store.CancelBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		until(t, "2026-11-28T10:01:00Z")
		w.wantGot(asks.ID(), everything()...)
		if books := w.books(b); books.Sum(subscribers.OutcomeSent) != 6 {
			t.Errorf("books are %+v, want what the reader got in them", books)
		}
		if got, _ := w.store.Broadcast(t.Context(), b.ID); got.State != subscribers.Cancelled || got.FinishedAt.IsZero() {
			t.Errorf("it is %s, finished %v", got.State, got.FinishedAt)
		}
	})
}

// What readers change while they wait counts.
func TestChangesWhileReadersWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		var people []*telegramsim.Person
		for range 6 {
			people = append(people, w.reader(time.Sunday, "12:00", "UTC"))
		}
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		ctx := t.Context()
		unsubscribes, pauses, mutes, forgets, returns, blocks := people[0], people[1], people[2], people[3], people[4], people[5]
		w.mute(mutes.ID(), "News")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []*telegramsim.Person{unsubscribes, returns} {
			_, err := w.store.Unsubscribe(ctx, p.ID(), 0)
			must(err)
		}
		w.subscribe(subscribers.Chat{ID: returns.ID(), Kind: subscribers.Private})
		must(w.store.Pause(ctx, w.id(pauses), time.Now().AddDate(0, 0, 7)))
		must(w.store.Forget(ctx, forgets.ID()))
		blocks.Block()
		until(t, "2026-11-29T13:00:00Z")
		w.wantGot(unsubscribes.ID())
		w.wantGot(pauses.ID())
		w.wantGot(mutes.ID(), slices.DeleteFunc(everything(), func(h string) bool { return h == "News" })...)
		w.wantGot(forgets.ID())
		w.wantAt(returns, "2026-11-29T12:00:00Z")
		w.wantGot(blocks.ID())
		got := make(map[string]int)
		for _, e := range w.over(b).Entries {
			got[string(e.Outcome)+" "+string(e.Reason)] = e.Messages
		}
		for entry, n := range map[string]int{
			"sent ": 11, "skipped muted": 1, "skipped unsubscribed": 6, "skipped paused": 6, "skipped forgotten": 6, "skipped blocked": 6,
		} {
			if got[entry] != n {
				t.Errorf("%s: %d messages, want %d", entry, got[entry], n)
			}
		}
	})
}

// A reader who chooses another time while the issue waits gets it at that time.
func TestAnotherTimeWhileWaiting(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		sooner, later := w.reader(time.Wednesday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
		none, done := w.reader(time.Sunday, "12:00", "UTC"), w.reader(time.Friday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.choose(sooner, time.Saturday, "20:00", "Asia/Shanghai")
		w.choose(later, time.Tuesday, "08:00", "UTC")
		w.choose(done, time.Tuesday, "08:00", "UTC")
		if err := w.store.SetDeliveryTime(t.Context(), w.id(none), subscribers.DeliveryTime{}); err != nil {
			t.Fatal(err)
		}
		until(t, "2026-12-04T13:00:00Z")
		w.wantAt(sooner, "2026-11-28T12:00:00Z")
		w.wantAt(later, "2026-12-01T08:00:00Z")
		w.wantAt(done, "2026-11-27T12:00:00Z")
		w.wantGot(none.ID(), everything()...)
		if at := none.Chat().FromBot()[0].Date; at.Sub(moment(t, "2026-11-28T10:00:00Z")) > 70*time.Second {
			t.Errorf("back with the schedule the issue came at %v, want it within about a minute", at)
		}
		w.over(b)
	})
}

// The last waiting reader is forgotten: no reader's time is left to wait for.
func TestNobodyWaitsAnyMore(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		p := w.reader(time.Sunday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		if err := w.store.Forget(t.Context(), p.ID()); err != nil {
			t.Fatal(err)
		}
		until(t, "2026-11-28T10:02:00Z")
		w.over(b)
	})
}

// The estimate covers the readers whose time has come.
func TestProgressLeavesOutWhoWaits(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		w.readers(100)
		for range 100 {
			w.reader(time.Sunday, "12:00", "UTC")
		}
		w.issue(1)
		until(t, friday)
		w.schedule(friday)
		time.Sleep(10 * time.Second)
		p, ok := w.bot.broadcaster.Tally()
		if !ok || p.Total != 1200 || p.Remaining < 8*time.Second || p.Remaining > 14*time.Second {
			t.Errorf("progress is %+v, want about ten seconds more: 600 messages at 30 a second, not 1200", p)
		}
	})
}

// A reader's time comes between the last look for what is pending and the end.
func TestDueAtTheVeryEnd(t *testing.T) {
	for offset := range 12 {
		t.Run(fmt.Sprint(offset), func(t *testing.T) {
			inOwnTime(t, "2026-11-27T08:59:40Z", func(t *testing.T, w *world) {
				first := w.reader(0, "", "")
				last := w.reader(time.Friday, "09:00", "UTC")
				issue := w.issue(1)
				// The first one takes a little over five seconds.
				time.Sleep(time.Until(moment(t, friday)) - 6*time.Second + time.Duration(offset)*100*time.Millisecond)
				b := w.broadcast(issue)
				until(t, "2026-11-27T09:01:00Z")
				w.wantGot(first.ID(), everything()...)
				w.wantGot(last.ID(), everything()...)
				w.over(b)
			})
		})
	}
}

// Two broadcasts wait, and the reader of the first comes first, at a time that is not a
// whole number of minutes after any event.
func TestFirstOfTwoThatWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		saturday, sunday := w.reader(time.Saturday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		w.schedule(friday)
		until(t, "2026-11-27T09:30:30Z")
		if _, err := w.store.Unsubscribe(t.Context(), saturday.ID(), 0); err != nil {
			t.Fatal(err)
		}
		w.broadcast(w.issue(2)) // to the other one
		w.subscribe(subscribers.Chat{ID: saturday.ID(), Kind: subscribers.Private})
		until(t, "2026-11-28T13:00:00Z")
		w.wantAt(saturday, "2026-11-28T12:00:00Z")
		w.wantGot(sunday.ID())
		until(t, "2026-11-29T13:00:00Z")
		if a, b := len(firstOf(sunday, 1)), len(firstOf(sunday, 2)); a != 6 || b != 6 {
			t.Errorf("the other one has %d and %d messages of the issues, want six of each", a, b)
		}
	})
}
