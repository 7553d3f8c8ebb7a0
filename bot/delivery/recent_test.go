package delivery_test

import (
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/telegramsim"
)

// What counted against the limits of a chat at the end of the program still counts at the
// next start, whether the program was stopped or killed.
func TestLimitsOfChatsOverARestart(t *testing.T) {
	for _, test := range []struct {
		name  string
		group bool
		most  int           // messages that the chat takes at once
		wait  time.Duration // until there is room again
		kill  bool
	}{
		{"a person, stopped", false, 3, 3 * time.Second, false},
		{"a group, stopped", true, 20, time.Minute, false},
		{"a group, killed", true, 20, time.Minute, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramsim.Options{}, 30)
				ann := w.sim.NewPerson("Ann")
				ann.Write("/start")
				chat := ann.ID()
				if test.group {
					club := w.sim.NewGroup("Club", ann)
					club.AddBot(ann)
					chat = club.ID
				}
				say := func() {
					t.Helper()
					if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: chat, Text: "answer"}); err != nil {
						t.Fatal(err)
					}
				}
				w.start()
				for range test.most {
					say()
				}
				last := time.Now()
				if test.kill {
					time.Sleep(1500 * time.Millisecond)
					w.crash()
				} else {
					w.bot.end()
				}
				w.start()
				for range test.most {
					say()
				}
				if n := w.sim.Stats().Refused[429]; n != 0 {
					t.Errorf("Telegram refused %d messages with 429, want none", n)
				}
				if waited := time.Since(last); waited > test.wait+2*time.Second {
					t.Errorf("the next %d messages were through after %v, want soon after %v", test.most, waited, test.wait)
				}
			})
		})
	}
}

// A chat is not remembered for longer than its limits matter.
func TestRecentMessagesAreForgotten(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		if _, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: readers[0].ID(), Text: "answer"}); err != nil {
			t.Fatal(err)
		}
		kept := func() int {
			messages, err := w.store.RecentMessages(t.Context(), time.Unix(0, 0), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			return len(messages)
		}
		time.Sleep(2 * time.Second)
		if n := kept(); n != 1 {
			t.Errorf("%d messages are kept, want the one that was sent", n)
		}
		time.Sleep(2 * time.Minute)
		if n := kept(); n != 0 {
			t.Errorf("%d messages are kept two minutes later, want none", n)
		}
	})
}
