package bot_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
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
		wantText(t, telegramsim.Message{Text: answer.Text}, "Everybody already has this issue")
		if now.Edits != 0 {
			t.Errorf("the question became %q, want it left alone", now.Text)
		}
		w.wantNoBroadcast()
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
				w.audience(67)
				wantText(t, w.tell(w.admin, "/broadcast"), test.want...)
			})
		})
	}
}

// A paid broadcast goes out at the pace paid for, and costs no more than was said.
func TestPaidBroadcastIsPaidFor(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate, w.config.Paid = 300, true
		w.issue(179, "News")
		w.start()
		people := w.audience(200)
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
			if len(got) != 2 || !got[0].Paid || !got[1].Paid {
				t.Fatalf("%s got %+v, want two messages that may cost something", p.Name(), got)
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
		w.audience(250)
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
		w.sendAll()
		w.pass(25 * time.Hour)
		answer, _ := w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
		wantText(t, telegramsim.Message{Text: answer.Text}, "so long ago")
		wantText(t, w.tell(w.admin, "/status"), "sent: 2 messages")
	})
}

// A question that was answered with no is over: the other button does nothing,
// pressed in the same moment or days later, in this life of the program or the
// next, by an app that still shows it.
func TestNoIsAnAnswer(t *testing.T) {
	step := longtest.Rounds(2, 1) // usually one question is answered at some of the moments, and the next at the others
	for i, test := range []struct {
		name    string
		ask     func(w *world) (by *telegramsim.Person, question telegramsim.Message)
		yes, no string
		undone  func(w *world) error // nil: nothing was done
	}{
		{"broadcast", askToSend, "📣 Send now", "Don't send", noBroadcast},
		{"canary", askToSend, "🐤 First 20, then ask", "Don't send", noBroadcast},
		{"cancel", askToCancel, "⏹ Yes, cancel it", "Don't cancel", notCancelled},
		{"merge", askToMerge, "🔗 Merge them", "Don't merge", notMerged},
		{"forget", askToForget, "🗑 Delete everything", "Keep it", notForgotten},
	} {
		moments := []string{"at once", "before it shows", "later", "after a restart"}
		for j := i % step; j < len(moments); j += step {
			when := moments[j]
			t.Run(test.name+" "+when, func(t *testing.T) {
				inWorld(t, func(w *world) {
					by, question := test.ask(w)
					yes, no := labelled(t, question, test.yes), labelled(t, question, test.no)
					refused := by.PressData(question, no)
					if when == "before it shows" {
						time.Sleep(300 * time.Millisecond)
					}
					if when == "later" || when == "after a restart" {
						w.pass(10 * time.Second)
					}
					if when == "after a restart" {
						w.stop()
						w.start()
					}
					first, second := by.PressData(question, yes), by.PressData(question, yes)
					w.pass(10 * time.Second)
					for _, q := range []*telegramsim.Query{first, second} {
						wantText(t, telegramsim.Message{Text: w.popup(q)}, "This was already answered with no")
					}
					if got := w.popup(refused); got != "" {
						t.Errorf("the no was answered by %q", got)
					}
					if err := test.undone(w); err != nil {
						t.Error(err)
					}
					now, _ := w.sim.Chat(question.Chat).Message(question.ID)
					if _, ok := now.Button(test.yes); ok {
						t.Errorf("the question still stands: %q", labels(now))
					}
				})
			})
		}
	}
}

func askToSend(w *world) (*telegramsim.Person, telegramsim.Message) {
	w.issue(179, "News")
	w.readers(30)
	return w.admin, w.tell(w.admin, "/broadcast")
}

func noBroadcast(w *world) error {
	if _, err := w.store.LastBroadcast(w.t.Context()); !errors.Is(err, subscribers.ErrNotFound) {
		return errors.New("the issue was broadcast")
	}
	return nil
}

// askToCancel asks whether to cancel a broadcast that is paused.
func askToCancel(w *world) (*telegramsim.Person, telegramsim.Message) {
	_, question := askToSend(w)
	w.admin.PressData(question, labelled(w.t, question, "📣 Send now"))
	time.Sleep(500 * time.Millisecond)
	w.admin.PressData(question, "1:bpause:1")
	w.pass(10 * time.Second)
	m, _ := w.admin.Chat().Message(question.ID)
	_, m = w.press(w.admin, m, "⏹ Cancel")
	return w.admin, m
}

func notCancelled(w *world) error {
	if bc := w.broadcast(); bc.State != subscribers.Paused {
		return errors.New("the broadcast is " + string(bc.State))
	}
	return nil
}

func askToMerge(w *world) (*telegramsim.Person, telegramsim.Message) {
	w.issue(179, "News", "Tools")
	w.issue(180, "News", "Gear")
	m := w.tell(w.admin, "/sections")
	for _, label := range []string{"🔗 Merge sections…", "Tools · 1 issue", "Gear · 1 issue"} {
		_, m = w.press(w.admin, m, label)
	}
	return w.admin, m
}

func notMerged(w *world) error {
	all, err := w.store.CountedSections(w.t.Context())
	if err == nil && len(all) != 3 {
		err = errors.New("sections were merged")
	}
	return err
}

func askToForget(w *world) (*telegramsim.Person, telegramsim.Message) {
	w.tell(w.ann, "/subscribe")
	return w.ann, w.tell(w.ann, "/forget")
}

func notForgotten(w *world) error {
	_, err := w.store.Subscriber(w.t.Context(), w.ann.ID(), 0)
	return err
}

// A no after a yes changes nothing, and does not say that nothing happened.
func TestNoAfterYes(t *testing.T) {
	inWorld(t, func(w *world) {
		_, question := askToSend(w)
		yes, no := labelled(t, question, "📣 Send now"), labelled(t, question, "Don't send")
		w.admin.PressData(question, yes)
		late := w.admin.PressData(question, no)
		w.finished()
		wantText(t, telegramsim.Message{Text: w.popup(late)}, "under way")
		now, _ := w.admin.Chat().Message(question.ID)
		wantText(t, now, "sent: 60 messages")
		w.admin.PressData(question, no)
		w.settle()
		now, _ = w.admin.Chat().Message(question.ID)
		wantText(t, now, "sent: 60 messages")
	})
	inWorld(t, func(w *world) {
		by, question := askToMerge(w)
		yes, no := labelled(t, question, "🔗 Merge them"), labelled(t, question, "Don't merge")
		by.PressData(question, yes)
		by.PressData(question, no)
		w.settle()
		now, _ := by.Chat().Message(question.ID)
		wantText(t, now, "Tools is now part of Gear")
	})
	inWorld(t, func(w *world) {
		by, question := askToForget(w)
		yes, no := labelled(t, question, "🗑 Delete everything"), labelled(t, question, "Keep it")
		by.PressData(question, yes)
		late := by.PressData(question, no)
		w.settle()
		wantText(t, telegramsim.Message{Text: w.popup(late)}, "out of date")
		now, _ := by.Chat().Message(question.ID)
		wantText(t, now, "Everything about this chat is deleted")
	})
}

// The question whether to cancel can be asked again under the same message.
func TestCancelAfterAll(t *testing.T) {
	inWorld(t, func(w *world) {
		by, question := askToCancel(w)
		_, m := w.press(by, question, "Don't cancel")
		_, m = w.press(by, m, "⏹ Cancel")
		w.press(by, m, "⏹ Yes, cancel it")
		if bc := w.broadcast(); bc.State != subscribers.Cancelled {
			t.Errorf("the broadcast is %s, want it cancelled", bc.State)
		}
	})
}

// A question that led to a broadcast is over, also when that was cancelled and
// another issue was broadcast since.
func TestQuestionOfACancelledBroadcast(t *testing.T) {
	inWorld(t, func(w *world) {
		_, question := askToSend(w)
		yes := labelled(t, question, "📣 Send now")
		w.admin.PressData(question, yes)
		w.admin.PressData(question, "1:bpause:1")
		w.admin.PressData(question, "1:bstop:1")
		w.pass(time.Minute)
		w.issue(180, "News")
		w.sendAll()
		w.admin.PressData(question, yes)
		w.pass(time.Minute)
		if bc := w.broadcast(); bc.ID != 2 {
			t.Errorf("there are %d broadcasts, want 2", bc.ID)
		}
	})
}
