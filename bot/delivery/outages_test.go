package delivery_test

import (
	"errors"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// everyMethod lists the methods that do not work while Telegram is down, the harmless
// question included.
var everyMethod = []string{"*"}

// If Telegram takes requests and never answers, no message loses its second attempt: that
// waits until Telegram answers again.
func TestSecondAttemptsWaitForTheEndOfAnOutage(t *testing.T) {
	for _, kind := range []telegramsim.Kind{telegramsim.Reset, telegramsim.Hang} {
		t.Run(string(kind), func(t *testing.T) {
			inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
				b := w.broadcast(w.issue(1))
				time.Sleep(2500 * time.Millisecond)
				remove := w.sim.Inject(telegramsim.Fault{Kind: kind, Methods: everyMethod})
				time.Sleep(time.Hour)
				remove()
				w.await(b, subscribers.Done)
				for _, r := range readers {
					w.wantGot(r.ID(), everything()...)
				}
				if n := w.books(b).Sum(subscribers.OutcomeUncertain); n == 0 {
					t.Error("no message is uncertain, want those whose answer never came")
				}
			})
		})
	}
}

// The harmless question may get other answers than that all is well.
func TestWhatTheHarmlessQuestionBrings(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer telegramsim.Fault
		least  time.Duration // until the next message
		most   time.Duration
	}{
		{"a name", telegramsim.Fault{Kind: telegramsim.Slow}, 0, 2 * time.Second},
		{"an order to wait", telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600}, 10 * time.Minute, 10*time.Minute + time.Second},
		{"nothing", telegramsim.Fault{Kind: telegramsim.Hang}, 30 * time.Second, 32 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, After: 1, Times: 1})
				test.answer.Methods, test.answer.Times = []string{"getMe"}, 1
				w.sim.Inject(test.answer)
				b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
				w.wantAllOnce(b, readers)
				got := readers[0].Chat().FromBot()
				if gap := got[1].Date.Sub(got[0].Date) - time.Second; gap < test.least || gap > test.most {
					t.Errorf("the next message came %v later than without the outage, want %v to %v", gap, test.least, test.most)
				}
			})
		})
	}
}

// The harmless question may find out that the token is no longer good.
func TestTokenRevokedDuringAnOutage(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, _ []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Times: 1})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.WrongToken, Methods: []string{"getMe"}})
		w.broadcast(w.issue(1))
		w.bot.done.Wait() // without being told to stop
		if !errors.Is(w.bot.err, sender.ErrFatal) {
			t.Errorf("the sender ended with %v, want ErrFatal", w.bot.err)
		}
	})
}

// A long outage does not make the next one longer.
func TestOutagesAreForgotten(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		answer := func() time.Duration {
			t.Helper()
			began := time.Now()
			if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[0].ID(), Text: "answer"}); err != nil {
				t.Fatal(err)
			}
			return time.Since(began)
		}
		time.Sleep(2 * time.Second)
		remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: everyMethod})
		time.AfterFunc(time.Minute, remove)
		if took := answer(); took < time.Minute || took > 91*time.Second {
			t.Errorf("in an outage of a minute an answer took %v", took)
		}
		time.Sleep(time.Minute)
		answer()
		time.Sleep(time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Times: 1})
		if took := answer(); took > 300*time.Millisecond {
			t.Errorf("after a single bad answer the next took %v, want a quarter of a second", took)
		}
	})
}

// Answers that were given up take no slots.
func TestAbandonedAnswersTakeNoSlots(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		began := time.Now() // and the first second is left empty
		for id := range int64(100) {
			ctx, cancel := timeout(t, time.Millisecond)
			if _, err := w.bot.sender.SendMessage(ctx, &tg.SendMessageParams{ChatID: 700_000 + id, Text: "x"}); err == nil {
				t.Error("an answer went out in the first second")
			}
			cancel()
		}
		if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[0].ID(), Text: "answer"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("the answer came after %v, want it a little after the first second", took)
		}
	})
}
