package bot_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// The question counts who will get the issue, not who is subscribed.
func TestQuestionCountsTheAudience(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(3)
		people[0].Write("/latest")
		people[1].Write("/unsubscribe")
		w.settle()
		m := w.tell(w.admin, "/broadcast")
		wantText(t, m, "1 subscriber × 2 messages")
		people[2].Write("/latest") // while the admin thinks about it
		w.settle()
		answer, now := w.press(w.admin, m, "📣 Send now")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Everybody has this issue already")
		if now.Edits != 0 {
			t.Errorf("the question became %q, want it left alone", now.Text)
		}
		if _, err := w.store.LastBroadcast(w.t.Context()); !errors.Is(err, subscribers.ErrNotFound) {
			t.Errorf("LastBroadcast = %v, want none", err)
		}
	})
}

func TestQuestionStatesTheCost(t *testing.T) {
	for _, test := range []struct {
		name string
		rate int
		want []string
	}{
		// 201 messages: at 300 per second 90 % of them are paid, at 40 a quarter.
		{"fast", 300, []string{"67 subscribers × 3 messages", "about 3 seconds at 300 per second", "about 19 Telegram Stars, at most 21"}},
		{"a little faster", 40, []string{"about 5 seconds at 40 per second", "about 6 Telegram Stars, at most 21"}},
		{"within what is free", 30, []string{"costs nothing"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.Rate, w.config.Paid = test.rate, true
				w.issue(179, "News", "Tools")
				w.start()
				w.readers(67)
				wantText(t, w.tell(w.admin, "/broadcast"), test.want...)
			})
		})
	}
}

// What was bought is used, and costs no more than was said.
func TestPaidBroadcastIsPaidFor(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate, w.config.Paid = 300, true
		w.issue(179, "News")
		w.start()
		people := w.readers(200)
		w.early = 300 // edits cannot be paid for, so one may bring about a wait
		m := w.tell(w.admin, "/broadcast")
		wantText(t, m, "at most 40")
		before := w.sim.Stats().StarTenths
		w.press(w.admin, m, "📣 Send now")
		bc := w.finished()
		if took := bc.FinishedAt.Sub(bc.CreatedAt); took > 10*time.Second {
			t.Errorf("400 messages took %s at 300 per second", took)
		}
		for _, p := range people {
			got := p.Chat().FromBot()
			if len(got) != 3 || !got[0].Paid || !got[1].Paid || !got[2].Paid {
				t.Fatalf("%s got %+v, want an answer and two messages that may cost something", p.Name(), got)
			}
		}
		if cost := w.sim.Stats().StarTenths - before; cost == 0 || cost > 400 {
			t.Errorf("the broadcast cost %d tenths of a Star, want more than 0 and at most 400", cost)
		}
	})
}

// A live report for which there was no room comes up to date at the end.
func TestReportOfAPaidBroadcast(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate, w.config.Paid = 40, true
		w.issue(179, "News", "Tools")
		w.start()
		w.readers(250)
		w.early = 40
		m := w.tell(w.admin, "/broadcast")
		w.press(w.admin, m, "📣 Send now")
		w.finished()
		w.pass(time.Minute)
		now, _ := w.admin.Chat().Message(m.ID)
		wantText(t, now, "sent: 750 messages")
		if n := w.sim.Stats().Refused[429]; n == 0 {
			t.Error("no edit was told to wait: this tests nothing")
		}
	})
}

func TestIssueSentTooLongAgo(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Keep = time.Hour
		w.issue(179, "News")
		w.start()
		w.readers(1)
		w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
		w.finished()
		w.pass(25 * time.Hour)
		answer, _ := w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
		wantText(t, telegramsim.Message{Text: answer.Text}, "so long ago")
		wantText(t, w.tell(w.admin, "/status"), "sent: 2 messages")
	})
}
