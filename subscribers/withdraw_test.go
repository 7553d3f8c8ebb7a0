package subscribers_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

// dated is an issue with a date.
func dated(number int, date string) *digest.Issue {
	issue := digesttest.Issue(number, "News")
	issue.Date, _ = time.Parse(time.DateOnly, date)
	return issue
}

// fires fires the schedule and returns the number of the issue that it sends; 0: none.
func fires(t *testing.T, store *subscribers.Store, due time.Time) int {
	t.Helper()
	run := must(store.RunSchedule(t.Context(), due))(t)
	if run.Outcome != subscribers.RunStarted {
		return 0
	}
	return must(store.Issue(t.Context(), run.IssueID))(t).Number
}

// found returns how many items there are to find.
func found(t *testing.T, store *subscribers.Store) int {
	t.Helper()
	_, total, err := store.Search(t.Context(), search.Query{}, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func restore(t *testing.T, store *subscribers.Store, row archive.Issue) {
	t.Helper()
	if _, _, err := store.RestoreIssue(t.Context(), row.ID, subscribers.InPrivate(7)); err != nil {
		t.Fatal(err)
	}
}

// An issue dated more than a week ahead is not sent by the schedule, only by an admin.
func TestIssueDatedAhead(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	saveIssue(t, store, dated(1, day(-7)))
	saveIssue(t, store, dated(2, day(6))) // for Friday
	saveIssue(t, store, dated(3, day(9)))
	last := saveIssue(t, store, dated(4, "2062-11-27"))
	subscribe(t, store, 1)
	if got := fires(t, store, time.Now().Add(time.Hour)); got != 2 {
		t.Errorf("the schedule sends %d, want 2", got)
	}
	if got := fires(t, store, time.Now().AddDate(0, 0, 7)); got != 0 {
		t.Errorf("the schedule sends %d, want nothing", got)
	}
	if _, err := store.StartBroadcast(ctx, last.ID, subscribers.InPrivate(7)); err != nil {
		t.Errorf("StartBroadcast of an issue dated ahead, by an admin: %v", err)
	}
}

func TestWithdrawIssue(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	saveIssue(t, store, digesttest.Issue(11, "News"))
	twelve := saveIssue(t, store, digesttest.Issue(12, "News"))
	first := must(store.WithdrawIssue(ctx, twelve.ID, subscribers.InPrivate(7)))(t)
	if !first.Changed || !first.Issue.Withdrawn || first.Cancelled+first.Reached != 0 {
		t.Errorf("WithdrawIssue = %+v", first)
	}
	if again := must(store.WithdrawIssue(ctx, twelve.ID, subscribers.InPrivate(7)))(t); again.Changed || !again.Issue.Withdrawn {
		t.Errorf("withdrawn twice: %+v, want no change", again)
	}
	if newest := must(store.NewestIssue(ctx))(t); newest.Number != 11 {
		t.Errorf("the newest issue is %d, want 11", newest.Number)
	}
	if got := found(t, store); got != 1 {
		t.Errorf("a search finds %d items, want what one issue has", got)
	}
	subscribe(t, store, 1)
	if _, err := store.StartBroadcast(ctx, twelve.ID, subscribers.InPrivate(7)); !errors.Is(err, archive.ErrWithdrawn) {
		t.Errorf("StartBroadcast: %v, want ErrWithdrawn", err)
	}
	if _, _, err := store.RequestDelivery(ctx, twelve.ID, 1); !errors.Is(err, archive.ErrWithdrawn) {
		t.Errorf("RequestDelivery: %v, want ErrWithdrawn", err)
	}
	corrected := digesttest.Issue(12, "News", "Errata")
	row, _, err := store.SaveIssue(ctx, corrected, "12.md", []byte("corrected"))
	if err != nil || !row.Withdrawn {
		t.Errorf("a changed document: %+v, %v; want it withdrawn", row, err)
	}
	if news := must(store.NewsForAdmins(ctx))(t); len(news.Corrected) != 1 || store.MarkNewsTold(ctx, news) != nil {
		t.Errorf("news are %+v, want the correction", news)
	}
	if news := must(store.NewsForAdmins(ctx))(t); len(news.Corrected) != 0 {
		t.Errorf("told of the correction again: %+v", news)
	}
	for _, want := range []bool{true, false} {
		if row, changed, err := store.RestoreIssue(ctx, twelve.ID, subscribers.InPrivate(7)); err != nil || row.Withdrawn || changed != want {
			t.Errorf("RestoreIssue = %+v, %v, %v; want a change: %v", row, changed, err, want)
		}
	}
	if got := found(t, store); got != 3 {
		t.Errorf("a search finds %d items, want what both issues have", got)
	}
	if _, err := store.WithdrawIssue(ctx, 99, subscribers.InPrivate(7)); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("WithdrawIssue of an unknown one: %v, want ErrNotFound", err)
	}
	if _, _, err := store.RestoreIssue(ctx, 99, subscribers.InPrivate(7)); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("RestoreIssue of an unknown one: %v, want ErrNotFound", err)
	}
}

// After the newest issue is withdrawn, an older one is sent only if it is newer than all
// that were sent.
func TestScheduleAfterAWithdrawal(t *testing.T) {
	friday := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name      string
		sent      []int // numbers of issues broadcast before; 13 is dated 2062
		withdrawn int
		want      int
	}{
		{"the one before was sent last week", []int{11}, 12, 0},
		{"the one before is newer than what was sent", []int{10}, 12, 11},
		{"the withdrawn one had gone out instead of it", []int{12}, 12, 0},
		{"what went out in its stead was dated ahead", []int{10, 13}, 13, 12},
		{"nothing is withdrawn", []int{11}, 0, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t)
			ctx := t.Context()
			subscribe(t, store, 1)
			rows := map[int]archive.Issue{}
			for number := 10; number <= 12; number++ {
				rows[number] = saveIssue(t, store, digesttest.Issue(number, "News"))
			}
			rows[13] = saveIssue(t, store, dated(13, "2062-11-27"))
			for _, number := range tt.sent {
				bc := must(store.StartBroadcast(ctx, rows[number].ID, subscribers.InPrivate(7)))(t)
				must(store.CancelBroadcast(ctx, bc.ID, subscribers.InPrivate(7)))(t)
				must(store.FinishBroadcast(ctx, bc.ID))(t)
			}
			if tt.withdrawn != 0 {
				must(store.WithdrawIssue(ctx, rows[tt.withdrawn].ID, subscribers.InPrivate(7)))(t)
			}
			if got := fires(t, store, friday); got != tt.want {
				t.Errorf("the schedule sends %d, want %d", got, tt.want)
			}
		})
	}
}

// A broadcast under way is cancelled, running or paused, and nothing resumes it.
func TestWithdrawDuringABroadcast(t *testing.T) {
	for _, pause := range []bool{false, true} {
		store := open(t)
		ctx := t.Context()
		subscribe(t, store, 3)
		row := saveIssue(t, store, digesttest.Issue(12, "News"))
		bc := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(7)))(t)
		pending := must(store.PendingDeliveries(ctx, bc, 0, 1))(t)
		pending[0].NextMessage, pending[0].Sent = 1, 1
		if err := store.SaveProgress(ctx, pending); err != nil {
			t.Fatal(err)
		}
		if pause {
			must(store.PauseBroadcast(ctx, bc.ID, subscribers.InPrivate(7)))(t)
		}
		w := must(store.WithdrawIssue(ctx, row.ID, subscribers.InPrivate(7)))(t)
		if w.Cancelled != 1 || w.Reached != 1 {
			t.Errorf("WithdrawIssue = %+v, want one broadcast cancelled and one reader reached", w)
		}
		if held := must(store.HoldBroadcast(ctx, bc.ID, subscribers.PauseReason{Kind: subscribers.PausedForImbalance}))(t); !held {
			t.Error("a cancelled broadcast whose books do not balance is not held")
		}
		if resumed := must(store.ResumeBroadcast(ctx, bc.ID, subscribers.InPrivate(7)))(t); resumed {
			t.Error("the broadcast of a withdrawn issue goes on")
		}
		must(store.CancelBroadcast(ctx, bc.ID, subscribers.InPrivate(7)))(t)
		must(store.FinishBroadcast(ctx, bc.ID))(t)
		if _, err := store.RetryFailed(ctx, bc.ID, subscribers.InPrivate(7)); !errors.Is(err, archive.ErrWithdrawn) {
			t.Errorf("RetryFailed: %v, want ErrWithdrawn", err)
		}
	}
}

// A delivery that a reader asked for before, and that had not begun, waits until the
// issue is restored.
func TestRequestsOfAWithdrawnIssueWait(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 1)
	row := saveIssue(t, store, digesttest.Issue(12, "News"))
	if _, _, err := store.RequestDelivery(ctx, row.ID, subs[0].ID); err != nil {
		t.Fatal(err)
	}
	must(store.WithdrawIssue(ctx, row.ID, subscribers.InPrivate(7)))(t)
	if pending := must(store.PendingRequests(ctx))(t); len(pending) != 0 {
		t.Errorf("requests are %+v, want none while the issue is withdrawn", pending)
	}
	restore(t, store, row)
	if pending := must(store.PendingRequests(ctx))(t); len(pending) != 1 {
		t.Errorf("requests are %+v, want the one of before", pending)
	}
}
