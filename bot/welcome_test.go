package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"digestbot/bot/talk"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// sentences are what the operator says of the bot in these tests.
var sentences = talk.Sentences{language.Und: "Letters from a <garden> & more", language.MustParse("zh-Hans"): "来自花园的信"}

// inWorldWith is inWorld with what the operator says of the bot.
func inWorldWith(t *testing.T, welcome talk.Sentences, test func(w *world)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		w.config.Welcome = welcome
		w.start()
		test(w)
	})
}

// The welcome says what the bot is and shows what it brings, and the newest issue is one
// tap away.
func TestWelcome(t *testing.T) {
	inWorldWith(t, sentences, func(w *world) {
		w.issue(178, "Old")
		w.issue(179, "News")
		m := w.tell(w.ann, "/start")
		wantText(t, m, "Welcome to Digest!", "Letters from a <garden> & more", "You choose the sections.", "Newest issue: Weekly <179> · 19 November 2021", "Friday, 7 January, 09:00")
		wantLabels(t, m, "🔔 Subscribe | 👀 See the latest")
		if strings.Contains(m.HTML, "<garden>") {
			t.Errorf("the welcome is %q, want the sentence escaped", m.HTML)
		}
		if said := w.said(w.ann.Chat(), func() { w.press(w.ann, m, "👀 See the latest") }); len(said) != 2 {
			t.Errorf("the bot said %q, want cover and section", texts(said))
		}
		_, m = w.press(w.ann, m, "🔔 Subscribe")
		wantText(t, m, "Subscribed.")
		wantText(t, w.tell(w.li, "/start"), "欢迎来到“Digest”！", "来自花园的信", "最新一期：Weekly <179>")
	})
}

// An issue without its number in the title is named with it.
func TestWelcomeNamesTheNumber(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := longIssue(12)
		issue.Title = "Frost"
		w.save(issue)
		wantText(t, w.tell(w.ann, "/start"), "Newest issue: 12 · Frost · ")
	})
}

// Whoever is subscribed is told so, and is not asked to subscribe.
func TestWelcomeBack(t *testing.T) {
	inWorldWith(t, sentences, func(w *world) {
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/start nonsense")
		wantText(t, m, "Welcome back to Digest! You are subscribed.", "Newest issue: Weekly <179>")
		wantLabels(t, m, "🗂 Sections | 📰 Latest issue")
		w.tell(w.ann, "/pause 2w")
		wantText(t, w.tell(w.ann, "/start"), "Paused. The next issue comes on")
	})
}

// A withdrawn issue is not shown as the newest.
func TestWelcomeAfterWithdrawal(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := w.issue(179, "News")
		if _, err := w.store.WithdrawIssue(w.t.Context(), issue.ID, subscribers.InPrivate(adminID)); err != nil {
			t.Fatal(err)
		}
		m := w.tell(w.ann, "/start")
		wantText(t, m, "no issue yet")
		wantLabels(t, m, "🔔 Subscribe")
	})
}

// A group hears what the bot is, when it comes and when somebody asks, and whether it is
// subscribed.
func TestWelcomeInAGroup(t *testing.T) {
	inWorldWith(t, sentences, func(w *world) {
		w.issue(179, "News")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		wantText(t, w.one(group, func() { group.AddBot(w.ann) }), "this is Digest!", "Letters from a <garden>", "Admins of this chat")
		w.pass(time.Minute)
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/start") }), "这里是“Digest”！", "来自花园的信", "本群管理员")
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		m := w.one(group, func() { w.li.WriteIn(group, "/start") })
		wantText(t, m, "这里是“Digest”！", "已经订阅", "最新一期：")
		w.wantState(group.ID, subscribers.On)
	})
}

// A link does what it says, and is no welcome.
func TestWelcomeIsNotForLinks(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for payload, want := range map[string]string{"subscribe": "Subscribed.", "issue_1": "There is no issue 1.", "search": "Search all issues"} {
			wantText(t, w.one(w.ann.Chat(), func() { w.ann.Open(payload) }), want)
		}
	})
}

// The name of a bot may have anything in it.
func TestWelcomeWithAStrangeName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const name = "<b>&amp; {Bot}"
		w := newWorld(t, func(o *telegramsim.Options) { o.Name = name })
		w.start()
		wantText(t, w.tell(w.ann, "/start"), "Welcome to "+name+"!")
	})
}
