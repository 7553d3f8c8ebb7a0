package delivery_test

import (
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// A bot that guards a group deletes what this bot posts at once, and Telegram says so with
// a 500. The message is not posted again, and other chats do not wait.
func TestMessagesThatAreDeletedAtOnce(t *testing.T) {
	for _, layout := range layouts {
		t.Run(string(layout), func(t *testing.T) {
			inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.setLayout(readers[0].ID(), layout)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.DeleteAtOnce, Chat: readers[0].ID()})
				want := len(everything())
				if layout == digest.LayoutCompact {
					want = 1
				}
				b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
				if got := readers[0].Chat().FromBot(); len(got) != want || !got[0].Deleted {
					t.Errorf("the strict chat was sent %d messages, want %d that were deleted", len(got), want)
				}
				w.wantAllOnce(b, readers[1:])
				if n := w.books(b).Sum(subscribers.OutcomeSent); n != 19*6+want {
					t.Errorf("books say %d sent, want all", n)
				}
				if n := w.sim.Stats().Calls["getme"]; n != 0 {
					t.Errorf("the bot asked %d times whether Telegram is down, want never", n)
				}
			})
		})
	}
}

func TestAnswerThatIsDeletedAtOnce(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.DeleteAtOnce})
		m, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[0].ID(), Text: "answer"})
		if err != nil || m.ID != 0 || m.Chat.ID != readers[0].ID() {
			t.Errorf("the message is %+v (%v), want one without an id in the reader's chat", m, err)
		}
		if n := len(readers[0].Chat().FromBot()); n != 1 {
			t.Errorf("it was sent %d times, want once", n)
		}
	})
}

// odd is a 500 that does not say what became of the request.
const odd telegramsim.Refusal = "Internal Server Error: something new"

// A chat that Telegram never serves does not make others wait, and is given up after more
// than an hour. So a part of Telegram may fail for that long.
func TestChatThatIsNeverServed(t *testing.T) {
	for name, fault := range map[string]telegramsim.Fault{
		"Telegram says 500": {Kind: telegramsim.Refuse, Refusal: odd},
		"a proxy says 502":  {Kind: telegramsim.ServerError},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 40, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				fault.Chat = readers[0].ID()
				w.sim.Inject(fault)
				began := time.Now()
				b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
				took := time.Since(began)
				if took < time.Hour || took > 2*time.Hour {
					t.Errorf("the broadcast was over after %v, want it to wait for the chat for an hour", took)
				}
				if n := w.sim.Stats().Faults[fault.Kind]; n < 10 || n > 20 {
					t.Errorf("the chat was tried %d times, want about sixteen", n)
				}
				for _, r := range readers[1:] {
					w.wantGot(r.ID(), everything()...)
					all := r.Chat().FromBot()
					if last := all[len(all)-1].Date.Sub(began); last > 12*time.Second {
						t.Errorf("another reader was done after %v, want no more than the pace asks for", last)
					}
				}
				books := w.books(b)
				if sent, failed := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeFailed); sent != 39*6 || failed != 6 {
					t.Errorf("books say %d sent and %d failed, want only the chat's to fail", sent, failed)
				}
			})
		})
	}
}

// While no chat is served, none is given up, whatever Telegram says of itself.
func TestNobodyIsGivenUpWhileNobodyIsServed(t *testing.T) {
	for name, methods := range map[string][]string{"nothing works": everyMethod, "nothing can be sent": nil} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				b := w.broadcast(w.issue(1))
				time.Sleep(2500 * time.Millisecond)
				remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: odd, Methods: methods})
				time.Sleep(3 * time.Hour)
				if n := w.sim.Stats().Faults[telegramsim.Refuse]; n > 2000 {
					t.Errorf("%d requests in three hours: a hammer", n)
				}
				remove()
				began := time.Now()
				w.await(b, subscribers.Done)
				if took := time.Since(began); took > 11*time.Minute {
					t.Errorf("after the outage it took %v", took)
				}
				w.wantAllOnce(b, readers)
			})
		})
	}
}

// One chat alone is left of a broadcast, so there is none to compare it with.
func TestOnlyChatIsGivenUpAfterAnHour(t *testing.T) {
	for minutes, want := range map[int]subscribers.Outcome{55: subscribers.OutcomeSent, 600: subscribers.OutcomeFailed} {
		inBubble(t, 1, func(t *testing.T, w *world, _ []*telegramsim.Person) {
			remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: odd})
			time.AfterFunc(time.Duration(minutes)*time.Minute, remove)
			b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
			if n := w.books(b).Sum(want); n != 6 {
				t.Errorf("after %d minutes of errors %d messages are %s, want all", minutes, n, want)
			}
		})
	}
}

// An answer in a chat that Telegram does not serve is given up after two minutes, and
// other chats do not notice.
func TestAnswersBesideAChatThatIsNeverServed(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		time.Sleep(time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: odd, Chat: readers[0].ID()})
		answer := func(r *telegramsim.Person) (time.Duration, error) {
			began := time.Now()
			_, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: r.ID(), Text: "answer"})
			return time.Since(began), err
		}
		over := make(chan struct{})
		go func() {
			defer close(over)
			if took, err := answer(readers[0]); err == nil || took > 2*time.Minute {
				t.Errorf("the chat that is not served is let go after %v (%v), want two minutes", took, err)
			}
		}()
		for range 60 {
			time.Sleep(1100 * time.Millisecond)
			if took, err := answer(readers[1]); err != nil || took > 300*time.Millisecond { // Telegram is asked once how it is
				t.Errorf("an answer beside it took %v (%v)", took, err)
			}
		}
		<-over
		if n := w.sim.Stats().Faults[telegramsim.Refuse]; n > 10 {
			t.Errorf("it was tried %d times, want a few", n)
		}
	})
}
