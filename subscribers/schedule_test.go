package subscribers_test

import (
	"context"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// nextFriday is when the first run of these tests is due.
func nextFriday() time.Time { return time.Now().Truncate(time.Second).AddDate(0, 0, 7) }

// wantRun checks what a run led to and whether admins are to be told.
func wantRun(t *testing.T, r subscribers.ScheduleRun, err error, want subscribers.RunOutcome, told bool) {
	t.Helper()
	if err != nil || r.Outcome != want || r.Told != told {
		t.Errorf("the run due on %s: %q (told %v), %v; want %q (told %v)", r.Due, r.Outcome, r.Told, err, want, told)
	}
}

func TestScheduleSendsTheNewestIssueOnce(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	if born := must(store.LastScheduleRun(ctx, time.Now()))(t); time.Since(born) > time.Hour {
		t.Errorf("the first run to be made up for is one after %v, want after the database was made", born)
	}
	friday := nextFriday()
	run := func(weeks int, want subscribers.RunOutcome) {
		t.Helper()
		r, err := store.RunSchedule(ctx, friday.AddDate(0, 0, 7*weeks))
		wantRun(t, r, err, want, false)
	}
	run(0, subscribers.RunNoIssue)
	saveIssue(t, store, digesttest.Issue(1, "News"))
	saveIssue(t, store, digesttest.Issue(2, "News"))
	run(1, subscribers.RunNobody)
	subscribe(t, store, 2)
	run(2, subscribers.RunStarted)
	if b := must(store.LastBroadcast(ctx))(t); b.IssueID != 2 {
		t.Errorf("issue %d was sent, want the newest", b.IssueID)
	}
	run(3, subscribers.RunNothingNew)
	if last := must(store.LastScheduleRun(ctx, friday.AddDate(1, 0, 0)))(t); !last.Equal(friday.AddDate(0, 0, 21)) {
		t.Errorf("last run is %v, want the fourth Friday", last)
	}
	if last := must(store.LastScheduleRun(ctx, friday.AddDate(0, 0, 1)))(t); !last.Equal(friday) {
		t.Errorf("last run a day after the first is %v, want that", last)
	}
	untold := must(store.TakeUntoldRuns(ctx, 2))(t)
	if len(untold) != 2 || untold[0].Outcome != subscribers.RunStarted || untold[1].Outcome != subscribers.RunNothingNew {
		t.Fatalf("to be told are %+v, want the newest two", untold)
	}
	if err := store.MarkRunTold(ctx, untold[1].Due); err != nil {
		t.Fatal(err)
	}
	if left := must(store.TakeUntoldRuns(ctx, 9))(t); len(left) != 1 || !left[0].Due.Equal(untold[0].Due) {
		t.Fatalf("still to be told are %+v, want the one before", left)
	}
	if err := store.MarkRunTold(ctx, untold[0].Due); err != nil {
		t.Fatal(err)
	}
	if untold := must(store.TakeUntoldRuns(ctx, 9))(t); len(untold) != 0 {
		t.Errorf("still to be told are %+v", untold)
	}
}

// A run on record does not take place if it was passed over, but it does if the clock
// has come to its time.
func TestRunOnRecord(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	friday := nextFriday()
	subscribe(t, store, 2)
	late := []func(context.Context, time.Time) (subscribers.ScheduleRun, error){store.CatchUpSchedule, store.GiveUpSchedule}

	saveIssue(t, store, digesttest.Issue(1, "News"))
	r, err := store.CatchUpSchedule(ctx, friday) // not on record
	wantRun(t, r, err, subscribers.RunStarted, false)
	saveIssue(t, store, digesttest.Issue(2, "News"))
	// The clock was ahead: the issue was there before the time of that run.
	if last := must(store.LastScheduleRun(ctx, friday))(t); last.Equal(friday) {
		t.Error("the record of a run counts that the newest issue proves wrong")
	}
	for i, again := range late {
		r, err := again(ctx, friday)
		wantRun(t, r, err, subscribers.RunUnsure, i > 0)
		if err := store.MarkRunTold(ctx, friday); err != nil {
			t.Fatal(err)
		}
	}
	if last := must(store.LastScheduleRun(ctx, friday))(t); !last.Equal(friday) {
		t.Errorf("last run is %v, want the one that was told of", last)
	}
	r, err = store.RunSchedule(ctx, friday)
	wantRun(t, r, err, subscribers.RunStarted, false)
	for _, again := range late {
		r, err := again(ctx, friday)
		wantRun(t, r, err, subscribers.RunStarted, false)
		if r.Broadcast.ID != 0 {
			t.Error("a run on record started a broadcast")
		}
	}
	// An issue that came after a run is for the next one.
	past := time.Now().Add(-time.Hour)
	r, err = store.CatchUpSchedule(ctx, past)
	wantRun(t, r, err, subscribers.RunNothingNew, false)
	saveIssue(t, store, digesttest.Issue(3, "News"))
	r, err = store.CatchUpSchedule(ctx, past)
	wantRun(t, r, err, subscribers.RunNothingNew, false)
	if n := len(must(store.UnfinishedBroadcasts(ctx))(t)); n != 2 {
		t.Errorf("%d broadcasts, want 2", n)
	}
}

func TestGivenUpRun(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	friday := nextFriday()
	r, err := store.GiveUpSchedule(ctx, friday)
	wantRun(t, r, err, subscribers.RunNoIssue, true)
	subscribe(t, store, 1)
	saveIssue(t, store, digesttest.Issue(1, "News"))
	r, err = store.GiveUpSchedule(ctx, friday.AddDate(0, 0, 7))
	wantRun(t, r, err, subscribers.RunMissed, false)
	if _, err := store.LastBroadcast(ctx); err == nil {
		t.Error("a run that was given up started a broadcast")
	}
	r, err = store.RunSchedule(ctx, friday.AddDate(0, 0, 14))
	wantRun(t, r, err, subscribers.RunStarted, false)
	r, err = store.GiveUpSchedule(ctx, friday.AddDate(0, 0, 21))
	wantRun(t, r, err, subscribers.RunNothingNew, true)
}
