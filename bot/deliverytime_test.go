package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestDeliveryTime(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "🗓 Delivery time")
		wantText(t, m, "When do issues come?", "Fridays at 09:00, with everybody (UTC)", "Friday, 7 January, 09:00 (UTC)")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | Sun", "✅ With everybody", "‹ Back")
		_, m = w.press(w.ann, m, "Sun")
		wantText(t, m, "Sunday – at what time?")
		wantRow(t, m, "00:00 | 01:00 | 02:00 | 03:00 | 04:00 | 05:00")
		wantRow(t, m, "18:00 | 19:00 | 20:00 | 21:00 | 22:00 | 23:00")
		_, back := w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, back, "Sun")

		_, m = w.press(w.ann, m, "20:00")
		wantText(t, m, "Sundays at 20:00 – by which clock?")
		if first := m.Keyboard[0][0].Text; first != "UTC "+clock(time.UTC) {
			t.Errorf("the first zone is %q, want the bot's own with its time", first)
		}
		_, m = w.press(w.ann, m, "Europe")
		wantRow(t, m, "Africa | America | Asia")
		wantRow(t, m, "✅ Europe | Pacific | Other islands")
		_, m = w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, m, "Europe")
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			w.t.Fatal(err)
		}
		there := clock(berlin)
		answer, m := w.press(w.ann, m, "Berlin "+there)
		wantPopup(t, answer, "Saved")
		wantText(t, m, "Sundays at 20:00 (Berlin)", "It is "+there+" there now", "Sunday, 9 January, 20:00")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | ✅ Sun", "With everybody", "🌍 Time zone", "‹ Back")
		want := subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Europe/Berlin"}
		if got := w.choices(w.ann.ID(), 0).Delivery; got != want {
			t.Errorf("the delivery time is %+v, want %+v", got, want)
		}

		// The clock stays when only day and hour change.
		_, m = w.press(w.ann, m, "Sat")
		_, m = w.press(w.ann, m, "08:00")
		wantText(t, m, "Saturdays at 08:00 (Berlin)")
		_, m = w.press(w.ann, m, "🌍 Time zone")
		shanghai := time.FixedZone("", 8*3600)
		_, m = w.press(w.ann, m, "Shanghai "+clock(shanghai))
		wantText(t, m, "Saturdays at 08:00 (Shanghai)")

		// Every time is told by that clock from now on.
		wantText(t, w.tell(w.ann, "/start"), "Saturday, 8 January, 08:00")
		_, m = w.press(w.ann, m, "With everybody")
		wantText(t, m, "Fridays at 09:00, with everybody (UTC)", "Friday, 7 January, 09:00 (UTC)")
		_, m = w.press(w.ann, m, "‹ Back")
		wantText(t, m, "Delivery: Fridays at 09:00, with everybody (UTC)")
	})
}

// clock is what a clock of the zone shows.
func clock(zone *time.Location) string { return time.Now().In(zone).Format("15:04") }

func TestDeliveryTimeInChinese(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		shanghai, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			w.t.Fatal(err)
		}
		w.config.Location = shanghai
		w.start()
		m := w.tell(w.li, "/settings")
		_, m = w.press(w.li, m, "🗓 接收时间")
		wantText(t, m, "什么时候接收？", "上海时间每周五 17:00，与大家同时接收", "将于上海时间1月7日（星期五）17:00发出")
		wantLabels(t, m, "周一 | 周二 | 周三 | 周四", "周五 | 周六 | 周日", "✅ 与大家同时接收", "‹ 返回")
		_, m = w.press(w.li, m, "周日")
		wantText(t, m, "星期日几点？")
		_, m = w.press(w.li, m, "20:00")
		wantText(t, m, "每周日 20:00，以哪里的时间为准？")
		wantRow(t, m, "非洲 | 美洲 | 亚洲")
		_, m = w.press(w.li, m, "欧洲")
		wantRow(t, m, "✅ 欧洲 | 大洋洲 | 其他岛屿")
		_, m = w.press(w.li, m, "‹ 返回")
		there := clock(shanghai)
		_, m = w.press(w.li, m, "上海 "+there)
		wantText(t, m, "每周日 20:00（上海时间）", "当地现在是 "+there, "1月9日（星期日）20:00")
		_, m = w.press(w.li, m, "🌍 时区")
		_, m = w.press(w.li, m, "上海 "+there)
		_, back := w.press(w.li, m, "‹ 返回")
		wantText(t, back, "接收时间：每周日 20:00（上海时间）")
		_, m = w.press(w.li, back, "🗓 接收时间")
		_, m = w.press(w.li, m, "与大家同时接收")
		_, m = w.press(w.li, m, "‹ 返回")
		wantText(t, m, "接收时间：上海时间每周五 17:00，与大家同时接收")
	})
}

// inOwnTime runs test in a bubble on a Saturday evening, with two admins, five
// readers with the schedule and two who chose Sunday evening in Shanghai.
func inOwnTime(t *testing.T, test func(w *world, sunday []*telegramsim.Person)) {
	t.Helper()
	withWebhook(t, func(w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 8, 20, 0, 0, 0, time.UTC)))
		w.config.Admins = []int64{adminID, w.li.ID()}
		w.issue(179, "News")
		w.start()
		w.tell(w.li, "/start")
		people := w.readers(7)
		for _, p := range people[5:] {
			sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
			if err != nil {
				w.t.Fatal(err)
			}
			own := subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Asia/Shanghai"}
			if err := w.store.SetDeliveryTime(w.t.Context(), sub.ID, own); err != nil {
				w.t.Fatal(err)
			}
		}
		test(w, people[5:])
	})
}

// Times are told with the place whose clocks they are of, unless the reader chose it. A
// schedule that is not weekly is told by its next time.
func TestTimesSayWhere(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	monthly := func(after time.Time) time.Time {
		at := time.Date(after.Year(), after.Month(), 1, 9, 0, 0, 0, shanghai)
		for !at.After(after) {
			at = at.AddDate(0, 1, 0)
		}
		return at
	}
	for _, test := range []struct {
		name          string
		zone          *time.Location
		next          func(after time.Time) time.Time
		due, settings string
		place         string
	}{
		{"weekly", shanghai, nextFriday, "due on Friday, 7 January, 17:00 (Shanghai).", "Delivery: Fridays at 17:00, with everybody (Shanghai)", "Shanghai"},
		{"monthly", shanghai, monthly, "due on Saturday, 1 January, 09:00 (Shanghai).", "Delivery: with everybody, next on Saturday, 1 January, 09:00 (Shanghai)", "Shanghai"},
		{"no name", time.FixedZone("Local", 5*3600+1800), nextFriday, "due on Friday, 7 January, 14:30 (UTC+05:30).", "Fridays at 14:30, with everybody (UTC+05:30)", "UTC+05:30"},
		{"no schedule", shanghai, nil, "", "Delivery: with everybody", "Shanghai"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.Location, w.config.NextRun = test.zone, test.next
				w.start()
				wantText(t, w.tell(w.ann, "/subscribe"), test.due)
				wantText(t, w.tell(w.ann, "/settings"), test.settings)
				wantText(t, w.tell(w.ann, "/pause 2w"), "1 ("+test.place+")")
			})
		})
	}
}

// The status says how many wait and until when, a reader's /latest shortens
// it, and the end is told when the last has the issue.
func TestStatusWhileReadersWait(t *testing.T) {
	inOwnTime(t, func(w *world, sunday []*telegramsim.Person) {
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.pass(time.Minute)
		wantText(t, w.tell(w.admin, "/status"), "10 of 14 messages", "2 subscribers chose a later time; the last is due on", "9 January, 12:00", "sent: 10 messages")
		wantText(t, w.tell(w.li, "/status"), "10/14 条消息", "2 位订阅者选择了稍后接收，最晚一份将于格林尼治时间1月9日（星期日）12:00发出", "已发送：10 条消息")

		said := w.said(sunday[0].Chat(), func() { sunday[0].Write("/latest") })
		if len(said) != 2 {
			t.Errorf("/latest brought %q, want the issue", texts(said))
		}
		m := w.tell(w.admin, "/status")
		wantText(t, m, "12 of 14 messages", "1 subscriber chose a later time")
		// While nothing is sent a live report is brought up to date once a minute:
		// it may be for a week.
		w.exec("UPDATE deliveries SET not_before = not_before + 600 WHERE state = 'pending'")
		w.pass(40 * time.Second)
		now, _ := w.admin.Chat().Message(m.ID)
		wantText(t, now, "9 January, 12:00")
		w.pass(time.Minute)
		now, _ = w.admin.Chat().Message(m.ID)
		wantText(t, now, "9 January, 12:10")

		before := len(w.admin.Chat().FromBot())
		w.pass(12 * time.Hour)
		if n := len(w.admin.Chat().FromBot()) - before; n != 0 {
			t.Errorf("the bot said %d things in half a day of waiting", n)
		}
		w.bot.SourceChecked(t.Context(), "feed.xml", errors.New("is gone")) // is written nowhere
		w.pass(90 * time.Second)
		now, _ = w.admin.Chat().Message(m.ID)
		wantText(t, now, "feed.xml", "is gone")

		w.pass(6 * time.Hour)
		if bc := w.broadcast(); bc.State != subscribers.Done {
			t.Errorf("the broadcast is %s, want it done", bc.State)
		}
		for i, p := range sunday {
			if n := issueMessages(p); n != 2 {
				t.Errorf("reader %d has %d messages, want the issue once", i, n)
			}
		}
		last := w.admin.Chat().FromBot()
		wantText(t, last[len(last)-1], "sent: 14 messages")
	})
}

// Failed deliveries can be tried again while other readers wait.
func TestRetryButtonWhileReadersWait(t *testing.T) {
	inOwnTime(t, func(w *world, _ []*telegramsim.Person) {
		p := w.readers(1)[0]
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: p.ID(), Times: 1})
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.pass(time.Minute)
		m := w.tell(w.admin, "/status")
		wantLabels(t, m, "⏸ Pause | ⏹ Cancel", "🔁 Retry what failed", "🔄 Refresh")
		answer, _ := w.press(w.admin, m, "🔁 Retry what failed")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Trying 1 delivery")
		w.pass(time.Minute)
		if n := issueMessages(p); n != 2 {
			t.Errorf("the reader has %d messages, want the issue", n)
		}
		wantText(t, w.tell(w.li, "/status"), "2 位订阅者选择了稍后接收")
	})
}

// A pause and the go-ahead by an admin while readers wait.
func TestPauseButtonWhileReadersWait(t *testing.T) {
	inOwnTime(t, func(w *world, sunday []*telegramsim.Person) {
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.pass(time.Minute)
		m := w.tell(w.li, "/status")
		_, m = w.press(w.li, m, "⏸ 暂停")
		wantText(t, m, "已暂停")
		w.pass(24 * time.Hour)
		if n := issueMessages(sunday[0]); n != 0 {
			t.Errorf("during the pause the reader got %d messages", n)
		}
		// A reader whose time has passed no longer waits, though the database has not changed.
		if now, _ := w.li.Chat().Message(m.ID); !strings.Contains(m.Text, "稍后接收") || strings.Contains(now.Text, "稍后接收") {
			t.Errorf("the status of the pause was %q and is %q after a day", m.Text, now.Text)
		}
		w.press(w.li, m, "▶️ 继续")
		w.pass(time.Minute)
		if n := issueMessages(sunday[0]); n != 2 {
			t.Errorf("after the pause the reader has %d messages, want the issue", n)
		}
	})
}
