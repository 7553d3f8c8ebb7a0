package bot_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// heldIssue archives an issue that waits for approval.
func (w *world) heldIssue(number int) archive.Issue {
	w.t.Helper()
	issue := digesttest.Issue(number, "News")
	row, _, err := w.store.SaveFound(w.t.Context(), issue, archive.Origin{Name: "f/held.md", Document: []byte("held")}, subscribers.Holding{New: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// saidUntil returns what the bot says to the admin until a time, with when it said it.
func (w *world) saidUntil(end time.Time) (all []string) {
	w.t.Helper()
	before := len(w.admin.Chat().FromBot())
	w.pass(time.Until(end))
	for _, m := range w.admin.Chat().FromBot()[before:] {
		all = append(all, m.Date.UTC().Format("Mon 15:04 ")+m.Text)
	}
	return all
}

// Admins are reminded of an issue that waits a day and an hour before the run, each once,
// also if the program starts anew, and are told when the run was over without it.
func TestRemindersOfApproval(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.pass(time.Until(due.Add(-30 * time.Hour)))
		w.start()
		w.tell(w.admin, "/start")
		w.heldIssue(12)
		said := w.saidUntil(due.Add(-23 * time.Hour))
		if len(said) != 1 || !strings.HasPrefix(said[0], "Thu 09:0") || !strings.Contains(said[0], "still waits for approval") {
			t.Errorf("a day before the run the bot said %q", said)
		}
		w.stop()
		w.start()
		said = w.saidUntil(due.Add(-time.Minute))
		if len(said) != 1 || !strings.HasPrefix(said[0], "Fri 08:0") || !strings.Contains(said[0], "Last reminder") {
			w.t.Fatalf("an hour before the run the bot said %q", said)
		}
		over := w.run(w.bot.RunSchedule, 0)
		wantText(t, over, "nothing was sent", "still waits for approval")
		w.wantNoBroadcast()
		answer, _ := w.press(w.admin, over, "✅ Approve")
		if answer.Text != "✅ Approved" {
			t.Errorf("the popup says %q", answer.Text)
		}
		approved := w.admin.Chat().FromBot()[len(w.admin.Chat().FromBot())-1]
		wantText(t, approved, "Approved", "It goes out on Friday")
		if answer, _ := w.press(w.admin, over, "✅ Approve"); answer.Text != "It is approved already." {
			t.Errorf("the second press says %q", answer.Text)
		}
		w.stop()
		w.pass(5 * 24 * time.Hour) // to the days of the next reminders
		w.start()
		if said := w.saidUntil(due.AddDate(0, 0, 7)); len(said) != 0 {
			t.Errorf("of an approved issue the bot said %q", said)
		}
	})
}

// How many reminders there are depends on how often the schedule runs, and on when the
// issue was found.
func TestRemindersBySchedule(t *testing.T) {
	every := func(d time.Duration) func(time.Time) time.Time {
		return func(after time.Time) time.Time { return after.Truncate(d).Add(d) }
	}
	for _, test := range []struct {
		name string
		next func(time.Time) time.Time
		from time.Duration // before Friday, 09:00
		want []string
	}{
		{"weekly, found in time", nextFriday, 30 * time.Hour, []string{"Thu 09:0", "Fri 08:0"}},
		{"weekly, found on the last day", nextFriday, 20 * time.Hour, []string{"Fri 08:0"}},
		{"weekly, found in the last hour", nextFriday, 30 * time.Minute, nil},
		{"daily", every(24 * time.Hour), 36 * time.Hour, []string{"Wed 23:0", "Thu 23:0"}},
		{"hourly", every(time.Hour), 30 * time.Hour, nil},
		{"every minute", every(time.Minute), 30 * time.Hour, nil},
		{"never", func(time.Time) time.Time { return time.Time{} }, 30 * time.Hour, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.NextRun = test.next
				w.pass(time.Until(due.Add(-test.from - time.Hour)))
				w.start()
				w.tell(w.admin, "/start")
				w.pass(time.Until(due.Add(-test.from)))
				w.heldIssue(12)
				said := w.saidUntil(due.Add(-time.Minute))
				if len(said) != len(test.want) {
					w.t.Fatalf("the bot said %q, want reminders at %q", said, test.want)
				}
				for i := range said {
					if !strings.HasPrefix(said[i], test.want[i]) {
						t.Errorf("reminder %d is %q, want it at %q", i, said[i], test.want[i])
					}
				}
			})
		})
	}
}

// Only an admin approves, and readers find nothing of an issue that waits.
func TestHeldIssueIsHiddenFromReaders(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.issue(11, "News")
		held := w.heldIssue(12)
		w.tell(w.ann, "/subscribe")
		for _, text := range []string{"/issue 12", "/issue id_" + itoa(held.ID), "/issues", "/search 12"} {
			for _, m := range w.said(w.ann.Chat(), func() { w.ann.Write(text) }) {
				if strings.Contains(m.HTML, "Weekly 12") {
					t.Errorf("%s answers a reader %q", text, m.Text)
				}
			}
		}
		last := w.ann.Chat().FromBot()[len(w.ann.Chat().FromBot())-1]
		for _, data := range []string{"1:byes:" + itoa(held.ID) + ":1", "1:iss:" + itoa(held.ID)} {
			answer, _ := w.afterwards(w.ann.PressData(last, data), last)
			if answer.Text == "✅ Approved" || answer.Text == "📰 On its way" {
				t.Errorf("the forged press %s is answered %q", data, answer.Text)
			}
		}
		if row, err := w.store.Issue(w.t.Context(), held.ID); err != nil || !row.Held {
			t.Errorf("after a forged press the issue is %+v, %v", row, err)
		}
		question := w.tell(w.admin, "/broadcast")
		wantText(t, question, "Neither shown nor sent before you approve it: Weekly 12")
		wantText(t, w.tell(w.admin, "/status"), "Neither shown nor sent before you approve it: Weekly 12")
		w.press(w.admin, question, "✅ Approve")
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/issue 12") }); len(said) != 2 {
			t.Errorf("after the approval the reader gets %q", texts(said))
		}
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// An issue that has changed since an admin saw it is not approved by the old button.
func TestApprovalIsOfWhatWasSeen(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		held := w.heldIssue(12)
		question := w.tell(w.admin, "/broadcast")
		changed := digesttest.Issue(12, "News", "Tools")
		if _, _, err := w.store.SaveFound(w.t.Context(), changed, archive.Origin{Name: "f/held.md", Document: []byte("changed")}, subscribers.Holding{New: true}); err != nil {
			w.t.Fatal(err)
		}
		said := w.one(w.admin.Chat(), func() {
			if answer, _ := w.press(w.admin, question, "✅ Approve"); answer.Text != "The issue has changed since. Look at it again." {
				t.Errorf("the popup says %q", answer.Text)
			}
		})
		wantText(t, said, "2 sections")
		if row, err := w.store.Issue(w.t.Context(), held.ID); err != nil || !row.Held {
			t.Errorf("the issue is %+v, %v", row, err)
		}
		if answer, _ := w.press(w.admin, said, "✅ Approve"); answer.Text != "✅ Approved" {
			t.Errorf("of the issue as it is, the popup says %q", answer.Text)
		}
	})
}
