package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// asks reports whether a message asks how issues are to come.
func asks(m telegramsim.Message) bool {
	return strings.Contains(strings.Join(labels(m), "\n"), "One per section") || strings.Contains(m.Text, "How should issues come?")
}

// The second press of a double tap does not take the question away.
func TestDoubleTapKeepsTheLayoutQuestion(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools", "Essays")
		welcome := w.tell(w.ann, "/start")
		_, m := w.press(w.ann, welcome, "🔔 Subscribe")
		w.afterwards(w.ann.PressData(welcome, "1:sub"), welcome)
		m, _ = w.ann.Chat().Message(m.ID)
		wantText(t, m, "Subscribed", "How should issues come?")
		wantLabels(t, m, "One per section · 4 messages", "One message", "🗂 Sections | 📰 Latest issue")
		_, m = w.press(w.ann, m, "One message")
		wantText(t, m, "Layout: One message")
		_, m = w.afterwards(w.ann.PressData(welcome, "1:sub"), m)
		if asks(m) {
			t.Errorf("message is %q, want no question that is answered", m.Text)
		}
	})
}

// A reader who subscribes is asked once how issues are to come, with what that means for
// the newest one.
func TestLayoutIsAskedForOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News")
		w.issue(179, "News", "Tools", "Essays")
		m := w.tell(w.ann, "/subscribe")
		wantText(t, m, "Subscribed", "How should issues come?")
		wantLabels(t, m, "One per section · 4 messages", "One message", "🗂 Sections | 📰 Latest issue")
		answer, m := w.press(w.ann, m, "One message")
		wantPopup(t, answer, "Saved")
		wantText(t, m, "Subscribed", "Layout: One message")
		wantLabels(t, m, "🗂 Sections | 📰 Latest issue")
		if got := w.choices(w.ann.ID(), 0).Layout; got != digest.LayoutCompact {
			t.Errorf("the layout is %q, want compact", got)
		}
		wantHeadings(t, w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }), "Weekly <179>")

		// It is not asked again, whether it was answered or not.
		m = w.tell(w.li, "/start")
		_, m = w.press(w.li, m, "🔔 订阅")
		wantText(t, m, "订阅成功", "想怎么收")
		wantLabels(t, m, "逐栏发送 · 4 条消息", "合成一条", "🗂 栏目 | 📰 最新一期")
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			w.tell(p, "/unsubscribe")
			if m := w.tell(p, "/subscribe"); len(labels(m)) != 1 {
				t.Errorf("the buttons are %q, want no question", labels(m))
			}
		}
		// The buttons still do what they say, also under a chat that has left.
		w.tell(w.li, "/unsubscribe")
		answer, m = w.press(w.li, m, "逐栏发送 · 4 条消息")
		wantPopup(t, answer, "已保存")
		wantText(t, m, "已退订")
		if got := w.choices(w.li.ID(), 0).Layout; got != digest.LayoutSections {
			t.Errorf("the layout is %q, want sections", got)
		}
		answer, _ = w.afterwards(w.li.PressData(m, "1:laya:4"), m)
		wantPopup(t, answer, "这个按钮已经过期")
	})
}

// The numbers are those of this reader: what they muted does not count.
func TestLayoutQuestionCountsWhatTheReaderGets(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News", "Tools", "Essays")
		w.issue(179, "News", "Tools", "Essays")
		w.press(w.ann, w.tell(w.ann, "/sections"), "✅ Tools")
		wantLabels(t, w.tell(w.ann, "/subscribe"), "One per section · 3 messages", "One message", "🗂 Sections | 📰 Latest issue")
		w.press(w.li, w.tell(w.li, "/sections"), "全部关闭")
		if m := w.tell(w.li, "/subscribe"); strings.Contains(m.Text, "想怎么收") {
			t.Errorf("a reader of nothing is asked %q", m.Text)
		}
	})
}

// There is nothing to ask of a reader who has chosen, or before there is an issue of
// several messages. They are asked when they subscribe again.
func TestLayoutIsNotAskedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 2 {
			if m := w.tell(w.ann, "/subscribe"); asks(m) {
				t.Errorf("without an issue a reader is asked %q", m.Text)
			}
			w.tell(w.ann, "/unsubscribe")
			w.save(&digest.Issue{Key: "1", Title: "Only a cover"})
		}
		w.issue(179, "News", "Tools")
		w.setLayout(w.ann.ID(), digest.LayoutSections)
		if m := w.tell(w.ann, "/subscribe"); asks(m) {
			t.Errorf("a reader who has chosen is asked %q", m.Text)
		}
		w.tell(w.ann, "/unsubscribe")
		w.setLayout(w.ann.ID(), "")
		if m := w.tell(w.ann, "/subscribe"); !asks(m) {
			t.Errorf("a reader who was never asked hears only %q", m.Text)
		}
	})
}

// An operator whose readers get rich messages offers these.
func TestLayoutQuestionOfRich(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Layout = digest.LayoutRich
		w.start()
		w.save(longIssue(179))
		m := w.tell(w.ann, "/subscribe")
		_, m = w.press(w.ann, m, "One per section · 4 messages")
		wantText(t, m, "Layout: Rich")
		wantHeadings(t, w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }), "rich Long 179", "rich News · № 179", "rich Essays · № 179", "rich Tools · № 179")
	})
}

// In a group its admins are asked. In a channel nobody is: all readers would see it.
func TestLayoutQuestionInGroupsAndChannels(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		m := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		wantRow(t, m, "One per section · 3 messages")
		answer, _ := w.press(w.li, m, "One message")
		wantPopup(t, answer, "只有这里的管理员才能修改")
		_, m = w.press(w.ann, m, "One message")
		wantText(t, m, "Layout: One message")

		channel := w.sim.NewChannel("News", w.ann)
		w.said(channel, func() { channel.AddBot(w.ann) })
		if m := w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") }); asks(m) {
			t.Errorf("a channel is asked %q with %q", m.Text, labels(m))
		}
	})
}

// wideIssue keeps an issue with so many sections of two items each: a cover and a message
// for each.
func (w *world) wideIssue(number, sections int) archive.Issue {
	issue := &digest.Issue{
		Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number),
		Date: time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(number-179)),
	}
	for n := range sections {
		name := fmt.Sprintf("Part %c", 'A'+n)
		issue.Sections = append(issue.Sections, sectionOf(name, "About "+name, "More of it"))
	}
	return w.save(issue)
}

const hint = "📰 Fewer messages?"

// hints counts the messages with the hint that there are layouts of fewer messages.
func hints(messages []telegramsim.Message) (n int) {
	for _, m := range messages {
		if strings.Contains(strings.Join(labels(m), "\n"), hint) {
			n++
		}
	}
	return n
}

// Under the last message of the first issue that is more than six messages to a reader
// stands a hint, once. It is no message of its own.
func TestHintAfterManyMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		small := w.wideIssue(177, 5)
		chooser := w.sim.NewPerson("Eve", telegramsim.Language("en"))
		muter := w.sim.NewPerson("Mia", telegramsim.Language("en"))
		group := w.sim.NewSupergroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		for _, p := range []*telegramsim.Person{w.ann, chooser, muter} {
			w.tell(p, "/subscribe")
		}
		w.setLayout(chooser.ID(), digest.LayoutSections)
		w.press(muter, w.tell(muter, "/sections"), "✅ Part B")
		wantBooks(t, w.broadcastIssue(small), 4*6-1, map[subscribers.Reason]int{"muted": 1})
		wantBooks(t, w.broadcastIssue(w.wideIssue(178, 6)), 4*7-1, map[subscribers.Reason]int{"muted": 1})
		w.broadcastIssue(w.wideIssue(179, 6))
		for who, chat := range map[string]*telegramsim.Chat{"one who chose": chooser.Chat(), "one who muted": muter.Chat(), "a group": group} {
			if n := hints(chat.FromBot()); n != 0 {
				t.Errorf("%s got %d hints, want none", who, n)
			}
		}
		all := w.ann.Chat().FromBot()
		if n := hints(all); n != 1 {
			t.Fatalf("the reader got %d hints, want one", n)
		}
		last := all[len(all)-7-1] // before the third issue
		wantLabels(t, last, hint, "↗️ Share a section", closingEnglish)
		m := w.one(w.ann.Chat(), func() { w.press(w.ann, last, hint) })
		wantText(t, m, "How should issues look?")
		w.press(w.ann, m, "Up to six")
		if got := w.said(w.ann.Chat(), func() { w.ann.Write("/latest"); w.pass(time.Minute) }); len(got) != 1 {
			t.Errorf("the messages are %q, want one", headings(got))
		}
	})
}
