package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// After a restore admins are told what is not known any more, a broadcast that was under way
// waits for them, and so does the schedule, which they can have send all the same.
func TestAdminsAreToldOfARestore(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.start()
		w.admin.Write("/start")
		w.ann.Write("/subscribe")
		w.settle()
		for number := range 2 {
			issue := digesttest.Issue(number+1, "News")
			issue.Date = time.Now().AddDate(0, 0, number-2)
			if _, _, err := w.store.SaveIssue(w.t.Context(), issue, issue.Key+".md", []byte(issue.Key)); err != nil {
				w.t.Fatal(err)
			}
		}
		first, err := w.store.IssuesNamed(w.t.Context(), "1")
		if err != nil {
			w.t.Fatal(err)
		}
		w.stop()
		if _, err := w.store.StartBroadcast(w.t.Context(), first[0].ID, subscribers.InPrivate(adminID)); err != nil {
			w.t.Fatal(err)
		}
		if r, err := w.store.SettleRestored(w.t.Context(), time.Now().Add(-time.Hour)); err != nil || r.Broadcasts != 1 {
			w.t.Fatalf("settled was %+v, %v", r, err)
		}
		before, heard := len(w.admin.Chat().FromBot()), len(w.ann.Chat().FromBot())
		w.start()
		if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Minute)
		said := strings.Join(texts(w.admin.Chat().FromBot()[before:]), "\n")
		for _, want := range []string{"The database was restored", "Weekly 2 · 31 December 1999 may have been sent before the database was restored", "A broadcast was missed"} {
			if !strings.Contains(said, want) {
				w.t.Errorf("the admin was told %q, want %q", said, want)
			}
		}
		if got := w.ann.Chat().FromBot()[heard:]; len(got) > 0 {
			w.t.Errorf("a reader got %q", texts(got))
		}
		wantText(w.t, w.tell(w.admin, "/status"), "restored from a backup of")
	})
}
