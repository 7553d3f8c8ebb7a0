package delivery_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func timeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

func TestChatWaitIsObeyedToTheSecond(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 3600, Chat: readers[0].ID(), After: 1, Times: 1})
		began := time.Now()
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		for i, r := range readers {
			w.wantGot(r.ID(), everything()...)
			messages := r.Chat().FromBot()
			took := messages[len(messages)-1].Date.Sub(began)
			if i == 0 && (took < time.Hour || took > time.Hour+10*time.Second) {
				t.Errorf("who had to wait an hour was done after %v", took)
			}
			if i == 1 && took > 10*time.Second {
				t.Errorf("who had not to wait was done after %v", took)
			}
		}
		if n := w.books(b).Sum(subscribers.OutcomeSent); n != 12 {
			t.Errorf("%d sent, want 12: a 429 is not an attempt", n)
		}
	})
}

// broadcastIntoWait begins a broadcast. Telegram tells all chats to wait ten minutes, and
// would let a request through after one.
func (w *world) broadcastIntoWait() (b subscribers.Broadcast, began time.Time) {
	remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600})
	began = time.Now()
	b = w.broadcast(w.issue(1))
	time.Sleep(time.Minute)
	remove()
	return b, began
}

func TestWaitsOfSeveralChatsAreOneForTheBot(t *testing.T) {
	inBubble(t, 60, func(t *testing.T, w *world, _ []*telegramsim.Person) {
		b, began := w.broadcastIntoWait()
		refused := w.sim.Stats().Faults[telegramsim.TooMany]
		if refused > 5 {
			t.Errorf("%d requests ran into the wait, want the bot to stop after a few", refused)
		}
		if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: int64(1), Text: "x"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an answer during the wait: %v, want it to give up", err)
		}
		w.await(b, subscribers.Done)
		if took := time.Since(began); took < 10*time.Minute || took > 11*time.Minute {
			t.Errorf("the broadcast took %v, want the ten minutes and some seconds", took)
		}
		w.books(b)
	})
}

func TestWaitsSurviveARestart(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 43838, Times: 1})
		began := time.Now()
		b := w.broadcast(w.issue(1))
		time.Sleep(time.Hour)
		w.bot.end()
		time.Sleep(time.Hour)
		w.start()
		w.await(b, subscribers.Done)
		first := readers[0].Chat().FromBot()[0].Date.Sub(began)
		if least := 43838 * time.Second; first < least || first > least+2*time.Second {
			t.Errorf("first message after %v, want %v", first, least)
		}
		if n := w.sim.Stats().Early; n > 0 {
			t.Errorf("%d messages came before the wait was over", n)
		}
	})
}

// Waits of several chats concern only those chats, unless they are ordered at about the
// same time.
func TestWaitsOfSingleChats(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for i, r := range readers[:2] { // one with the first message and one with the fourth
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600, Chat: r.ID(), After: 3 * i, Times: 1})
		}
		began := time.Now()
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		w.wantAllOnce(b, readers)
		for i, r := range readers {
			all := r.Chat().FromBot()
			took := all[len(all)-1].Date.Sub(began)
			if waited := took > 10*time.Minute; waited != (i < 2) || !waited && took > 11*time.Second {
				t.Errorf("reader %d was done after %v", i+1, took)
			}
		}
	})
}

// Two waits of one chat, for an answer and a delivery that are on their way at the same
// time, do not concern other chats.
func TestTwoWaitsOfOneChat(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 2 * time.Second, Chat: readers[0].ID()})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600, Chat: readers[0].ID(), Times: 2})
		began := time.Now()
		b := w.broadcast(w.issue(1))
		time.Sleep(1500 * time.Millisecond) // the first second is empty, and the cover is on its way
		if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[0].ID(), Text: "x"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an answer to the chat that waits: %v, want it to give up", err)
		}
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
		if n := w.sim.Stats().Faults[telegramsim.TooMany]; n != 2 {
			t.Errorf("%d waits were ordered, want 2", n)
		}
		all := readers[1].Chat().FromBot()
		if took := all[len(all)-1].Date.Sub(began); took > 10*time.Second {
			t.Errorf("the other reader was done after %v, want some seconds", took)
		}
	})
}

// A wait that is ordered while the program stops is obeyed by the next start.
func TestWaitOrderedWhileStopping(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 4 * time.Second}) // half of it before the refusal
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600, Times: 1})
		began := time.Now()
		b := w.broadcast(w.issue(1))
		time.Sleep(2 * time.Second)
		w.bot.end()
		w.sim.ClearFaults()
		w.start()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
		if first := readers[0].Chat().FromBot()[0].Date.Sub(began); first < 10*time.Minute {
			t.Errorf("the first message came after %v, want it after ten minutes", first)
		}
		if n := w.sim.Stats().Early; n > 0 {
			t.Errorf("%d messages came before the wait was over", n)
		}
	})
}

// A wait of the whole bot survives a restart, too.
func TestWaitOfTheBotSurvivesARestart(t *testing.T) {
	inBubble(t, 60, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		b, began := w.broadcastIntoWait()
		w.bot.end()
		w.start()
		w.await(b, subscribers.Done)
		for _, r := range readers {
			if first := r.Chat().FromBot()[0].Date.Sub(began); first < 10*time.Minute {
				t.Errorf("a message came after %v, want it after ten minutes", first)
			}
		}
		w.wantAllOnce(b, readers)
	})
}

// Two chats that are told to wait shortly after each other mean the whole bot.
func TestWaitsTogether(t *testing.T) {
	for _, test := range []struct {
		apart time.Duration
		whole bool
	}{
		{1900 * time.Millisecond, true},
		{2100 * time.Millisecond, false},
	} {
		t.Run(test.apart.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramsim.Options{}, 30)
				readers := w.readers(3)
				for _, r := range readers[:2] {
					w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 60, Chat: r.ID(), Times: 1})
				}
				w.start()
				time.Sleep(time.Minute)
				send := func(i int) {
					if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[i].ID(), Text: "x"}); err != nil {
						t.Error(err)
					}
				}
				go send(0)
				time.Sleep(test.apart)
				go send(1)
				synctest.Wait()
				asked := time.Now()
				send(2)
				if took := time.Since(asked); test.whole != (took >= time.Minute) {
					t.Errorf("the third chat's message took %v, want the wait to be the whole bot's: %v", took, test.whole)
				}
				time.Sleep(2 * time.Minute) // for the others
			})
		})
	}
}

// What the last run sent in the second before its end counts at Telegram, and the next
// run does not know of it.
func TestRestartKeepsTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		w.readers(100)
		w.start()
		b := w.broadcast(w.issue(1))
		for range 5 {
			time.Sleep(2 * time.Second)
			w.bot.end()
			w.start()
		}
		w.await(b, subscribers.Done)
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d messages, want none", n)
		}
	})
}

func TestOutageIsWaitedOut(t *testing.T) {
	for _, kind := range []telegramsim.Kind{telegramsim.ServerError, telegramsim.RefuseConnection} {
		t.Run(string(kind), func(t *testing.T) {
			inBubble(t, 50, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				b := w.broadcast(w.issue(1))
				time.Sleep(3 * time.Second)
				remove := w.sim.Inject(telegramsim.Fault{Kind: kind, Methods: []string{"*"}})
				time.Sleep(2 * time.Hour)
				if n := w.sim.Stats().Faults[kind]; n > 300 {
					t.Errorf("%d requests in two hours of outage: a hammer", n)
				}
				remove()
				began := time.Now()
				w.await(b, subscribers.Done)
				if took := time.Since(began); took > time.Minute {
					t.Errorf("after the outage it took %v", took)
				}
				for _, r := range readers {
					w.wantGot(r.ID(), everything()...)
				}
				if n := w.books(b).Sum(subscribers.OutcomeSent); n != 300 {
					t.Errorf("%d sent, want 300", n)
				}
			})
		})
	}
}

// A message whose answer is lost is repeated once, and counted.
func TestUncertainIsRepeatedOnceAndCounted(t *testing.T) {
	for _, test := range []struct {
		kind   telegramsim.Kind
		times  int
		copies int
	}{
		{telegramsim.LoseAnswer, 1, 2},
		{telegramsim.LoseAnswer, 2, 2},
		{telegramsim.LoseAnswer, 9, 2}, // of the first message; the others follow
		{telegramsim.Reset, 1, 1},
		{telegramsim.HangAfter, 1, 2},
		{telegramsim.GatewayTimeout, 1, 2},
		{telegramsim.BadJSON, 1, 2},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				reader := readers[0]
				w.sim.Inject(telegramsim.Fault{Kind: test.kind, Methods: []string{"sendMessage"}, Times: test.times})
				b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
				got := w.got(reader.ID())
				if copies := len(slices.DeleteFunc(slices.Clone(got), func(h string) bool { return h != "cover" })); copies != test.copies {
					t.Errorf("the cover came %d times, want %d", copies, test.copies)
				}
				if !slices.Equal(slices.Compact(slices.Clone(got)), everything()) {
					t.Errorf("received %q, want everything in order", got)
				}
				uncertain := (test.times + 1) / 2
				if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != uncertain {
					t.Errorf("books say %d uncertain, want %d", n, uncertain)
				}
			})
		})
	}
}

func TestStopLeavesNothingUncertain(t *testing.T) {
	inBubble(t, 40, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 300 * time.Millisecond})
		b := w.broadcast(w.issue(1))
		for range 6 {
			time.Sleep(1234 * time.Millisecond)
			w.bot.end()
			w.start()
		}
		w.await(b, subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		if n := w.books(b).Sum(subscribers.OutcomeSent); n != 240 {
			t.Errorf("%d sent, want all 240", n)
		}
	})
}

func TestWrongTokenEndsEverything(t *testing.T) {
	inBubble(t, 5, func(t *testing.T, w *world, _ []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.WrongToken, Methods: []string{"*"}})
		b := w.broadcast(w.issue(1))
		w.bot.done.Wait() // without being told to stop
		if !errors.Is(w.bot.err, sender.ErrFatal) {
			t.Errorf("the sender ended with %v, want ErrFatal", w.bot.err)
		}
		w.sim.ClearFaults()
		w.start()
		w.await(b, subscribers.Done)
		w.books(b)
	})
}

func TestABadDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{Seed: 42}, 30)
		for _, f := range telegramsim.Mixture(0.02) {
			w.sim.Inject(f)
		}
		readers := w.readers(100)
		w.start()
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		// Each message that came twice, or not at all because two attempts in a
		// row got no answer, is one the books call uncertain.
		if odd, uncertain := w.oddities(b, readers); odd > uncertain || uncertain == 0 {
			t.Errorf("%d messages came twice or not, %d are uncertain; want no more than uncertain, and some", odd, uncertain)
		}
	})
}

// A message whose answer was lost may have arrived before the chat was lost.
func TestChatLostAfterALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		reader := w.readers(1)[0]
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, After: 2, Times: 1})
		w.start()
		b := w.broadcast(w.issue(1))
		for w.sim.Stats().Faults[telegramsim.LoseAnswer] == 0 {
			time.Sleep(10 * time.Millisecond)
		}
		reader.Block()
		w.await(b, subscribers.Done)
		books := w.books(b)
		if sent, uncertain := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeUncertain); sent != 2 || uncertain != 1 {
			t.Errorf("%d sent and %d uncertain, want 2 and 1: %+v", sent, uncertain, books.Entries)
		}
	})
}

// A wait of the whole bot costs what Telegram demands, and half a second more at most.
func TestAFloodCostsLittleMore(t *testing.T) {
	took := func(floods ...telegramsim.Fault) (took time.Duration, refused int) {
		synctest.Test(t, func(t *testing.T) {
			var arrived []time.Time
			w := newWorld(t, telegramsim.Options{OnSend: func(m telegramsim.Message) { arrived = append(arrived, m.Date) }}, 30)
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 40 * time.Millisecond, MaxDelay: 120 * time.Millisecond})
			for _, f := range floods {
				w.sim.Inject(f)
			}
			readers := w.readers(100)
			w.start()
			b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
			took = arrived[len(arrived)-1].Sub(arrived[0])
			refused = w.sim.Stats().Refused[429]
			w.wantAllOnce(b, readers)
		})
		return took, refused
	}
	usual, refused := took()
	if refused != 0 {
		t.Errorf("Telegram refused %d messages with 429, want none", refused)
	}
	const wait = 3 * time.Second
	flooded, refused := took(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: int(wait.Seconds()), Global: true, After: 200, Times: 1})
	if more := flooded - usual; refused == 0 || more < wait-500*time.Millisecond || more > wait+500*time.Millisecond {
		t.Errorf("%d messages were refused, which cost %v, want %v, give or take half a second", refused, more, wait)
	}
}
