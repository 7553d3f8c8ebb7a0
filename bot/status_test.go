package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// inThree runs test while three broadcasts are not over: 179 waits for a reader
// who chose noon, 180 is paused, and 181 is being sent to sixty others, two
// messages to each, two in a second. It is for two admins.
func inThree(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 7, 8, 0, 0, 0, time.UTC)))
		w.config.Admins = []int64{adminID, w.li.ID()}
		w.config.Rate = 2
		w.start()
		w.tell(w.li, "/start")
		people := w.readers(61)
		w.chooseNoon(people[60])
		w.send(179)
		w.pass(2 * time.Minute)
		w.pressNow(w.admin, w.send(180), "1:bpause:2")
		w.send(181)
		w.pass(15 * time.Second)
		test(w)
	})
}

func (w *world) chooseNoon(p *telegramsim.Person) {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	own := subscribers.DeliveryTime{Weekday: time.Friday, Minute: 12 * 60, Zone: "UTC"}
	if err := w.store.SetDeliveryTime(w.t.Context(), sub.ID, own); err != nil {
		w.t.Fatal(err)
	}
}

// send archives an issue and has the admin send it. It returns the question,
// which is the live report now.
func (w *world) send(number int) telegramsim.Message {
	w.t.Helper()
	w.issue(number, "News")
	return w.sendNow(2 * time.Second)
}

func (w *world) wantBroadcast(id int64, want subscribers.BroadcastState) {
	w.t.Helper()
	bc, err := w.store.Broadcast(w.t.Context(), id)
	if err != nil || bc.State != want {
		w.t.Errorf("broadcast %d is %s, %v, want it %s", id, bc.State, err, want)
	}
}

// now is a message as it is now.
func (w *world) now(m telegramsim.Message) telegramsim.Message {
	m, _ = w.sim.Chat(m.Chat).Message(m.ID)
	return m
}

// wantInTurn checks that a message has the parts, in this order.
func wantInTurn(t testing.TB, m telegramsim.Message, parts ...string) {
	t.Helper()
	rest := m.Text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("message is %q, want %q in it, in the order of %q", m.Text, part, parts)
			return
		}
		rest = after
	}
}

// The status tells of each of three broadcasts what it does, in both languages,
// and has buttons for each.
func TestStatusOfThreeBroadcasts(t *testing.T) {
	inThree(t, func(w *world) {
		status := w.tell(w.admin, "/status")
		wantInTurn(t, status, "Status", "61 subscribed",
			"Waiting for readers' own times", "Weekly <179>", "120 of 122 messages", "1 subscriber chose a later time; the last is due on Friday, 7 January, 12:00",
			"Paused", "Weekly <180>", " of 122 messages",
			"Being sent", "Weekly <181>", " of 122 messages")
		wantLabels(t, status, "⏸ Pause 179 | ⏹ Cancel 179", "▶️ Resume 180 | ⏹ Cancel 180", "⏸ Pause 181 | ⏹ Cancel 181", "🔄 Refresh")
		if n := strings.Count(status.Text, "\n"); n > 25 {
			t.Errorf("the status has %d lines: %s", n+1, status.Text)
		}
		status = w.tell(w.li, "/status")
		wantInTurn(t, status, "状态", "等待读者各自的接收时间", "Weekly <179>", "120/122 条消息", "1 位订阅者选择了稍后接收",
			"已暂停", "Weekly <180>", "正在发送", "Weekly <181>")
		wantLabels(t, status, "⏸ 暂停 179 | ⏹ 取消 179", "▶️ 继续 180 | ⏹ 取消 180", "⏸ 暂停 181 | ⏹ 取消 181", "🔄 刷新")
	})
}

// A broadcast that goes on after a pause waits for its turn while another is being sent.
func TestStatusOfABroadcastThatWaitsForItsTurn(t *testing.T) {
	inThree(t, func(w *world) {
		w.pressNow(w.admin, w.tell(w.admin, "/status"), "1:bpause:3")
		w.pressNow(w.admin, w.tell(w.admin, "/status"), "1:bres:2")
		_, status := w.press(w.admin, w.tell(w.admin, "/status"), "▶️ Resume 181")
		wantInTurn(t, status, "Weekly <179>", "Being sent", "Weekly <180>", "Waiting for its turn", "Weekly <181>")
		wantText(t, w.tell(w.li, "/status"), "排队等待发送")
	})
}

// Each button is about its own broadcast, and the status stays one.
func TestButtonsOfThreeBroadcasts(t *testing.T) {
	inThree(t, func(w *world) {
		status := w.tell(w.admin, "/status")
		answer, status := w.press(w.admin, status, "⏸ Pause 179")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Paused.")
		wantLabels(t, status, "▶️ Resume 179 | ⏹ Cancel 179", "▶️ Resume 180 | ⏹ Cancel 180", "⏸ Pause 181 | ⏹ Cancel 181", "🔄 Refresh")
		w.wantBroadcast(1, subscribers.Paused)
		w.wantBroadcast(3, subscribers.Running)

		_, asked := w.press(w.admin, status, "⏹ Cancel 180")
		wantText(t, asked, "Weekly <180>", "Cancel it for good?")
		_, status = w.press(w.admin, asked, "⏹ Yes, cancel it")
		wantInTurn(t, status, "Status", "Weekly <179>", "Being sent", "Weekly <181>")
		wantLabels(t, status, "▶️ Resume 179 | ⏹ Cancel 179", "⏸ Pause 181 | ⏹ Cancel 181", "🔄 Refresh")
		w.wantBroadcast(2, subscribers.Cancelled)
		w.wantBroadcast(1, subscribers.Paused)
		w.wantBroadcast(3, subscribers.Running)

		_, asked = w.press(w.admin, status, "⏹ Cancel 181")
		_, back := w.press(w.admin, asked, "Don't cancel")
		wantLabels(t, back, "▶️ Resume 179 | ⏹ Cancel 179", "⏸ Pause 181 | ⏹ Cancel 181", "🔄 Refresh")
	})
}

// Old statuses, double presses and two admins at once change nothing twice, and
// nothing else.
func TestStaleButtonsOfThreeBroadcasts(t *testing.T) {
	inThree(t, func(w *world) {
		old, theirs := w.tell(w.admin, "/status"), w.tell(w.li, "/status")
		w.pressNow(w.admin, old, "1:bstop:2")
		for _, data := range []string{"1:bstop:2", "1:bask:2", "1:bres:2", "1:bpause:2", "1:bretry:2"} {
			for range 2 {
				if got := w.pressNow(w.li, theirs, data); got != "晚了一步，状态已经变了。" && (data != "1:bretry:2" || got != "没有发送失败的消息，无需重发。") {
					t.Errorf("%s was answered by %q", data, got)
				}
			}
		}
		w.wantBroadcast(1, subscribers.Running)
		w.wantBroadcast(2, subscribers.Cancelled)
		w.wantBroadcast(3, subscribers.Running)

		first, second := w.admin.PressData(old, "1:bpause:1"), w.li.PressData(theirs, "1:bpause:1")
		w.pass(time.Second)
		if a, b := w.popup(first), w.popup(second); (a == "Paused.") == (b == "已暂停。") {
			t.Errorf("the presses of two admins were answered by %q and %q, want one of them too late", a, b)
		}
		w.wantBroadcast(1, subscribers.Paused)
		w.wantBroadcast(3, subscribers.Running)
		w.settle()
		for m, want := range map[*telegramsim.Message]string{&old: "▶️ Resume 179 | ⏹ Cancel 179", &theirs: "▶️ 继续 179 | ⏹ 取消 179"} {
			wantRow(t, w.now(*m), want)
		}
	})
}

// The status is kept up to date until the last of them is over. The end of each
// is told by a message as well.
func TestStatusFollowsAllBroadcasts(t *testing.T) {
	inThree(t, func(w *world) {
		status := w.tell(w.li, "/status")
		before := len(w.li.Chat().FromBot())
		w.pressNow(w.li, status, "1:bstop:2")
		w.pass(2 * time.Minute)
		wantInTurn(t, w.now(status), "等待读者各自的接收时间", "Weekly <179>", "等待读者各自的接收时间", "Weekly <181>", "120/122 条消息")

		w.pressNow(w.admin, w.tell(w.admin, "/status"), "1:bstop:1")
		w.pass(2 * time.Minute)
		wantInTurn(t, w.now(status), "等待读者各自的接收时间", "Weekly <181>", "发送给 61 位订阅者")
		wantLabels(t, w.now(status), "⏸ 暂停 | ⏹ 取消", "🔄 刷新")
		w.pass(6 * time.Hour)
		wantInTurn(t, w.now(status), "发送完成", "Weekly <181>", "已发送：122 条消息")
		ends := 0
		for _, m := range w.li.Chat().FromBot()[before:] {
			if strings.Contains(m.Text, "已取消") || strings.Contains(m.Text, "发送完成") {
				ends++
			}
		}
		if ends != 3 {
			t.Errorf("the other admin was told of %d ends in %q, want all three", ends, texts(w.li.Chat().FromBot()[before:]))
		}
	})
}

// The report on a broadcast that was just sent is not on one that waits.
func TestReportBesideABroadcastThatWaits(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 7, 8, 0, 0, 0, time.UTC)))
		w.config.Rate = 2
		w.start()
		late := w.readers(10)[9]
		w.chooseNoon(late)
		w.send(179)
		w.pass(time.Minute)
		w.issue(180, "News")
		w.said(late.Chat(), func() { late.Write("/latest") }) // so that it need not wait for them
		question := w.tell(w.admin, "/broadcast")
		answer, report := w.press(w.admin, question, "📣 Send now")
		wantText(t, report, "Weekly <180>")
		if answer.Text != "" {
			t.Errorf("the press was answered by %q", answer.Text)
		}
		w.pass(30 * time.Second)
		w.wantBroadcast(2, subscribers.Done)
		wantInTurn(t, w.now(report), "Sent", "Weekly <180>", "sent: 18 messages")
		wantText(t, w.tell(w.admin, "/status"), "Waiting for readers' own times", "Weekly <179>", "sent: 18 messages")
	})
}

// Failures are counted in the status of several, and can be tried again from it.
func TestRetryInTheStatusOfSeveral(t *testing.T) {
	inThree(t, func(w *world) {
		w.exec(`
			UPDATE deliveries
			SET state = 'failed', reason = 'something new', next_message = 0, sent = 0, message_ids = ''
			WHERE broadcast_id = 1
				AND subscriber_id = (SELECT min(subscriber_id) FROM deliveries WHERE broadcast_id = 1 AND state = 'done')`)
		status := w.tell(w.admin, "/status")
		wantInTurn(t, status, "Waiting for readers' own times", "Weekly <179>", "❌ did not get all of it: 1 subscriber", "Weekly <180>")
		wantRow(t, status, "🔁 Retry what failed of 179")
		answer, status := w.press(w.admin, status, "🔁 Retry what failed of 179")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Trying 1 delivery again.")
		w.pass(2 * time.Minute)
		now := w.now(status)
		wantInTurn(t, now, "Status", "Weekly <179>", "120 of 122 messages", "Weekly <180>", "Weekly <181>")
		if strings.Contains(now.Text, "did not get all") {
			t.Errorf("the status is %q, want it without failures", now.Text)
		}
	})
}

// More broadcasts than fit are counted, and long titles stay on the buttons.
func TestStatusOfManyBroadcasts(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		for n := range 7 {
			row := w.save(&digest.Issue{
				Key: fmt.Sprint("key", n), Title: fmt.Sprintf("%d %s", n, strings.Repeat("题目", 300)),
				Sections: []digest.Section{{Key: "news", Name: "News", Items: []digest.Item{{Title: []digest.Span{{Text: "About News"}}}}}},
			})
			bc, err := w.store.StartBroadcast(w.t.Context(), row.ID, subscribers.InPrivate(adminID))
			if err != nil {
				w.t.Fatal(err)
			}
			if _, err := w.store.HoldBroadcast(w.t.Context(), bc.ID, subscribers.PauseReason{
				Kind: subscribers.PausedForFailures, Number: 20, Detail: strings.Repeat("why ", 30),
			}); err != nil {
				w.t.Fatal(err)
			}
		}
		status := w.tell(w.admin, "/status")
		wantText(t, status, "20 deliveries in a row have failed", "… and 2 more broadcasts")
		if n := len(utf16.Encode([]rune(status.Text))); n > 4096 {
			t.Errorf("the status is %d units long", n)
		}
		rows := labels(status)
		if len(rows) != 6 || !strings.HasPrefix(rows[0], "▶️ Resume 0 题目") || len([]rune(rows[0])) > 60 {
			t.Errorf("buttons are %q, want two for each of five, with a part of the title", rows)
		}
		w.pressNow(w.admin, status, "1:bstop:1")
		w.settle()
		wantText(t, w.now(status), "… and 1 more broadcast")
	})
}

// Whether the newest issue is being sent already does not depend on what else is.
func TestBroadcastOfAnIssueThatIsNotFirstInTurn(t *testing.T) {
	inThree(t, func(w *world) {
		w.pressNow(w.admin, w.tell(w.admin, "/status"), "1:bpause:3")
		w.tell(w.ann, "/subscribe") // somebody the newest issue could be sent to
		said := w.said(w.admin.Chat(), func() { w.admin.Write("/broadcast") })
		if len(said) != 2 {
			w.t.Fatalf("the bot said %q, want that it is under way, and the status", texts(said))
		}
		wantText(t, said[0], "A broadcast of this issue is under way.")
		wantInTurn(t, said[1], "Status", "Weekly <179>", "Weekly <180>", "Weekly <181>")
	})
}
