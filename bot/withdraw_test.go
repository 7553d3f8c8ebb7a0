package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// A withdrawn issue is found nowhere: not as the newest, in the archive, a search, an
// inline query, by its number or a link, nor behind an old button. Restored it is
// where it was.
func TestWithdrawAndRestore(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Frost")
		twelve := w.save(longIssue(179))
		w.tell(w.ann, "/subscribe")
		compact := w.compactIn(w.ann.Chat(), w.ann)
		list := w.tell(w.admin, "/withdraw")
		wantText(t, list, "Which issue do you want to take back?", "Long 179", "Weekly <178>")
		wantLabels(t, list, "179 · "+twelve.Date.Format("2 January 2006"), "178 · 12 November 2021")
		_, question := w.press(w.admin, list, labels(list)[0])
		wantText(t, question, "Withdraw this issue?", "Long 179", "1 subscriber has all or part of it.")
		wantLabels(t, question, "🚫 Withdraw it", "Don't withdraw", "🗑 Recall what was sent")
		answer, done := w.press(w.admin, question, "🚫 Withdraw it")
		wantPopup(t, answer, "🚫 Withdrawn")
		wantText(t, done, "Withdrawn: Long 179", "1 subscriber has all or part of it", "even if the document changes")
		wantLabels(t, done, "↩️ Restore", "🗑 Recall what was sent")

		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 1 || !strings.Contains(said[0].Text, "Weekly <178>") {
			t.Errorf("/latest brings %q, want the issue before", texts(said))
		}
		wantText(t, w.tell(w.ann, "/issues"), "1 issue")
		wantText(t, w.tell(w.ann, "/search essays"), "Nothing found")
		if _, answer := w.inline(w.ann, "essays", ""); len(answer.Results) != 0 {
			t.Errorf("an inline query finds %d items, want none", len(answer.Results))
		}
		for _, ask := range []string{"/issue 179", "/start issue_179"} {
			wantText(t, w.tell(w.ann, ask), "This issue has been withdrawn.")
		}
		answer, now := w.press(w.ann, compact, "▾ News")
		wantPopup(t, answer, "This issue has been withdrawn.")
		if now.Text != compact.Text {
			t.Errorf("the message became %q", now.Text)
		}
		for _, data := range []string{"1:iss:2", "1:part:2:1"} {
			answer, _ := w.afterwards(w.ann.PressData(compact, data), compact)
			wantPopup(t, answer, "This issue has been withdrawn.")
		}
		wantText(t, w.tell(w.admin, "/withdraw"), "Long 179 · "+twelve.Date.Format("2 January 2006")+" · 🚫 withdrawn")
		again := w.tell(w.admin, "/withdraw 179")
		wantText(t, again, "Withdrawn: Long 179")
		wantLabels(t, again, "↩️ Restore", "🗑 Recall what was sent")

		_, done = w.press(w.admin, done, "↩️ Restore")
		wantText(t, done, "Restored: Long 179")
		wantLabels(t, done)
		_, again = w.press(w.admin, again, "↩️ Restore")
		wantText(t, again, "Restored: Long 179")
		wantText(t, w.tell(w.ann, "/issues"), "2 issues")
		wantText(t, w.tell(w.ann, "/search essays"), "found")
		_, now = w.press(w.ann, compact, "▾ News")
		wantText(t, now, "News item 1")
	})
}

func TestWithdrawIsAskedAndOnlyForAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		wantText(t, w.tell(w.admin, "/withdraw"), "No issue yet")
		w.issue(179, "News")
		wantText(t, w.tell(w.ann, "/withdraw 179"), "I don't know what to do with that")
		wantText(t, w.tell(w.ann, "/redate 179 2021-11-20"), "I don't know what to do with that")
		wantText(t, w.tell(w.admin, "/help"), "/withdraw", "/redate")
		own, question := w.tell(w.ann, "/start"), w.tell(w.admin, "/withdraw 179")
		for _, data := range []string{"1:bwask:1", "1:bwith:1", "1:bwno:1", "1:bback:1", "1:bdate:1:0", "1:bright:1", "1:bahead:1"} {
			for _, under := range []telegramsim.Message{own, question} {
				answer, _ := w.afterwards(w.ann.PressData(under, data), under)
				wantPopup(t, answer, "for the admins of the bot")
			}
		}
		_, kept := w.press(w.admin, question, "Don't withdraw")
		wantText(t, kept, "Not withdrawn: Weekly <179>")
		answer, _ := w.afterwards(w.admin.PressData(question, "1:bwith:1"), question)
		wantPopup(t, answer, "This was already answered with no")
		for _, data := range []string{"1:bwask:9", "1:bwith:9", "1:bback:9", "1:bdate:9:0", "1:bdate:1:9999999", "1:bright:9", "1:bahead:9"} {
			answer, _ := w.afterwards(w.admin.PressData(question, data), question)
			wantPopup(t, answer, "out of date")
		}
		if issue, err := w.store.Issue(w.t.Context(), 1); err != nil || issue.Withdrawn || issue.Date.Year() != 2021 {
			t.Errorf("the issue is %+v, %v; want it as it was", issue, err)
		}
	})
}

// Names that fit no issue, or several, lead to buttons.
func TestWithdrawByAName(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News")
		w.issue(179, "News")
		w.unnumbered("frost-special", "About frost")
		m := w.tell(w.admin, "/withdraw <180>")
		wantText(t, m, "There is no issue <180>. These are the newest:")
		wantLabels(t, m, "179 · 19 November 2021", "178 · 12 November 2021", "About frost · 3 January 2020")
		wantText(t, w.tell(w.admin, "/withdraw Frost-Special"), "Withdraw this issue?", "About frost")
		w.exec("UPDATE issues SET number = 179 WHERE number = 178")
		m = w.tell(w.admin, "/redate 179 2021-11-18")
		wantText(t, m, "179 may be one of these issues:")
		wantLabels(t, m, "179 · 19 November 2021", "179 · 12 November 2021")
		_, m = w.press(w.admin, m, "179 · 12 November 2021")
		wantText(t, m, "Weekly <178> · 18 November 2021", "It was dated 12 November 2021.")
	})
}

// While it is sent, a withdrawal ends the broadcast at once, for those who wait for a
// time of their own as well; the report says who had it.
func TestWithdrawWhileItIsSent(t *testing.T) {
	inOwnTime(t, func(w *world, sunday []*telegramsim.Person) {
		w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
		w.pass(time.Minute)
		question := w.tell(w.admin, "/withdraw 179")
		wantText(t, question, "Its broadcast is under way and will be cancelled.", "5 subscribers have all or part of it")
		_, done := w.press(w.admin, question, "🚫 Withdraw it")
		wantText(t, done, "Its broadcast has been cancelled.", "5 subscribers have all or part of it")
		bc := w.finished()
		if bc.State != subscribers.Cancelled {
			t.Errorf("the broadcast is %s, want cancelled", bc.State)
		}
		books, err := w.store.Books(w.t.Context(), bc.ID)
		if err != nil || books.Check() != nil || books.Sum(subscribers.OutcomeSent) != 10 {
			t.Errorf("books are %+v, %v; want ten messages sent, and the rest skipped", books, err)
		}
		for _, p := range sunday {
			if said := w.said(p.Chat(), func() { w.pass(24 * time.Hour) }); len(said) != 0 {
				t.Errorf("on Sunday a reader gets %q, want nothing", texts(said))
			}
		}
		// Nothing older goes out in its stead, and the retry of a cancelled broadcast is refused.
		if said := w.said(w.admin.Chat(), func() { w.fire() }); len(said) != 1 || !strings.Contains(said[0].Text, "nothing was sent") {
			t.Errorf("the schedule says %q, want that there is nothing new", texts(said))
		}
	})
}

// fire fires the schedule.
func (w *world) fire() {
	w.t.Helper()
	if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
}

// The command line withdraws in another process: the bot notices while it sends, and
// also when the broadcast is paused.
func TestWithdrawByAnotherProcess(t *testing.T) {
	for _, paused := range []bool{false, true} {
		inWorldToStart(t, func(w *world) {
			w.config.Rate = 2
			row := w.issue(179, "News")
			w.start()
			people := w.readers(60)
			w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
			if paused {
				w.pressNow(w.admin, w.tell(w.admin, "/status"), "1:bpause:1")
				w.settle()
			}
			other, err := subscribers.Open(w.t.Context(), w.path)
			if err != nil {
				w.t.Fatal(err)
			}
			defer other.Close()
			if _, err := other.WithdrawIssue(w.t.Context(), row.ID, subscribers.InPrivate(0)); err != nil {
				w.t.Fatal(err)
			}
			w.pass(70 * time.Second)
			bc, err := w.store.LastBroadcast(w.t.Context())
			if err != nil || bc.State != subscribers.Cancelled || bc.FinishedAt.IsZero() {
				t.Errorf("paused %v: the broadcast is %+v, %v; want it cancelled and its books closed", paused, bc, err)
			}
			without := slices.DeleteFunc(people, func(p *telegramsim.Person) bool { return len(p.Chat().FromBot()) > 1 })
			if len(without) == 0 {
				t.Errorf("paused %v: everybody got the issue", paused)
			}
		})
	}
}

// Admins hear once that the document of a withdrawn issue has changed.
func TestCorrectionOfAWithdrawnIssueIsTold(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		row := w.issue(179, "News")
		if _, err := w.store.WithdrawIssue(w.t.Context(), row.ID, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
		look := func() { w.bot.SourceChecked(w.t.Context(), "issues", nil) }
		if said := w.said(w.admin.Chat(), look); len(said) != 0 {
			t.Errorf("the bot says %q, want nothing", texts(said))
		}
		w.issue(179, "News", "Errata")
		m := w.one(w.admin.Chat(), look)
		wantText(t, m, "The document of Weekly <179> · 19 November 2021 has changed.", "stays withdrawn until you restore it")
		if said := w.said(w.admin.Chat(), look); len(said) != 0 {
			t.Errorf("the bot says %q again", texts(said))
		}
		wantText(t, w.tell(w.ann, "/latest"), "There is no issue yet")
		_, m = w.press(w.admin, m, "↩️ Restore")
		wantText(t, m, "Restored: Weekly <179>")
	})
}

// After a withdrawal the schedule does not send the issue before, and says why.
func TestScheduleSaysThatANewerIssueWasWithdrawn(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.issue(178, "News")
		row := w.issue(179, "News")
		w.said(w.ann.Chat(), w.fire)
		w.finished()
		if _, err := w.store.WithdrawIssue(w.t.Context(), row.ID, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
		said := w.said(w.ann.Chat(), func() {
			m := w.one(w.admin.Chat(), w.fire)
			wantText(t, m, "nothing was sent", "The newest issue is Weekly <178> · 12 November 2021.", "A newer one went out and was then withdrawn")
		})
		if len(said) != 0 {
			t.Errorf("the reader gets %q, want nothing", texts(said))
		}
	})
}
