package delivery_test

import (
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// These tests are about what an answer, or its absence, leaves on record for the next
// life of the program.

// A message that certainly did not arrive has had no attempt, even if the program is
// killed before the next attempt.
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

// A message without an answer has had an attempt, even after a loss of power, which
// leaves only what was committed.
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

// A message may have arrived before its chat was lost: the books do not call it
// skipped. After the last message nothing is left to skip.
func TestLostAfterALostAnswer(t *testing.T) {
	for before, want := range map[int]subscribers.DeliveryState{1: subscribers.Skipped, 5: subscribers.Delivered} {
		inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, After: before, Times: 1})
			issue := w.issue(1)
			b := w.broadcast(issue)
			w.awaitFault(telegramsim.LoseAnswer, 1)
			readers[0].Block()
			w.await(b, subscribers.Done)
			w.wantGot(readers[0].ID(), everything()[:before+1]...)
			books := w.books(b)
			sent, uncertain, skipped := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeUncertain), books.Sum(subscribers.OutcomeSkipped)
			if sent != before || uncertain != 1 || skipped != 5-before {
				t.Errorf("books say %d sent, %d uncertain, %d skipped; want %d, 1, %d", sent, uncertain, skipped, before, 5-before)
			}
			if d, err := w.store.Delivery(t.Context(), issue.ID, w.id(readers[0])); err != nil || d.State != want {
				t.Errorf("the delivery is %s (%v), want %s", d.State, err, want)
			}
		})
	}
}

// A reader who has the issue and asks once more gets it, and nothing is recorded: so it
// goes out even if the disk is full.
func TestAskingAgainLeavesNoRecord(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		w.await(w.broadcast(issue), subscribers.Done)
		mend := w.spoilFile()
		if state := w.request(issue, readers[0]); state != delivery.Again {
			t.Fatalf("Deliver = %q, want it again", state)
		}
		time.Sleep(10 * time.Second)
		w.wantGot(readers[0].ID(), append(everything(), everything()...)...)
		mend()
	})
}

// A reader who asks once more gets the corrected issue.
func TestAskingAgainAfterACorrection(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.await(w.broadcast(w.issue(1)), subscribers.Done)
		corrected := w.longIssue(1)
		if state := w.request(corrected, readers[0]); state != delivery.Again {
			t.Fatalf("Deliver = %q, want it again", state)
		}
		time.Sleep(10 * time.Second)
		w.wantGot(readers[0].ID(), append(everything(), "cover", "News", "Tools", "Essays 1/2", "Essays 2/2", "Jobs", "Quotes")...)
		d, err := w.store.Delivery(t.Context(), corrected.ID, w.id(readers[0]))
		if err != nil || len(d.Arrived) != 13 {
			t.Fatalf("the delivery holds %v, %v, want both copies", d.Arrived, err)
		}
		last := readers[0].Chat().FromBot()[12].ID
		if want := (subscribers.Arrived{Position: 6, ID: last, Edition: 2, Layout: digest.LayoutSections, Copy: 1}); d.Arrived[12] != want {
			t.Errorf("the last message on record is %+v, want %+v", d.Arrived[12], want)
		}
	})
}

// If a reader asks once more for an issue that failed, it goes on from where it failed,
// whatever an admin does meanwhile.
func TestAskingAgainForWhatFailed(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", After: 2, Times: 1})
		issue := w.issue(1)
		b := w.await(w.broadcast(issue), subscribers.Done)
		if state := w.request(issue, readers[0]); state != delivery.Started {
			t.Fatalf("Deliver = %q, want it started", state)
		}
		if n, err := w.bot.broadcaster.Retry(t.Context(), issue.ID, b.ID, subscribers.InPrivate(1)); n != 0 || err != nil {
			t.Fatalf("Retry = %d, %v, want 0", n, err)
		}
		time.Sleep(10 * time.Second)
		w.wantGot(readers[0].ID(), everything()...)
		if n := w.books(b).Sum(subscribers.OutcomeSent); n != 6 {
			t.Errorf("books say %d sent, want 6", n)
		}
	})
}

// Requests that were held up go on, each with a record of its own, even if another came
// in between. A crash cuts off three messages, and all three are counted.
func TestHeldUpRequestsHaveRecordsOfTheirOwn(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		ask := func(r *telegramsim.Person) {
			t.Helper()
			w.request(issue, r)
		}
		mend := w.spoilFile()
		ask(readers[0])
		ask(readers[1])
		time.Sleep(2 * time.Second) // they try again in some seconds
		mend()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 20 * time.Second})
		ask(readers[2])
		time.Sleep(10 * time.Second)
		w.crash()
		w.sim.ClearFaults()
		w.start()
		time.Sleep(30 * time.Second)
		for i, r := range readers {
			w.wantGot(r.ID(), append([]string{"cover"}, everything()...)...)
			if d, err := w.store.Delivery(t.Context(), issue.ID, w.id(r)); err != nil || d.Uncertain != 1 {
				t.Errorf("of delivery %d %d messages are uncertain (%v), want the cover", i+1, d.Uncertain, err)
			}
		}
	})
}

// A reader asks for the issue after the broadcast has read their delivery, but before
// it has begun it. When its turn comes, the reader has the issue.
func TestAskingBeforeTheTurnComes(t *testing.T) {
	inBubble(t, 190, func(t *testing.T, w *world, readers []*telegramsim.Person) { // a batch, and more than the window holds
		issue := w.issue(1)
		b := w.broadcast(issue)
		time.Sleep(100 * time.Millisecond)
		last := readers[len(readers)-1]
		if state := w.request(issue, last); state != delivery.UnderWay {
			t.Fatalf("Deliver = %q, want it under way", state)
		}
		time.Sleep(12 * time.Second)
		w.wantGot(last.ID(), everything()...)
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// A reader asks again while the next start still reads what the crash left in the
// progress file, so the database does not know yet which messages they have.
func TestAskingDuringTheStart(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		id := w.id(readers[0])
		mend := w.spoil("1")
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, id); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3500 * time.Millisecond)
		w.crash()
		mend()
		next := w.prepare()
		answered := make(chan error, 1)
		go func() {
			_, err := next.broadcaster.Deliver(t.Context(), issue.ID, id)
			answered <- err
		}()
		synctest.Wait()
		w.run(next)
		if err := <-answered; err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		w.wantGot(readers[0].ID(), everything()...)
	})
}
