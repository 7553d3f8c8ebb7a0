package bot_test

import (
	"testing"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// inDecember runs test at a time when the calendar counts, with a reader, an admin
// who has written, and the issue 12, whose date has a slip.
func inDecember(t *testing.T, test func(w *world, slip archive.Issue)) {
	t.Helper()
	withWebhook(t, func(w *world) {
		time.Sleep(time.Until(time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)))
		w.start()
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		issue := longIssue(12)
		issue.Date = time.Date(2062, 12, 4, 0, 0, 0, 0, time.UTC)
		test(w, w.save(issue))
	})
}

func (w *world) lookForIssues() { w.bot.SourceChecked(w.t.Context(), "issues", nil) }

// Admins are asked once about a date that lies too far ahead, and what they press is
// done.
func TestAdminsAreAskedAboutADateAhead(t *testing.T) {
	for _, tt := range []struct {
		button string
		want   []string
		newest bool
	}{
		{"📅 Set it to today", []string{"Long 12 · 3 December 2026", "It was dated 4 December 2062.", "the next scheduled broadcast sends it"}, true},
		{"🚫 Withdraw…", []string{"Withdraw this issue?"}, false},
		{"The date is right", []string{"It will be shown and sent from 27 November 2062."}, false},
	} {
		t.Run(tt.button, func(t *testing.T) {
			inDecember(t, func(w *world, slip archive.Issue) {
				m := w.one(w.admin.Chat(), w.lookForIssues)
				wantText(t, m, "Is this date right?", "Long 12 · 4 December 2062", "Today is 3 December 2026.", "before 27 November 2062")
				wantLabels(t, m, "📅 Set it to today | 🚫 Withdraw…", "The date is right")
				if said := w.said(w.admin.Chat(), w.lookForIssues); len(said) != 0 {
					t.Errorf("the bot asks again: %q", texts(said))
				}
				_, m = w.press(w.admin, m, tt.button)
				wantText(t, m, tt.want...)
				if newest, err := w.store.NewestIssue(w.t.Context()); (err == nil && newest.ID == slip.ID) != tt.newest {
					t.Errorf("the newest issue is %+v, %v; want the one asked about: %v", newest, err, tt.newest)
				}
				if said := w.said(w.admin.Chat(), w.lookForIssues); len(said) != 0 {
					t.Errorf("the bot asks again: %q", texts(said))
				}
			})
		})
	}
}

// A year that is prepared is one message, and each issue comes by itself.
func TestIssuesPreparedForWeeks(t *testing.T) {
	inDecember(t, func(w *world, _ archive.Issue) {
		for week := range 4 {
			issue := longIssue(20 + week)
			issue.Date = time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*week)
			w.save(issue)
		}
		m := w.one(w.admin.Chat(), w.lookForIssues)
		wantText(t, m, "5 issues are dated more than a week ahead; today is 3 December 2026.", "Long 20 · 11 December 2026", "Long 22")
		wantText(t, w.tell(w.ann, "/issues"), "There is no issue yet")
		w.pass(24 * time.Hour)
		wantText(t, w.tell(w.ann, "/issues"), "1 issue", "Long 20")
		w.stop()
		w.pass(6 * 24 * time.Hour)
		w.start()
		w.pass(24 * time.Hour)
		wantText(t, w.tell(w.ann, "/issues"), "2 issues", "Long 21")
	})
}

// The schedule and /latest pass over a date that lies too far ahead, and say so to
// admins; /broadcast sends such an issue when it is told to.
func TestDateAheadIsSentOnlyWhenAsked(t *testing.T) {
	inDecember(t, func(w *world, _ archive.Issue) {
		wantText(t, w.one(w.admin.Chat(), w.fire), "nothing was sent", "There is no issue yet.", "because the date is more than a week ahead (today is 3 December 2026):", "Long 12 · 4 December 2062")
		wantText(t, w.tell(w.ann, "/latest"), "There is no issue yet")
		none := w.tell(w.admin, "/broadcast")
		wantText(t, none, "no issue to send yet", "Long 12 · 4 December 2062")
		wantLabels(t, none, "📅 Send 12 anyway…")
		w.issue(179, "News")
		wantText(t, w.tell(w.admin, "/status"), "Newest issue: Weekly <179>", "Long 12 · 4 December 2062")
		question := w.tell(w.admin, "/broadcast")
		wantText(t, question, "Send this issue?", "Weekly <179> · 19 November 2021")
		wantLabels(t, question, "📣 Send now", "Don't send", "👀 Send to me first", "📅 Send 12 anyway…")
		w.pass(2 * time.Hour) // the new question has a time of its own to be answered
		asked := w.one(w.admin.Chat(), func() { w.press(w.admin, question, "📅 Send 12 anyway…") })
		wantText(t, asked, "This issue is dated more than a week ahead; today is 3 December 2026. Send it anyway?", "Long 12 · 4 December 2062")
		wantLabels(t, asked, "📣 Send now", "Don't send", "👀 Send to me first")
		if said := w.said(w.ann.Chat(), func() { w.press(w.admin, asked, "📣 Send now") }); len(said) < 2 {
			t.Errorf("the reader gets %q, want the issue", texts(said))
		}
		answer, _ := w.press(w.admin, none, "📅 Send 12 anyway…")
		wantPopup(t, answer, "Everybody already has this issue")
		// It is not in the way of the next.
		if said := w.said(w.ann.Chat(), func() { w.pass(time.Minute); w.fire() }); len(said) != 2 {
			t.Errorf("the reader gets %q, want the issue 179", texts(said))
		}
	})
}

func TestRedate(t *testing.T) {
	inDecember(t, func(w *world, slip archive.Issue) {
		for _, wrong := range []string{"/redate", "/redate 12", "/redate 2026-12-04", "/redate 12 4.12.2026", "/redate 12 2026-13-04"} {
			wantText(t, w.tell(w.admin, wrong), "/redate 12 2026-12-03")
		}
		wantText(t, w.tell(w.admin, "/redate 13 2026-12-04"), "There is no issue 13. These are the newest:")
		done := w.tell(w.admin, "/redate 12 2026-12-04")
		wantText(t, done, "Long 12 · 4 December 2026", "It was dated 4 December 2062.", "the next scheduled broadcast sends it")
		wantLabels(t, done, "↩️ Undo")
		wantText(t, w.tell(w.admin, "/redate #12 2026-12-04"), "It already has that date.")
		cover := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })[0]
		wantText(t, cover, "2026-12-04")
		wantText(t, w.tell(w.admin, "/redate 12 2026-12-05"), "What is already in a chat keeps the old date.")
		answer, done := w.press(w.admin, done, "↩️ Undo")
		wantPopup(t, answer, "4 December 2062")
		wantText(t, done, "It was dated 5 December 2026.", "neither shown nor sent before 27 November 2062")
		if said := w.said(w.admin.Chat(), w.lookForIssues); len(said) != 0 {
			t.Errorf("the bot asks about a date that an admin gave: %q", texts(said))
		}
		if _, err := w.store.WithdrawIssue(w.t.Context(), slip.ID, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
		wantText(t, w.tell(w.admin, "/redate 12 2026-12-04"), "It is withdrawn: /withdraw can restore it.")
	})
}

// Chinese admins are asked in Chinese.
func TestDateAheadInChinese(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{w.li.ID()}
		w.start()
		w.tell(w.li, "/start")
		issue := longIssue(12)
		issue.Date = time.Date(2062, 12, 4, 0, 0, 0, 0, time.UTC)
		w.save(issue)
		m := w.one(w.li.Chat(), w.lookForIssues)
		wantText(t, m, "这个日期对吗？", "2062年12月4日")
		_, m = w.press(w.li, m, "🚫 撤回…")
		wantText(t, m, "撤回这一期？")
		_, m = w.press(w.li, m, "🚫 确认撤回")
		wantText(t, m, "已撤回：Long 12")
	})
}
