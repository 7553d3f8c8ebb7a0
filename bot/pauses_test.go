package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

const days = 24 * time.Hour

func TestPause(t *testing.T) {
	inDays(t, func(w *world) {
		w.issue(179, "News")
		wantText(t, w.tell(w.ann, "/pause 2w"), "not subscribed")
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/pause")
		wantText(t, m, "How long should I pause?")
		wantLabels(t, m, "1 week | 2 weeks | 4 weeks", "Don't pause")
		_, m = w.press(w.ann, m, "2 weeks")
		wantText(t, m, "Paused. The next issue comes on Friday, 21 January, 09:00 (UTC).", "ends by itself, on Saturday, 15 January, 00:0", "/latest")
		wantLabels(t, m, "▶️ Resume now")
		wantText(t, w.tell(w.ann, "/settings"), "Paused: the next issue comes on Friday, 21 January, 09:00 (UTC)")
		wantText(t, w.tell(w.ann, "/start"), "Paused. The next issue comes on Friday, 21 January")
		wantLabels(t, w.tell(w.ann, "/pause"), "▶️ Resume now")
		w.wantState(w.ann.ID(), subscribers.On)

		// No issue comes by itself, but what she asks for does.
		w.tell(w.admin, "/start")
		w.tell(w.li, "/subscribe")
		w.scheduled(days)
		if n := len(w.li.Chat().FromBot()); n != 3 {
			t.Errorf("the other reader has %d messages, want the answer and the issue", n)
		}
		if said := w.said(w.ann.Chat(), func() {}); len(said) != 0 {
			t.Errorf("the paused reader got %q", texts(said))
		}
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 2 {
			t.Errorf("to /latest the paused reader got %q, want cover and section", texts(said))
		}

		answer, m := w.press(w.ann, m, "▶️ Resume now")
		wantPopup(t, answer, "Back on")
		wantText(t, m, "No pause.")
		wantLabels(t, m)
		answer, _ = w.afterwards(w.ann.PressData(m, "1:go:0"), m) // again
		wantPopup(t, answer, "")
	})
}

// pauseLeft is how long a chat is still paused.
func (w *world) pauseLeft(chat int64, thread int) time.Duration {
	w.t.Helper()
	return time.Until(w.choices(chat, thread).PausedUntil)
}

// scheduled makes the schedule fire after a while, with what that leads to.
func (w *world) scheduled(after time.Duration) {
	w.t.Helper()
	w.pass(after)
	if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
	w.finished()
}

func TestPauseInChinese(t *testing.T) {
	inDays(t, func(w *world) {
		w.issue(179, "News")
		wantText(t, w.tell(w.li, "/pause 三周"), "没有订阅")
		w.tell(w.li, "/subscribe")
		m := w.tell(w.li, "/pause")
		wantText(t, m, "要暂停多久？")
		wantLabels(t, m, "1 周 | 2 周 | 4 周", "不暂停")
		_, m = w.press(w.li, m, "不暂停")
		wantText(t, m, "没有暂停")
		wantText(t, w.tell(w.li, "/pause 很久"), "没看懂要暂停多久", "/pause 10天")
		m = w.tell(w.li, "/pause 三周")
		wantText(t, m, "已暂停，下一期将于格林尼治时间1月28日（星期五）09:00送达", "暂停到格林尼治时间1月22日（星期六）")
		wantLabels(t, m, "▶️ 立即恢复")
		wantText(t, w.tell(w.li, "/pause １天"), "下一期将于格林尼治时间1月7日（星期五）09:00送达") // another one instead
		m = w.one(w.li.Chat(), func() { w.pass(w.pauseLeft(w.li.ID(), 0)) })
		wantText(t, m, "已恢复", "这里还没有收到 Weekly <179>", "/latest")
		wantLabels(t, m, "📰 最新一期")
	})
}

func TestPauseThatIsNotUnderstood(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		for _, text := range []string{"/pause <b>", "/pause 2 years", "/pause 0d", "/pause 5"} {
			m := w.tell(w.ann, text)
			wantText(t, m, "I don't understand how long that is", "/pause 3 weeks")
			wantLabels(t, m, "1 week | 2 weeks | 4 weeks", "Don't pause")
		}
		if until := w.choices(w.ann.ID(), 0).PausedUntil; !until.IsZero() {
			t.Errorf("the reader is paused until %v, want not", until)
		}
	})
}

func TestPauseEndsByItself(t *testing.T) {
	inDays(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/pause 2 days")
		w.tell(w.li, "/subscribe")
		w.tell(w.li, "/pause 一天") // wakes who waits for the later one
		wantText(t, w.one(w.li.Chat(), func() { w.pass(w.pauseLeft(w.li.ID(), 0)) }), "已恢复", "1月7日（星期五）09:00")
		w.pass(w.pauseLeft(w.ann.ID(), 0) - time.Minute)
		if n := len(w.ann.Chat().FromBot()); n != 2 {
			t.Errorf("a minute before the end of the pause the reader has %d messages, want 2", n)
		}
		w.pass(time.Minute - time.Second)
		if n := len(w.ann.Chat().FromBot()); n != 2 {
			t.Errorf("a second before the end of the pause the reader has %d messages, want 2", n)
		}
		m := w.one(w.ann.Chat(), func() { w.pass(time.Second) })
		wantText(t, m, "Back on.", "Friday, 7 January, 09:00")
		if until := w.choices(w.ann.ID(), 0).PausedUntil; !until.IsZero() {
			t.Errorf("the reader is paused until %v, want not", until)
		}
		w.issue(179, "News")
		w.tell(w.admin, "/start")
		if said := w.said(w.ann.Chat(), func() { w.scheduled(days) }); len(said) != 2 {
			t.Errorf("after the pause the reader got %q, want the issue", texts(said))
		}
	})
}

// A reader who subscribed after the newest issue has not missed it in a pause.
func TestPauseOfANewReader(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/pause 1d")
		m := w.tell(w.ann, "/resume")
		wantText(t, m, "Back on.", "Weekly <179>", "has not come here yet. /latest brings it.")
		if strings.Contains(m.Text, "missed") {
			t.Errorf("message is %q, but the issue is older than the subscription", m.Text)
		}
		wantLabels(t, m, "📰 Latest issue")
	})
}

// A reader has not missed an issue that it already has.
func TestPauseThatMissedNothing(t *testing.T) {
	inDays(t, func(w *world) {
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
		w.tell(w.ann, "/pause 1d")
		m := w.one(w.ann.Chat(), func() { w.pass(w.pauseLeft(w.ann.ID(), 0)) })
		wantText(t, m, "Back on.")
		wantLabels(t, m)
		w.tell(w.ann, "/pause 1d")
		w.issue(180, "News")
		m = w.one(w.ann.Chat(), func() { w.pass(w.pauseLeft(w.ann.ID(), 0)) })
		wantText(t, m, "Weekly <180>", "has not come here yet.")
		said := w.said(w.ann.Chat(), func() { w.press(w.ann, m, "📰 Latest issue") })
		if len(said) != 2 {
			t.Errorf("the button brought %q, want the issue", texts(said))
		}
	})
}

// A pause whose end comes while the bot is down is over all the same, and said
// to be once.
func TestPauseEndsWhileTheBotIsDown(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/pause 1d")
		w.tell(w.li, "/subscribe")
		w.tell(w.li, "/pause 3d")
		w.stop()
		w.pass(2 * days)
		wantText(t, w.one(w.ann.Chat(), w.start), "Back on.")
		w.stop()
		if said := w.said(w.ann.Chat(), w.start); len(said) != 0 {
			t.Errorf("after another start the bot said %q, want nothing", texts(said))
		}
		wantText(t, w.one(w.li.Chat(), func() { w.pass(w.pauseLeft(w.li.ID(), 0)) }), "已恢复")
	})
}

// As long as Telegram is away, the message about the end of a pause waits.
func TestPauseEndsWhileTelegramIsAway(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/pause 1d")
		w.pass(days - time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"sendMessage"}, Times: 1000})
		w.pass(time.Hour)
		if n := len(w.ann.Chat().FromBot()); n != 2 {
			t.Errorf("the reader has %d messages, want 2", n)
		}
		w.sim.ClearFaults()
		wantText(t, w.one(w.ann.Chat(), func() { w.pass(10 * time.Minute) }), "Back on.")
	})
}

// A reader who cannot be reached is not told, and the bot does not try again and again.
func TestPauseOfWhoHasLeft(t *testing.T) {
	inDays(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/pause 1d")
		w.tell(w.li, "/subscribe")
		w.tell(w.li, "/pause 1d")
		w.tell(w.li, "/unsubscribe")
		w.ann.Block()
		w.pass(2 * days)
		w.ann.Unblock()
		w.settle()
		w.wantState(w.ann.ID(), subscribers.On)
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			if until := w.choices(p.ID(), 0).PausedUntil; !until.IsZero() {
				t.Errorf("%s is paused until %v, want not", p.Name(), until)
			}
			if said := w.said(p.Chat(), func() { w.pass(days) }); len(said) != 0 {
				t.Errorf("%s was told %q", p.Name(), texts(said))
			}
		}
	})
}

// A pause counts from the moment it begins, also in the middle of a broadcast;
// the books say so.
func TestPauseDuringABroadcast(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Rate = 2
		w.issue(179, "News", "Tools")
		w.start()
		people := w.readers(60)
		last := people[len(people)-1]
		m := w.sendNow(5 * time.Second)
		last.Write("/pause 1w")
		w.finished()
		got := texts(last.Chat().FromBot()) // the answers to /subscribe and /pause, and some of the issue
		if last := got[len(got)-1]; len(got) >= 2+3 || !strings.Contains(last, "Paused.") {
			t.Errorf("the paused reader got %q, want nothing after the pause", got)
		}
		missed := 3 - (len(got) - 2)
		m, _ = w.admin.Chat().Message(m.ID)
		wantText(t, m, fmt.Sprintf("sent: %d messages", 180-missed), fmt.Sprintf("skipped, paused by the reader: %d message", missed))
	})
}

func TestPauseOfSettings(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "⏸ Pause")
		wantLabels(t, m, "1 week | 2 weeks | 4 weeks", "‹ Back")
		_, m = w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, m, "⏸ Pause")
		_, m = w.press(w.ann, m, "4 weeks")
		wantText(t, m, "Settings", "Paused: the next issue comes on Friday, 4 February")
		wantRow(t, m, "▶️ Resume now | 🚫 Unsubscribe")
		_, paused := w.afterwards(w.ann.PressData(m, "1:rest:1"), m) // of an older keyboard
		wantLabels(t, paused, "▶️ Resume now", "‹ Back")
		answer, m := w.press(w.ann, paused, "▶️ Resume now")
		wantPopup(t, answer, "Back on")
		wantRow(t, m, "⏸ Pause | 🚫 Unsubscribe")

		w.tell(w.ann, "/unsubscribe")
		for _, data := range []string{"1:rest:0", "1:rest:1", "1:pause:7:0", "1:pause:7:1"} {
			answer, _ = w.afterwards(w.ann.PressData(m, data), m)
			wantPopup(t, answer, "not subscribed")
		}
		w.wantState(w.ann.ID(), subscribers.Off)
		_, m = w.afterwards(w.ann.PressData(m, "1:go:0"), m)
		wantText(t, m, "not subscribed")
	})
}

func TestPauseInsteadOfLeaving(t *testing.T) {
	for _, test := range []struct {
		name                                       string
		reader                                     func(w *world) *telegramsim.Person
		instead, back, choices, week, paused, left string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "⏸ Just pause", "‹ Back", "1 week | 2 weeks | 4 weeks", "1 week", "Paused.", "Unsubscribed."},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "⏸ 只是暂停", "‹ 返回", "1 周 | 2 周 | 4 周", "1 周", "已暂停，", "已退订"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				w.tell(p, "/subscribe")
				m := w.tell(p, "/unsubscribe")
				_, m = w.press(p, m, test.instead)
				w.wantState(p.ID(), subscribers.Off)
				wantLabels(t, m, test.choices, test.back)
				_, m = w.press(p, m, test.back)
				wantText(t, m, test.left)
				wantRow(t, m, test.instead)
				_, m = w.press(p, m, test.instead)
				_, m = w.press(p, m, test.week)
				wantText(t, m, test.paused)
				w.wantState(p.ID(), subscribers.On)
				if !w.choices(p.ID(), 0).IsPaused(time.Now()) {
					t.Error("the reader is not paused")
				}
				w.afterwards(p.PressData(m, "1:left"), m) // of an older keyboard
				w.wantState(p.ID(), subscribers.On)
			})
		})
	}
}

// Subscribing is the opposite of a pause; once ended, it does not end again.
func TestPauseEndedByHand(t *testing.T) {
	inDays(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.press(w.ann, w.tell(w.ann, "/pause 1d"), "▶️ Resume now")
		w.tell(w.ann, "/pause 1d")
		wantText(t, w.tell(w.ann, "/subscribe"), "Subscribed.")
		if said := w.said(w.ann.Chat(), func() { w.pass(2 * days) }); len(said) != 0 {
			t.Errorf("the bot said %q, want nothing", texts(said))
		}
	})
}

func TestPauseOfATopic(t *testing.T) {
	inDays(t, func(w *world) {
		forum := w.sim.NewForum("Club", w.ann)
		w.said(forum, func() { forum.AddBot(w.ann) })
		topic := forum.NewTopic(w.ann, "Reading")
		w.one(forum, func() { w.ann.WriteInTopic(forum, topic, "/subscribe") })
		w.one(forum, func() { w.ann.WriteInTopic(forum, topic, "/pause 1d") })
		m := w.one(forum, func() { w.pass(w.pauseLeft(forum.ID, topic)) })
		wantText(t, m, "Back on.")
		if m.Thread != topic {
			t.Errorf("the chat was told in topic %d, want %d", m.Thread, topic)
		}
	})
}

// Which issue is the next depends on the time of the chat; nothing is promised without a
// schedule, or to a chat that does not get every issue.
func TestPauseNamesTheNextIssue(t *testing.T) {
	for _, test := range []struct {
		name     string
		schedule func(time.Time) time.Time
		change   func(w *world, id int64) error
		want     string
	}{
		{"own time", nextFriday, func(w *world, id int64) error {
			return w.store.SetDeliveryTime(w.t.Context(), id, subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Europe/Berlin"})
		}, "The next issue comes on Sunday, 16 January, 20:00."},
		{"every second issue", nextFriday, func(w *world, id int64) error { return w.store.SetEvery(w.t.Context(), id, 2) }, "Paused until Saturday, 8 January, 00:01 (UTC)."},
		{"headlines of a month", nextFriday, func(w *world, id int64) error { return w.store.SetEvery(w.t.Context(), id, subscribers.Monthly) }, "Paused until Saturday, 8 January, 00:01 (UTC)."},
		{"all sections off", nextFriday, func(w *world, id int64) error { return w.store.SetAllMuted(w.t.Context(), id, true) }, "Paused until Saturday, 8 January, 00:01 (UTC)."},
		{"no schedule", nil, func(*world, int64) error { return nil }, "Paused until Saturday, 8 January, 00:01 (UTC)."},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.NextRun = test.schedule
				w.issue(179, "News")
				w.start()
				w.tell(w.ann, "/subscribe")
				sub, err := w.store.Subscriber(w.t.Context(), w.ann.ID(), 0)
				if err != nil {
					t.Fatal(err)
				}
				if err := test.change(w, sub.ID); err != nil {
					t.Fatal(err)
				}
				wantText(t, w.tell(w.ann, "/pause 1w"), test.want)
				word, _, _ := strings.Cut(test.want, ".")
				wantText(t, w.tell(w.ann, "/settings"), word[len(word)-10:])
			})
		})
	}
}
