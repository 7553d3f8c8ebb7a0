package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// readers adds n people who started the bot and subscribed.
func (w *world) readers(n int) []*telegramsim.Person {
	w.t.Helper()
	people := make([]*telegramsim.Person, n)
	for i := range people {
		people[i] = w.sim.NewPerson(fmt.Sprintf("Reader %d", i))
		people[i].Write("/subscribe")
	}
	w.pass(time.Minute)
	return people
}

// audience makes n people who subscribed before, and whom the bot has told nothing: what readers
// do costs more than all the rest of a test with hundreds.
func (w *world) audience(n int) []*telegramsim.Person {
	w.t.Helper()
	people := make([]*telegramsim.Person, n)
	var joining sync.WaitGroup // those who wait for one another share a commit
	for i := range people {
		people[i] = w.sim.NewPerson(fmt.Sprintf("Reader %d", i), telegramsim.HasStarted())
		joining.Go(func() {
			if _, _, err := w.store.Subscribe(w.t.Context(), subscribers.Chat{ID: people[i].ID(), Kind: subscribers.Private}); err != nil {
				w.t.Error(err)
			}
		})
	}
	joining.Wait()
	return people
}

// finished waits until the newest broadcast is over.
func (w *world) finished() subscribers.Broadcast {
	w.t.Helper()
	for range 1000 {
		if bc, err := w.store.LastBroadcast(w.t.Context()); err == nil && !bc.FinishedAt.IsZero() {
			w.settle()
			return bc
		}
		w.settle()
	}
	w.t.Fatal("the broadcast does not end")
	return subscribers.Broadcast{}
}

func TestBroadcast(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.admin, "/broadcast"), "no issue to send yet")
		w.issue(179, "News", "Tools")
		wantText(t, w.tell(w.admin, "/broadcast"), "Nobody is subscribed yet")
		people := w.readers(200)
		m := w.tell(w.admin, "/broadcast")
		wantText(t, m, "Send this issue?", "Weekly <179> · 19 November 2021", "200 subscribers × 3 messages", "about 20 seconds at 30 per second")
		wantLabels(t, m, "📣 Send now", "Don't send", "👀 Send to me first", "🐤 First 20, then ask")

		q, err := w.admin.Press(m, "📣 Send now")
		if err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Second)
		if _, ok := q.Answer(); !ok {
			t.Error("the press was not answered at once")
		}
		w.pass(15 * time.Second)
		now, _ := w.admin.Chat().Message(m.ID)
		wantText(t, now, "Being sent", "░", "of 600 messages")
		wantLabels(t, now, "⏸ Pause | ⏹ Cancel")

		w.finished()
		now, _ = w.admin.Chat().Message(m.ID)
		wantText(t, now, "Sent", "To 200 subscribers", "✅ sent: 600 messages", "In ", "per second")
		wantLabels(t, now, "🗑 Recall what was sent")
		for _, p := range people {
			if got := len(p.Chat().FromBot()); got != 1+3 {
				t.Errorf("%s has %d messages, want the answer and the issue", p.Name(), got)
			}
		}
		if got := len(w.admin.Chat().FromBot()); got != 3 {
			t.Errorf("the admin has %q, want no further message", texts(w.admin.Chat().FromBot()))
		}

		// The same question cannot be answered twice, a new one has nobody to send to.
		answer, _ := w.afterwards(w.admin.PressData(m, "1:bgo:1"), m)
		wantText(t, telegramsim.Message{Text: answer.Text}, "took place after this question")
		wantText(t, w.tell(w.admin, "/broadcast"), "Everybody already has this issue")
	})
}

func TestBroadcastInChinese(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{w.li.ID()}
		w.issue(179, "值得关注")
		w.start()
		w.readers(2)
		m := w.tell(w.li, "/broadcast")
		wantText(t, m, "发送这一期？", "2 位订阅者 × 2 条消息", "2021年11月19日")
		_, m = w.press(w.li, m, "不发送")
		wantText(t, m, "未发送：Weekly <179> · 2021年11月19日")
		m = w.tell(w.li, "/broadcast")
		_, m = w.press(w.li, m, "📣 立即发送")
		w.finished()
		m, _ = w.li.Chat().Message(m.ID)
		wantText(t, m, "发送完成", "已发送：4 条消息")
		m = w.tell(w.li, "/status")
		wantText(t, m, "状态", "已订阅 2", "下次定时发送：格林尼治时间1月7日（星期五）09:00")
		w.tell(w.ann, "/subscribe")
		_, m = w.press(w.li, m, "🔄 刷新")
		wantText(t, m, "状态", "已订阅 3")
	})
}

func TestCanary(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(30)
		got := func() (n int) {
			for _, p := range people {
				if len(p.Chat().FromBot()) == 1+2 {
					n++
				}
			}
			return n
		}
		m := w.tell(w.admin, "/broadcast")
		said := w.said(w.admin.Chat(), func() { w.press(w.admin, m, "🐤 First 20, then ask") })
		if len(said) != 3 { // the admin is not subscribed, and gets it besides the books
			t.Fatalf("the admin got %q, want the two messages of the issue and a report", texts(said))
		}
		status := said[2]
		wantText(t, status, "The first few have it.", "38 of 60 messages")
		if n := got(); n != 19 {
			t.Errorf("%d readers have the issue, want 19 besides the admin", n)
		}
		wantText(t, w.tell(w.admin, "/audit"), "The bot by itself: paused the broadcast of Weekly <179>", "the first few had it", "Ada started the broadcast")
		w.press(w.admin, status, "▶️ Resume")
		w.finished()
		if n := got(); n != 30 {
			t.Errorf("%d readers have the issue, want 30", n)
		}
	})
}

func TestBackOut(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(1)
		m := w.tell(w.admin, "/broadcast")
		_, now := w.press(w.admin, m, "Don't send")
		wantText(t, now, "Not sent: Weekly <179>")
		wantLabels(t, now)
		w.wantNoBroadcast()
	})
}

func TestOldQuestionIsNotAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(1)
		m := w.tell(w.admin, "/broadcast")
		w.pass(2 * time.Hour)
		answer, _ := w.press(w.admin, m, "📣 Send now")
		wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
		w.wantNoBroadcast()
	})
}

// Another press after the broadcast does not say that it is under way.
func TestPressAfterTheBroadcast(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(1)
		m := w.tell(w.admin, "/broadcast")
		w.press(w.admin, m, "📣 Send now")
		w.finished()
		for _, data := range []string{labelled(t, m, "📣 Send now"), labelled(t, m, "Don't send")} {
			answer, now := w.afterwards(w.admin.PressData(m, data), m)
			wantText(t, telegramsim.Message{Text: answer.Text}, "took place after this question")
			wantText(t, now, "Sent")
		}
	})
}

func TestOnlyAdminsBroadcast(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(1)
		wantText(t, w.tell(w.ann, "/broadcast"), "I don't know what to do with that")
		group := w.sim.NewSupergroup("Friends", w.admin, w.ann)
		w.said(group, func() { group.AddBot(w.admin) })
		inGroup := w.one(group, func() { w.admin.WriteIn(group, "/help") })
		question := w.tell(w.admin, "/broadcast")
		own := w.tell(w.ann, "/start")
		for _, data := range []string{"1:bgo:1", "1:bno:1", "1:bfew:1", "1:bst", "1:bpause:1", "1:bres:1", "1:bask:1", "1:bstop:1", "1:bretry:1"} {
			for _, forged := range []struct {
				by    *telegramsim.Person
				under telegramsim.Message
			}{{w.ann, own}, {w.ann, question}, {w.ann, inGroup}, {w.admin, inGroup}, {w.admin, own}} {
				answer, now := w.afterwards(forged.by.PressData(forged.under, data), forged.under)
				wantText(t, telegramsim.Message{Text: answer.Text}, "for the admins of the bot")
				if now.Edits != 0 {
					t.Errorf("%s by %s changed a message to %q", data, forged.by.Name(), now.Text)
				}
			}
		}
		answer, _ := w.afterwards(w.li.PressData(w.tell(w.li, "/start"), "1:bgo:1"), question)
		wantText(t, telegramsim.Message{Text: answer.Text}, "仅供机器人管理员使用")
		w.wantNoBroadcast()
	})
}

func TestPauseResumeCancel(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate = 2
		w.issue(179, "News", "Tools")
		w.start()
		w.audience(60) // a minute and a half
		m := w.sendNow(5 * time.Second)
		answer, m := w.press(w.admin, m, "⏸ Pause")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Paused.")
		wantText(t, m, "Paused", "of 180 messages")
		sent := w.sim.Stats().Sent
		w.pass(time.Minute)
		if now := w.sim.Stats().Sent; now != sent {
			t.Errorf("%d messages were sent after the pause", now-sent)
		}
		status := w.tell(w.admin, "/status")
		wantText(t, status, "60 subscribed", "Paused")
		wantLabels(t, status, "▶️ Resume | ⏹ Cancel", "🔄 Refresh")
		answer, _ = w.press(w.admin, status, "▶️ Resume")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Resumed.")
		answer, _ = w.afterwards(w.admin.PressData(m, "1:bres:1"), m)
		wantText(t, telegramsim.Message{Text: answer.Text}, "Too late")

		status = w.tell(w.admin, "/status")
		wantText(t, status, "Being sent", "▓▓", "░", "2 per second, about ")
		_, asked := w.press(w.admin, status, "⏹ Cancel")
		wantText(t, asked, "Cancel it for good?")
		_, back := w.press(w.admin, asked, "Don't cancel")
		wantText(t, back, "Status", "Being sent")
		_, asked = w.press(w.admin, back, "⏹ Cancel")
		answer, _ = w.press(w.admin, asked, "⏹ Yes, cancel it")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Cancelled.")
		w.finished()
		m, _ = w.admin.Chat().Message(m.ID)
		wantText(t, m, "Cancelled", "skipped, broadcast cancelled: ")
	})
}

func TestRetryFailed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(3)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: people[1].ID(), Times: 1})
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.finished()
		m, _ := w.admin.Chat().Message(question.ID)
		wantText(t, m, "sent: 4 messages", "failed, ", "something new: 2 messages")
		answer, _ := w.press(w.admin, m, "🔁 Retry what failed")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Trying 1 delivery again.")
		w.finished()
		m, _ = w.admin.Chat().Message(m.ID)
		wantText(t, m, "sent: 6 messages")
		wantLabels(t, m, "🗑 Recall what was sent")
		answer, _ = w.afterwards(w.admin.PressData(m, "1:bretry:1"), m)
		wantText(t, telegramsim.Message{Text: answer.Text}, "Nothing failed")
	})
}

func TestLongBroadcastEndsWithAMessage(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate = 1
		w.issue(179, "News")
		w.start()
		for range 40 {
			p := w.sim.NewPerson("P")
			p.Write("/start")
			if _, _, err := w.store.Subscribe(w.t.Context(), subscribers.Chat{ID: p.ID(), Kind: subscribers.Private}); err != nil {
				w.t.Fatal(err)
			}
		}
		w.pass(2 * time.Minute)
		m := w.tell(w.admin, "/broadcast")
		said := w.said(w.admin.Chat(), func() {
			w.press(w.admin, m, "📣 Send now")
			w.finished()
		})
		if len(said) != 1 {
			w.t.Fatalf("the bot said %q, want the summary", texts(said))
		}
		wantText(t, said[0], "sent: 80 messages")
	})
}

func TestBroadcastGoesOnAfterARestart(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.audience(100)
		w.sendNow(3 * time.Second)
		w.stop()
		report := w.one(w.admin.Chat(), w.start)
		w.finished()
		report, _ = w.admin.Chat().Message(report.ID)
		wantText(t, report, "sent: 200 messages")
		for _, p := range people {
			if got := len(p.Chat().FromBot()); got != 2 {
				t.Errorf("%s has %d messages, want the issue", p.Name(), got)
			}
		}
	})
}

func TestRefusedMessageIsTold(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(2)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: something new <1>", Methods: []string{"sendMessage"}, With: telegramsim.Markup, After: 1, Times: 4})
		m := w.tell(w.admin, "/broadcast")
		said := w.said(w.admin.Chat(), func() { w.press(w.admin, m, "📣 Send now") })
		if len(said) != 1 {
			w.t.Fatalf("the bot said %q, want what Telegram refuses", texts(said))
		}
		wantText(t, said[0], "Telegram refuses message 1 of ", "It accepts a simpler form", "something new <1>")
		w.finished()
		now, _ := w.admin.Chat().Message(m.ID)
		wantText(t, now, "sent: 4 messages")
	})
}

func TestGroupThatForbidsPosting(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.tell(w.li, "/start")
		group := w.sim.NewSupergroup("Friends <3", w.li)
		w.said(group, func() { group.AddBot(w.li) })
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		wantText(t, w.one(w.li.Chat(), func() { group.MuteBot(w.li) }), "我已加入 Friends <3，但没有发言权限")
		m := w.one(w.li.Chat(), func() {
			if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
				w.t.Fatal(err)
			}
		})
		wantText(t, m, "我在 Friends <3 没有发言权限")
	})
}

func TestRefreshBeforeBroadcast(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		var trouble error
		w.config.Refresh = func(ctx context.Context) error {
			w.issue(180, "Fresh")
			return trouble
		}
		w.issue(179, "News")
		w.start()
		w.readers(1)
		m := w.tell(w.admin, "/broadcast")
		wantText(t, m, "Weekly <180>")
		trouble = fmt.Errorf("get https://example.com/bot%s/x: <gone>", w.sim.Token())
		m = w.tell(w.admin, "/broadcast")
		wantText(t, m, "Something is wrong in the sources", "https://example.com/bot***/x: <gone>", "Send this issue?")
	})
}

func TestSourceTroubleIsToldOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		check := func(err error) func() {
			return func() { w.bot.SourceChecked(w.t.Context(), "folder <a>", err) }
		}
		// An admin who never wrote to the bot cannot be told; the log says so once.
		for range 2 {
			w.said(w.admin.Chat(), check(errors.New("first")))
			w.said(w.admin.Chat(), check(nil))
		}
		if got := strings.Count(w.log.String(), "has to send the bot /start"); got != 1 {
			t.Errorf("the log names the silent admin %d times, want once", got)
		}
		w.tell(w.admin, "/start")
		wantText(t, w.one(w.admin.Chat(), check(errors.New("is <gone>"))), "Something is wrong in folder <a>: is <gone>")
		if said := w.said(w.admin.Chat(), check(errors.New("is <gone>"))); len(said) != 0 {
			t.Errorf("the bot said %q again", texts(said))
		}
		wantText(t, w.one(w.admin.Chat(), check(nil)), "All is well again in folder <a>")
		w.one(w.admin.Chat(), check(errors.New("is <gone>")))

		// New lines come first, and the end of some is no news.
		m := w.one(w.admin.Chat(), check(errors.New("is <gone>\n1.md is empty")))
		wantText(t, m, "in folder <a>: 1.md is empty\nis <gone>")
		if said := w.said(w.admin.Chat(), check(errors.New("is <gone>"))); len(said) != 0 {
			t.Errorf("the bot said %q again", texts(said))
		}
	})
}

// The troubles with hundreds of documents, and a very long title, still fit into a
// message.
func TestLongTroubleAndTitles(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		var errs []error
		for n := range 200 {
			errs = append(errs, fmt.Errorf("parse %d.md: document is empty: %s", n, strings.Repeat("why ", 200)))
		}
		trouble := errors.Join(errs...)
		w.config.Refresh = func(context.Context) error { return trouble }
		w.start()
		w.save(&digest.Issue{Key: "1", Title: strings.Repeat("题", 9000), Sections: []digest.Section{{
			Key: "news", Name: "News", Items: []digest.Item{{Title: []digest.Span{{Text: "About news"}}}},
		}}})
		w.tell(w.ann, "/subscribe")
		wantText(t, w.tell(w.admin, "/status"), "Newest issue: 题题")
		question := w.tell(w.admin, "/broadcast")
		wantText(t, question, "parse 0.md: document is empty", "parse 4.md", "… +195", "Send this issue?")
		_, dropped := w.press(w.admin, question, "Don't send")
		wantText(t, dropped, "Not sent: 题题")
		notice := w.one(w.admin.Chat(), func() { w.bot.SourceChecked(w.t.Context(), "issues", trouble) })
		wantText(t, notice, "Something is wrong in issues: parse 0.md", "… +195")
		w.tell(w.ann, "/pause 1d")
		wantText(t, w.one(w.ann.Chat(), func() { w.pass(25 * time.Hour) }), "题题", "has not come here yet. /latest brings it.")
	})
}
