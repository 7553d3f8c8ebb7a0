package bot_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// In place of issues a reader gets their headlines once a month, from where each can be
// asked for.
func TestMonthlyHeadlines(t *testing.T) {
	inWorld(t, func(w *world) {
		settings := w.chooseOften("Monthly headlines")
		wantText(t, w.tell(w.ann, "/subscribe"), "The headlines come to this chat in one message")
		_, m := w.press(w.li, w.tell(w.li, "/settings"), "🔁 接收频率")
		w.press(w.li, m, "每月标题速览")

		var monthly telegramsim.Message
		for n, want := range []int{1, 0, 1, 0} { // 19 and 26 November, 3 and 10 December
			w.issue(179+n, "News", "Tools")
			said := w.said(w.ann.Chat(), func() { w.scheduled(time.Hour) })
			if len(said) != want {
				t.Fatalf("issue %d brings %q, want %d messages", n, texts(said), want)
			}
			switch n {
			case 1:
				wantText(t, w.admin.Chat().Last(), "To 2 subscribers", "skipped, reader wants fewer issues: 6 messages")
			case 2:
				monthly = said[0]
				wantText(t, w.admin.Chat().Last(), "To 2 subscribers", "within another message: 4 messages")
			}
		}
		wantText(t, monthly, "🗞 Monthly headlines\n\nWeekly <181> · 3 December 2021\n• About News\n• About Tools\n\nWeekly <180> · 26 November 2021")
		wantLabels(t, monthly, "📰 181 | 📰 180", "🗄 All issues | ⚙️ Settings")
		wantText(t, w.li.Chat().Last(), "🗞 每月标题速览", "2021年12月3日")

		if said := w.said(w.ann.Chat(), func() { w.press(w.ann, monthly, "📰 180") }); len(said) != 3 {
			t.Errorf("the button of an issue brings %q, want the issue", texts(said))
		}
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 3 {
			t.Errorf("/latest brings %q, want the issue", texts(said))
		}
		_, m = w.press(w.ann, settings, "🔁 How often")
		w.press(w.ann, m, "Every issue")
		w.issue(183, "News", "Tools")
		if said := w.said(w.ann.Chat(), func() { w.scheduled(time.Hour) }); len(said) != 3 {
			t.Errorf("with every issue, %q comes", texts(said))
		}
	})
}

// In a group the buttons lead each member to the private chat.
func TestMonthlyHeadlinesInAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.groupOfAnn()
		sub, _, err := w.store.Subscribe(w.t.Context(), subscribers.Chat{ID: group.ID, Kind: subscribers.Supergroup})
		if err == nil {
			err = w.store.SetEvery(w.t.Context(), sub.ID, subscribers.Monthly)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.issue(179, "News", "Tools")
		said := w.said(group, func() { w.scheduled(time.Hour) })
		if len(said) != 1 {
			t.Fatalf("%q comes, want one message", texts(said))
		}
		wantText(t, said[0], "🗞 Monthly headlines", "• About Tools")
		wantLabels(t, said[0], "📰 179", "🔔 Get it in private")
		for _, row := range said[0].Keyboard {
			for _, button := range row {
				if button.URL == "" {
					t.Errorf("%q is no link", button.Text)
				}
			}
		}
	})
}
