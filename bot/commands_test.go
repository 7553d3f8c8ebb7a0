package bot_test

import (
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestStart(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/start")
		wantText(t, m, "Welcome to Digest!", "no issue yet", "Friday, 7 January, 09:00")
		wantLabels(t, m, "🔔 Subscribe")
		w.wantState(w.ann.ID(), subscribers.Off)
		answer, m := w.press(w.ann, m, "🔔 Subscribe")
		if answer.Text != "✅ Subscribed" {
			t.Errorf("popup is %q", answer.Text)
		}
		wantText(t, m, "Subscribed.")
		w.wantState(w.ann.ID(), subscribers.On)
		wantText(t, w.tell(w.ann, "/start"), "Welcome back to Digest!")
	})
}

func TestStartInChinese(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.li, "/start")
		wantText(t, m, "欢迎来到“Digest”！", "1月7日（星期五）09:00")
		answer, m := w.press(w.li, m, "🔔 订阅")
		if answer.Text != "✅ 订阅成功" {
			t.Errorf("popup is %q", answer.Text)
		}
		wantText(t, m, "订阅成功")
		w.wantState(w.li.ID(), subscribers.On)
	})
}

func TestDeepLinks(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Old")
		w.issue(179, "News")
		m := w.one(w.ann.Chat(), func() { w.ann.Open("subscribe") })
		wantText(t, m, "Subscribed.")
		w.wantState(w.ann.ID(), subscribers.On)
		said := w.said(w.ann.Chat(), func() { w.ann.Open("issue_178") })
		if len(said) != 2 {
			w.t.Fatalf("the bot said %q, want the cover and one section", texts(said))
		}
		wantText(t, said[1], "About Old")
		wantText(t, w.tell(w.ann, "/start issue_<b>"), "no issue <b>")
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.Open("issue_17") }), "no issue 17")
	})
}

func TestSubscribeAndLeave(t *testing.T) {
	for _, test := range []struct {
		name                                           string
		reader                                         func(w *world) *telegramsim.Person
		done, already, left, notOn, undo, keep, choose string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann },
			"Subscribed.", "already subscribed", "Unsubscribed.", "not subscribed", "↩️ Undo", "🗂 Choose sections", "Your sections"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li },
			"订阅成功", "已经订阅了", "已退订", "没有订阅", "↩️ 撤销", "🗂 选择栏目", "栏目设置"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News")
				p := test.reader(w)
				wantText(t, w.tell(p, "/unsubscribe"), test.notOn)
				wantText(t, w.tell(p, "/subscribe"), test.done)
				w.wantState(p.ID(), subscribers.On)
				wantText(t, w.tell(p, "/SUBSCRIBE@Digest_Sim_Bot please"), test.already)
				m := w.tell(p, "/unsubscribe")
				wantText(t, m, test.left)
				w.wantState(p.ID(), subscribers.Off)
				_, back := w.press(p, m, test.undo)
				wantText(t, back, test.done)
				w.wantState(p.ID(), subscribers.On)

				m = w.tell(p, "/unsubscribe")
				_, back = w.press(p, m, test.keep)
				wantText(t, back, test.choose)
				w.wantState(p.ID(), subscribers.On)
			})
		})
	}
}

func TestLatest(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.ann, "/latest"), "no issue yet", "7 January")
		wantText(t, w.tell(w.li, "/latest"), "第一期还没有发布")
		w.issue(179, "News", "Tools")
		for _, round := range []string{"first", "again"} {
			said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
			if len(said) != 3 {
				w.t.Fatalf("%s: the bot said %q, want cover and two sections", round, texts(said))
			}
			wantText(t, said[2], "About Tools")
		}
		m := w.tell(w.li, "/start")
		said := w.said(w.li.Chat(), func() {
			if answer, _ := w.press(w.li, m, "👀 先看最新一期"); answer.Text != "📰 正在发送" {
				t.Errorf("popup is %q", answer.Text)
			}
		})
		if len(said) != 3 {
			w.t.Fatalf("the bot said %q, want cover and two sections", texts(said))
		}
		w.wantState(w.li.ID(), subscribers.Off)
	})
}

func TestHelp(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/help")
		wantText(t, m, "/sections – choose")
		if strings.Contains(m.Text, "/broadcast") {
			t.Errorf("a reader's help is %q, want no admin commands", m.Text)
		}
		wantText(t, w.tell(w.admin, "/help"), "/sections – choose", "/broadcast")
		wantText(t, w.tell(w.li, "/help"), "/sections – 选择栏目")
		wantFormat(t, m, "code", "/pause 3w", "")

		// Nobody's talk is answered in a group, so there the help does not invite to it.
		const write = "In this chat you can also just write"
		wantText(t, m, write, "In groups and channels, admins set all this up")
		group := w.groupOfAnn()
		m = w.one(group, func() { w.ann.WriteIn(group, "/help") })
		wantText(t, m, "/sections – choose", "In groups and channels, admins set all this up")
		if strings.Contains(m.Text, write) {
			t.Errorf("a group's help is %q, want nothing about plain words", m.Text)
		}
	})
}

func TestReaderWithoutLanguageGetsTheDefault(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Language = "zh-CN"
		w.start()
		for code, want := range map[string]string{
			"": "欢迎来到", "en-GB": "Welcome to", "zh-hant": "歡迎來到", "zh-TW": "歡迎來到", "zh-HK": "歡迎來到", "zh-CN": "欢迎来到", "zh": "欢迎来到", "eo": "欢迎来到",
		} {
			p := w.sim.NewPerson("P", telegramsim.Language(code))
			if m := w.tell(p, "/start"); !strings.Contains(m.Text, want) {
				t.Errorf("to %q the bot said %q, want %q in it", code, m.Text, want)
			}
		}
	})
}

func TestBotsAreIgnored(t *testing.T) {
	inWorld(t, func(w *world) {
		other := w.sim.NewPerson("Robot", telegramsim.AsBot())
		group := w.sim.NewGroup("Friends", w.ann, other)
		w.said(group, func() { group.AddBot(w.ann) })
		for _, m := range w.said(group, func() { other.WriteIn(group, "/help") }) {
			if m.From.ID == w.sim.Bot().ID {
				t.Errorf("the bot said %q to another bot, want nothing", m.Text)
			}
		}
	})
}
