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
		wantText(t, m, "When do issues come?", "as soon as an issue is due", "Friday, 7 January, 09:00")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | Sun", "✅ As soon as it is due", "‹ Back")
		_, m = w.press(w.ann, m, "Sun")
		wantText(t, m, "Sunday – at what time?")
		wantRow(t, m, "00:00 | 01:00 | 02:00 | 03:00 | 04:00 | 05:00")
		wantRow(t, m, "18:00 | 19:00 | 20:00 | 21:00 | 22:00 | 23:00")
		_, back := w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, back, "Sun")

		_, m = w.press(w.ann, m, "20:00")
		wantText(t, m, "every Sunday at 20:00 – by which clock?")
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
		wantText(t, m, "every Sunday at 20:00 (Europe/Berlin)", "It is "+there+" there now", "Sunday, 9 January, 20:00")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | ✅ Sun", "As soon as it is due", "🌍 Time zone", "‹ Back")
		want := subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Europe/Berlin"}
		if got := w.choices(w.ann.ID(), 0).Delivery; got != want {
			t.Errorf("the delivery time is %+v, want %+v", got, want)
		}

		// The clock stays when only day and hour change.
		_, m = w.press(w.ann, m, "Sat")
		_, m = w.press(w.ann, m, "08:00")
		wantText(t, m, "every Saturday at 08:00 (Europe/Berlin)")
		_, m = w.press(w.ann, m, "🌍 Time zone")
		shanghai := time.FixedZone("", 8*3600)
		_, m = w.press(w.ann, m, "Shanghai "+clock(shanghai))
		wantText(t, m, "every Saturday at 08:00 (Asia/Shanghai)")

		// Every time is told by that clock from now on.
		wantText(t, w.tell(w.ann, "/start"), "Saturday, 8 January, 08:00")
		_, m = w.press(w.ann, m, "As soon as it is due")
		wantText(t, m, "as soon as an issue is due", "Friday, 7 January, 09:00")
		_, m = w.press(w.ann, m, "‹ Back")
		wantText(t, m, "Delivery: as soon as an issue is due")
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
		wantText(t, m, "什么时候接收？", "发布后立即接收", "1月7日（星期五）17:00")
		wantLabels(t, m, "周一 | 周二 | 周三 | 周四", "周五 | 周六 | 周日", "✅ 发布后立即接收", "‹ 返回")
		_, m = w.press(w.li, m, "周日")
		wantText(t, m, "星期日几点？")
		_, m = w.press(w.li, m, "20:00")
		wantText(t, m, "每周日 20:00，以哪里的时间为准？")
		wantRow(t, m, "非洲 | 美洲 | 亚洲")
		_, m = w.press(w.li, m, "欧洲")
		wantRow(t, m, "✅ 欧洲 | 大洋洲 | 其他岛屿")
		_, m = w.press(w.li, m, "‹ 返回")
		there := clock(shanghai)
		_, m = w.press(w.li, m, "Shanghai "+there)
		wantText(t, m, "每周日 20:00（Asia/Shanghai）", "当地现在是 "+there, "1月9日（星期日）20:00")
		_, m = w.press(w.li, m, "🌍 时区")
		_, m = w.press(w.li, m, "Shanghai "+there)
		_, back := w.press(w.li, m, "‹ 返回")
		wantText(t, back, "接收时间：每周日 20:00（Asia/Shanghai）")
		_, m = w.press(w.li, back, "🗓 接收时间")
		_, m = w.press(w.li, m, "发布后立即接收")
		_, m = w.press(w.li, m, "‹ 返回")
		wantText(t, m, "接收时间：发布后立即接收")
	})
}

// inOwnTime runs test in a bubble on a Friday morning, with two admins, five
// readers with the schedule and two who chose Sunday evening in Shanghai.
func inOwnTime(t *testing.T, test func(w *world, sunday []*telegramsim.Person)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		time.Sleep(time.Until(time.Date(2000, 1, 7, 8, 0, 0, 0, time.UTC)))
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

// The status says how many wait and until when, a reader's /latest shortens
// it, and the end is told when the last has the issue.
func TestStatusWhileReadersWait(t *testing.T) {
	inOwnTime(t, func(w *world, sunday []*telegramsim.Person) {
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.pass(time.Minute)
		wantText(t, w.tell(w.admin, "/status"), "10 of 14 messages", "2 subscribers chose a later time; the last is due on", "9 January, 12:00", "sent: 10 messages")
		wantText(t, w.tell(w.li, "/status"), "10/14 条消息", "2 位订阅者选择了稍后接收，最晚一份将于 1月9日（星期日）12:00 发出", "已发送：10 条消息")

		said := w.said(sunday[0].Chat(), func() { sunday[0].Write("/latest") })
		if len(said) != 3 { // and that it is on its way
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
		w.pass(2 * 24 * time.Hour)
		if n := len(w.admin.Chat().FromBot()) - before; n != 0 {
			t.Errorf("the bot said %d things in two days of waiting", n)
		}
		w.bot.SourceChecked(t.Context(), "feed.xml", errors.New("is gone")) // is written nowhere
		w.pass(90 * time.Second)
		now, _ = w.admin.Chat().Message(m.ID)
		wantText(t, now, "feed.xml", "is gone")

		w.pass(12 * time.Hour)
		if bc := w.broadcast(); bc.State != subscribers.Done {
			t.Errorf("the broadcast is %s, want it done", bc.State)
		}
		for i, p := range sunday {
			if n := issueMessages(p); n != 2+(1-i) {
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
		w.pass(3 * 24 * time.Hour)
		if n := issueMessages(sunday[0]); n != 0 {
			t.Errorf("during the pause the reader got %d messages", n)
		}
		// A reader whose time has passed no longer waits, though the database has not changed.
		if now, _ := w.li.Chat().Message(m.ID); !strings.Contains(m.Text, "稍后接收") || strings.Contains(now.Text, "稍后接收") {
			t.Errorf("the status of the pause was %q and is %q after three days", m.Text, now.Text)
		}
		w.press(w.li, m, "▶️ 继续")
		w.pass(time.Minute)
		if n := issueMessages(sunday[0]); n != 2 {
			t.Errorf("after the pause the reader has %d messages, want the issue", n)
		}
	})
}
