package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestSections(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News <1>", "Tools", "Essays")
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/sections")
		wantText(t, m, "Your sections")
		wantLabels(t, m, "✅ News <1>", "✅ Tools", "✅ Essays", "All on | All off", "Done")

		_, m = w.press(w.ann, m, "✅ Tools")
		wantLabels(t, m, "✅ News <1>", "⬜ Tools", "✅ Essays", "All on | All off", "Done")
		got := texts(w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }))
		if len(got) != 3 {
			t.Errorf("the issue arrived as %q, want cover, News and Essays", got)
		}

		_, m = w.press(w.ann, m, "⬜ Tools")
		wantLabels(t, m, "✅ News <1>", "✅ Tools", "✅ Essays", "All on | All off", "Done")
		_, m = w.press(w.ann, m, "All off")
		wantLabels(t, m, "⬜ News <1>", "⬜ Tools", "⬜ Essays", "All on | All off", "Done")
		_, m = w.press(w.ann, m, "⬜ Essays")
		_, m = w.press(w.ann, m, "Done")
		wantText(t, m, "1 of 3 sections arrive")
		wantLabels(t, m)
	})
}

func TestSectionsInChinese(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.li, "/sections"), "还没有可选的栏目")
		w.issue(179, "值得关注", "")
		m := w.tell(w.li, "/sections")
		wantText(t, m, "栏目设置", "还没有订阅")
		wantLabels(t, m, "✅ 值得关注", "✅ 正文", "全部接收 | 全部关闭", "完成", "🔔 订阅")
		_, m = w.press(w.li, m, "全部关闭")
		_, m = w.press(w.li, m, "全部接收")
		_, m = w.press(w.li, m, "✅ 值得关注")
		_, m = w.press(w.li, m, "完成")
		wantText(t, m, "已开启 1/2 个栏目")
	})
}

func TestButtonsUnderAnIssueInChinese(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "值得关注")
		w.tell(w.li, "/subscribe")
		said := w.delivered(w.li.Chat(), 1, func() { w.li.Write("/latest") })
		last := said[len(said)-1]
		wantLabels(t, last, "🗂 栏目 | ⚙️ 设置 | ↗️ 分享")
		wantText(t, w.one(w.li.Chat(), func() { w.press(w.li, last, "🗂 栏目") }), "栏目设置")
		wantText(t, w.one(w.li.Chat(), func() { w.press(w.li, last, "⚙️ 设置") }), "版式：逐栏发送")
	})
}

func TestManySectionsHavePages(t *testing.T) {
	inWorld(t, func(w *world) {
		var names []string
		for i := range 30 {
			names = append(names, fmt.Sprintf("Section %c", 'A'+i))
		}
		w.issue(179, names...)
		m := w.tell(w.ann, "/sections")
		wantRow(t, m, "◀️ | 1/3 | ▶️")
		_, m = w.press(w.ann, m, "▶️")
		_, m = w.press(w.ann, m, "▶️")
		wantRow(t, m, "◀️ | 3/3 | ▶️")
		last := "Section " + string(rune('A'+29))
		_, m = w.press(w.ann, m, "✅ "+last)
		wantRow(t, m, "⬜ "+last)
		wantRow(t, m, "◀️ | 3/3 | ▶️")
		_, m = w.press(w.ann, m, "◀️")
		wantRow(t, m, "◀️ | 2/3 | ▶️")
	})
}

// A press arrives twice when the bot crashes after its effect, and from a
// keyboard that has not been redrawn yet.
func TestPressingTwiceIsPressingOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		before := w.tell(w.ann, "/sections")
		w.press(w.ann, before, "✅ Tools")
		_, now := w.press(w.ann, before, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
	})
}

func TestForgedCallbackData(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		m := w.tell(w.ann, "/sections")
		for _, data := range []string{
			"", "x", "1", "1:", "0:sub", "2:sub", "1:nothing", "1:sub:1", "1:mute", "1:mute:1:1", "1:mute:1:1:0:0", "1:mute:-1:1:0",
			"1:mute:+1:1:0", "1:mute:01:1:0", "1:mute:1:1:x", "1:mute:99999999999999999999:1:0", "1:mute:9999:1:0", "1:page:", " 1:close",
		} {
			answer, now := w.afterwards(w.ann.PressData(m, data), m)
			wantText(t, telegramsim.Message{Text: answer.Text}, "out of date. Send /help")
			if !slices.Equal(labels(now), labels(m)) {
				t.Errorf("%q changed the keyboard to %q", data, labels(now))
			}
		}
		answer, _ := w.afterwards(w.li.PressData(w.tell(w.li, "/start"), "1:gone"), m)
		wantText(t, telegramsim.Message{Text: answer.Text}, "这个按钮已经过期")
		// A page nobody could have asked for is the nearest there is.
		_, now := w.afterwards(w.ann.PressData(m, "1:page:9223372036854775807"), m)
		wantRow(t, now, "✅ Tools")
	})
}

func TestButtonUnderMessageOutOfReach(t *testing.T) {
	inWorld(t, func(w *world) {
		answer, _ := w.afterwards(w.ann.PressData(telegramsim.Message{Chat: w.ann.ID(), ID: 4711}, "1:sub"), telegramsim.Message{Chat: w.ann.ID()})
		wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
		if got := w.state(w.ann.ID(), 0); got == subscribers.On {
			t.Errorf("the reader is %q, want not subscribed", got)
		}
	})
}

func wantLabels(t testing.TB, m telegramsim.Message, want ...string) {
	t.Helper()
	if got := labels(m); !slices.Equal(got, want) {
		t.Errorf("buttons are %q, want %q", got, want)
	}
}

// wantRows checks that a message has these rows of buttons, perhaps among others.
func wantRows(t testing.TB, m telegramsim.Message, rows ...string) {
	t.Helper()
	for _, row := range rows {
		wantRow(t, m, row)
	}
}

func wantRow(t testing.TB, m telegramsim.Message, want string) {
	t.Helper()
	if got := labels(m); !slices.Contains(got, want) {
		t.Errorf("buttons are %q, want the row %q", got, want)
	}
}

// A person who taps faster than Telegram allows edits does not wait: every tap counts at
// once, and the keyboard catches up.
func TestManyTapsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools", "Books")
		m := w.tell(w.ann, "/sections")
		var taps []*telegramsim.Query
		for range 5 {
			for _, name := range []string{"✅ News", "✅ Tools", "✅ Books"} {
				q, err := w.ann.Press(m, name)
				if err != nil {
					w.t.Fatal(err)
				}
				taps = append(taps, q)
			}
		}
		w.pass(time.Second)
		for _, q := range taps {
			if _, ok := q.Answer(); !ok {
				t.Errorf("the tap %s was not answered within a second", q.Data)
			}
		}
		w.settle()
		now, _ := w.ann.Chat().Message(m.ID)
		wantRow(t, now, "⬜ News")
		wantRow(t, now, "⬜ Tools")
		wantRow(t, now, "⬜ Books")
		if now.Edits > 4 {
			t.Errorf("the keyboard was edited %d times for taps in one moment", now.Edits)
		}
	})
}
