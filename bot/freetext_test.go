package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// library archives an issue with items to find.
func (w *world) library(number int, titles ...string) {
	w.t.Helper()
	issue := longIssue(number)
	issue.Title = "Weekly"
	section := digest.Section{Key: "news", Name: "News"}
	for _, title := range titles {
		section.Items = append(section.Items, digest.Item{Title: []digest.Span{{Text: title}}})
	}
	issue.Sections = []digest.Section{section}
	w.save(issue)
}

// Words that are no command are offered as a search, with the number of hits.
func TestFreeTextIsASearch(t *testing.T) {
	inWorld(t, func(w *world) {
		w.library(12, "The library opens", "A library for <b>all</b> & sundry", "Roses")
		m := w.tell(w.ann, "Library")
		wantText(t, m, "Library is in 2 items. Shall I show them?", "/help")
		wantLabels(t, m, "🔍 Search “Library”")
		_, m = w.press(w.ann, m, "🔍 Search “Library”")
		wantText(t, m, "Library: 2 items found", "The library opens")

		m = w.tell(w.li, "  roses ")
		wantText(t, m, "往期中有 1 条提到 roses，要看看吗？")
		wantLabels(t, m, "🔍 搜索“roses”")
		_, m = w.press(w.li, m, "🔍 搜索“roses”")
		wantText(t, m, "roses：找到 1 条")

		// What somebody writes is text.
		m = w.tell(w.ann, "<b>all</b> & sundry")
		wantText(t, m, "<b>all</b> & sundry is in 1 item. Shall I show it?")
		_, m = w.press(w.ann, m, "🔍 Search “<b>all</b> & sundry”")
		wantText(t, m, "1 item found")
	})
}

// Whoever writes too much is told so once, and the rest of the minute is quiet.
func TestFloodOfFreeText(t *testing.T) {
	inWorld(t, func(w *world) {
		w.library(12, "The library opens")
		said := w.said(w.ann.Chat(), func() {
			for i := range 30 {
				if i%2 == 0 {
					w.ann.Write("library")
				} else {
					w.ann.SendSticker("🐝")
				}
			}
			w.pass(time.Minute)
		})
		if len(said) != 21 {
			t.Fatalf("the bot said %d things, want 20 answers and a word about the flood", len(said))
		}
		wantText(t, said[20], "That was a bit too fast for me")
		wantText(t, w.tell(w.ann, "library"), "library is in 1 item")
	})
}

// If nothing has all words, the rarest is offered. If nothing has any, something else is.
func TestFreeTextThatIsNotFound(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.ann, "library"), "There is no issue yet", "/help")
		w.library(12, "The library opens", "The roses", "The frost and the roses")
		m := w.tell(w.ann, "Is there anything in the library?")
		wantText(t, m, "No item has all of these words, but library is in 1 item.")
		_, m = w.press(w.ann, m, "🔍 Search “library”")
		wantText(t, m, "1 item found", "The library opens")

		m = w.tell(w.ann, "zebra")
		wantText(t, m, "Nothing found for zebra", "Try fewer words", "/help")
		wantLabels(t, m, "📰 Latest issue", "🗄 All issues")
		wantText(t, w.tell(w.ann, "subscirbe"), "Nothing found for subscirbe.\n\nDid you mean /subscribe?")
		wantText(t, w.tell(w.ann, "brodcast"), "Nothing found for brodcast", "/help")
		wantText(t, w.tell(w.admin, "brodcast"), "Did you mean /broadcast?")
		wantText(t, w.tell(w.ann, "how do I unsubscribe?"), "Did you mean /unsubscribe?")
		wantText(t, w.tell(w.ann, "stop the roses"), "No item has all of these words, but roses is in 2 items.", "Did you mean /unsubscribe?")
		wantText(t, w.tell(w.ann, "any issues with the zebra"), "Nothing found for any issues with the zebra", "/help")
		wantText(t, w.tell(w.li, "怎么退订呢"), "你是不是想用 /unsubscribe？")
	})
}

// The number of an issue is that issue, however it is written.
func TestNumberIsAnIssue(t *testing.T) {
	inWorld(t, func(w *world) {
		w.library(12, "The library opens")
		w.library(13, "Sales in 2024")
		for _, text := range []string{"12", " #12 ", "№ 12", "No. 12", "issue 12", "Issue #12", "第12期", "第 12 期", "第十二期", "１２", "12期", "12.", "/issue_12", "/12", "/issue_12@digest_sim_bot"} {
			if said := w.said(w.ann.Chat(), func() { w.ann.Write(text) }); len(said) != 2 || !strings.Contains(said[1].Text, "The library opens") {
				t.Errorf("to %q the bot said %q, want issue 12", text, texts(said))
			}
		}
		m := w.tell(w.ann, "2024")
		wantText(t, m, "There is no issue 2024.", "2024 is in 1 item.")
		wantLabels(t, m, "🔍 Search “2024”", "🗄 All issues")
		_, m = w.press(w.ann, m, "🔍 Search “2024”")
		wantText(t, m, "Sales in 2024")
		m = w.tell(w.ann, "99")
		wantText(t, m, "There is no issue 99.")
		wantLabels(t, m, "🗄 All issues")
		wantText(t, w.tell(w.ann, "0"), "Nothing found for 0")
		wantText(t, w.tell(w.ann, "99999999999999999999"), "Nothing found for 99999999999999999999")
	})
}

// Words for leaving, pausing and resuming do what they say, with the way back that the
// command has.
func TestWordsThatLeaveAndPause(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, test := range []struct {
			p                                                          *telegramsim.Person
			leave, pause, resume                                       []string
			left, undo, ask, until, back, pauses, gone, never, restore string
		}{
			{
				w.ann, []string{"stop", "Unsubscribe!", "cancel", "/stop", "/cancel", "取消"}, []string{"pause 2 weeks", "Pause for 3w", "/pause 10d", "stop for a month"}, []string{"resume", "/resume", "Continue", "继续"},
				"Unsubscribed.", "↩️ Undo", "How long should I pause?", "Paused. The next issue comes on", "Back on.", "pause", "not subscribed", "No pause.", "🔔 Subscribe",
			},
			{
				w.li, []string{"取消", "退订", "取消订阅", "停止", "别发了", "不想看了", "stop"}, []string{"暂停两周", "暂停 3周", "pause 2 weeks"}, []string{"继续", "恢复", "取消暂停", "resume"},
				"已退订", "↩️ 撤销", "要暂停多久？", "已暂停，下一期将于", "已恢复", "暂停", "没有订阅", "没有暂停", "🔔 订阅",
			},
		} {
			m := w.tell(test.p, test.resume[0])
			wantText(t, m, test.gone)
			wantLabels(t, m, test.restore)
			w.tell(test.p, "/subscribe")
			wantText(t, w.tell(test.p, test.resume[0]), test.never)
			wantText(t, w.tell(test.p, test.pauses), test.ask)
			for _, text := range test.pause {
				wantText(t, w.tell(test.p, text), test.until)
				wantText(t, w.tell(test.p, test.resume[0]), test.back)
				w.wantState(test.p.ID(), subscribers.On)
			}
			for _, text := range test.resume {
				w.tell(test.p, "/pause 1w")
				wantText(t, w.tell(test.p, text), test.back)
				if until := w.choices(test.p.ID(), 0).PausedUntil; !until.IsZero() {
					t.Errorf("after %q the reader is paused until %v", text, until)
				}
			}
			for _, text := range test.leave {
				m := w.tell(test.p, text)
				wantText(t, m, test.left)
				w.wantState(test.p.ID(), subscribers.Off)
				w.press(test.p, m, test.undo)
				w.wantState(test.p.ID(), subscribers.On)
			}
		}
	})
}

// Other words do what their command does, and what deletes asks first.
func TestMoreWords(t *testing.T) {
	inWorld(t, func(w *world) {
		w.library(12, "The library opens")
		for text, want := range map[string]string{
			"hello": "Welcome to Digest!", "你好": "Welcome to Digest!", "settings": "Settings", "archive": "The archive: 1 issue",
			"search": "Search all issues", "search: library": "library: 1 item found", "Search for library": "library: 1 item found", "/搜索 library": "library: 1 item found",
			"pause button": "Nothing found for pause button", "2 weeks": "Nothing found for 2 weeks",
		} {
			wantText(t, w.tell(w.ann, text), want)
		}
		m := w.tell(w.ann, "delete my data")
		wantText(t, m, "Delete everything about this chat?")
		wantLabels(t, m, "🗑 Delete everything", "Keep it")
	})
}

// In groups and channels nobody's talk is answered.
func TestFreeTextInGroups(t *testing.T) {
	inWorld(t, func(w *world) {
		w.library(12, "The library opens")
		group := w.groupOfAnn()
		group.PromoteBot(w.ann, telegramsim.AllRights()) // so that it sees everything
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		for _, text := range []string{"library", "12", "第12期", "stop", "取消", "pause 2 weeks", "hello", "/stop", "/12"} {
			if said := w.said(group, func() { w.ann.WriteIn(group, text) }); len(said) != 0 {
				t.Errorf("to %q in a group the bot said %q", text, texts(said))
			}
		}
		w.wantState(group.ID, subscribers.On)
		if said := w.said(group, func() { w.ann.WriteIn(group, "/issue_12") }); len(said) != 2 {
			t.Errorf("to /issue_12 the bot said %q, want the issue", texts(said))
		}
		group.Join(w.li)
		w.said(group, func() { w.ann.WriteIn(group, "/pause 1w"); w.li.WriteIn(group, "/resume") })
		if w.choices(group.ID, 0).PausedUntil.IsZero() {
			t.Error("a member ended the pause of the group")
		}
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/resume") }), "Back on.")
	})
}
