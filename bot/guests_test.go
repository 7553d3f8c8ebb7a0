package bot_test

import (
	"testing"

	"digestbot/bot/telegramsim"
)

// Who comes for one issue by a link finds how to get all of them.
func TestGuestsCanSubscribe(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, test := range []struct {
			by    *telegramsim.Person
			label string
		}{{w.ann, "🔔 Subscribe"}, {w.li, "🔔 订阅"}} {
			said := w.said(test.by.Chat(), func() { test.by.Write("/start issue_179") })
			last := said[len(said)-1]
			b, ok := last.Button(test.label)
			if !ok || b.URL != "https://t.me/digest_sim_bot?start=subscribe" {
				t.Errorf("under the issue are %q, want a link to subscribe", labels(last))
			}
			w.tell(test.by, "/start subscribe")
			w.wantState(test.by.ID(), "on")
		}
	})
}

// Whoever turns a page of the archive in a group, it stays in the group's
// language.
func TestPagesOfAGroupKeepItsLanguage(t *testing.T) {
	inWorld(t, func(w *world) {
		for number := 160; number < 180; number++ {
			w.issue(number, "News")
		}
		group := w.club()
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		m := w.one(group, func() { w.ann.WriteIn(group, "/issues") })
		_, m = w.press(w.li, m, "▶️")
		wantText(t, m, "The archive: 20 issues")
		m = w.one(group, func() { w.ann.WriteIn(group, "/search About") })
		before := m.Text
		_, m = w.press(w.li, m, "▶️")
		_, m = w.press(w.li, m, "◀️")
		if m.Text != before {
			t.Errorf("after turning the page and back the message is %q, was %q", m.Text, before)
		}
	})
}

func TestWhatLooksLikeACommandIsAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 2 { // other chatter is answered once in an hour
			wantText(t, w.tell(w.li, "/搜索"), "/help")
			wantText(t, w.tell(w.ann, "//"), "/help")
		}
	})
}
