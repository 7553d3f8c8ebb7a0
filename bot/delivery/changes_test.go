package delivery_test

import (
	"slices"
	"testing"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// These tests are about what readers change in the middle of a delivery, even while a
// message is on its way.

// without returns what a reader gets who has muted some sections.
func without(muted ...string) []string {
	return slices.DeleteFunc(everything(), func(h string) bool { return slices.Contains(muted, h) })
}

// A message waits an hour for its slot, and then is not wanted any more.
func TestMutedWhileTheSlotIsWaitedFor(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 3600, After: 1, Times: 1})
		b := w.broadcast(w.issue(1))
		w.awaitFault(telegramsim.TooMany, 1)
		time.Sleep(time.Minute)
		w.mute(readers[0].ID(), "News")
		w.await(b, subscribers.Done)
		w.wantGot(readers[0].ID(), without("News")...)
		w.books(b)
	})
}

// A message that may have arrived is muted: it is not repeated, but counted. The cover
// is repeated, for readers who mute all sections then do not ask to lose it.
func TestMutedAfterAnAttempt(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault telegramsim.Fault
		mute  []string
		want  []string
	}{
		{"a section that came", telegramsim.Fault{Kind: telegramsim.LoseAnswer, After: 1}, names[:1], everything()},
		{"a section that did not", telegramsim.Fault{Kind: telegramsim.Reset, After: 1}, names[:1], without("News")},
		{"all after the cover", telegramsim.Fault{Kind: telegramsim.Hang}, names, []string{"cover"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				issue := w.issue(1)
				test.fault.Methods, test.fault.Times = []string{"sendMessage"}, 1
				w.sim.Inject(test.fault)
				b := w.broadcast(issue)
				w.awaitFault(test.fault.Kind, 1)
				w.mute(readers[0].ID(), test.mute...)
				w.await(b, subscribers.Done)
				w.wantGot(readers[0].ID(), test.want...)
				if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 1 {
					t.Errorf("%d messages are uncertain, want 1", n)
				}
			})
		})
	}
}

// A reader who mutes all sections after the cover has had the issue: the delivery is
// done, not skipped.
func TestAllMutedAfterTheCover(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		b := w.broadcast(issue)
		for len(readers[0].Chat().FromBot()) == 0 {
			time.Sleep(100 * time.Millisecond)
		}
		w.mute(readers[0].ID(), names...)
		w.await(b, subscribers.Done)
		w.wantGot(readers[0].ID(), "cover")
		d, err := w.store.Delivery(t.Context(), issue.ID, w.id(readers[0]))
		if err != nil || d.State != subscribers.Delivered || d.Muted != len(names) {
			t.Errorf("the delivery is %+v (%v), want it done with all sections muted", d.Progress, err)
		}
		w.books(b)
	})
}

// A reader who leaves or pauses while their delivery waits, and asks for the issue all
// the same, gets it.
func TestAskingAfterLeaving(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		leaves, pauses := w.reader(time.Sunday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
		issue := w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		if _, err := w.store.Unsubscribe(t.Context(), leaves.ID(), 0); err != nil {
			t.Fatal(err)
		}
		if err := w.store.Pause(t.Context(), w.id(pauses), time.Now().AddDate(0, 0, 7)); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*telegramsim.Person{leaves, pauses} {
			if state := w.request(issue, p); state != delivery.UnderWay {
				t.Fatalf("Deliver = %q, want it under way", state)
			}
		}
		until(t, "2026-11-28T10:02:00Z")
		w.wantAt(leaves, "2026-11-28T10:00:00Z")
		w.wantAt(pauses, "2026-11-28T10:00:00Z")
		w.over(b)
	})
}

// An update says that a chat is lost while the issue that it asked for is under way:
// nothing more is sent to it.
func TestLostWhileAsking(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		id := w.id(readers[0])
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, id); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2500 * time.Millisecond)
		got := w.got(readers[0].ID())
		if len(got) == 0 || len(got) == 6 {
			t.Fatalf("the reader has %q, want a part of the issue", got)
		}
		if err := w.store.MarkGone(t.Context(), readers[0].ID(), "blocked"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.wantGot(readers[0].ID(), got...)
		d, err := w.store.Delivery(t.Context(), issue.ID, id)
		if err != nil || d.State != subscribers.Skipped || d.Reason != "blocked" {
			t.Errorf("the delivery is %+v (%v), want it skipped as blocked", d.Progress, err)
		}
	})
}

// A chat is forgotten while a refusal for it is on its way. That does not affect other
// chats.
func TestForgottenWhileARefusalIsOnItsWay(t *testing.T) {
	for _, refusal := range []telegramsim.Refusal{telegramsim.BotBlocked, telegramsim.NoRightsText, telegramsim.ThreadNotFound, "Bad Request: something new"} {
		t.Run(string(refusal), func(t *testing.T) {
			inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 2 * time.Second, Chat: readers[0].ID()})
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal, Chat: readers[0].ID()})
				b := w.broadcast(w.issue(1))
				time.Sleep(1500 * time.Millisecond) // the first second is empty, and half of the delay comes before the refusal
				if err := w.store.Forget(t.Context(), readers[0].ID()); err != nil {
					t.Fatal(err)
				}
				w.await(b, subscribers.Done)
				w.wantGot(readers[1].ID(), everything()...)
				w.books(b)
				if n := w.bot.logged("the broadcast is held up"); n > 0 {
					t.Errorf("the broadcast was held up %d times", n)
				}
			})
		})
	}
}
