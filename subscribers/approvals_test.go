package subscribers_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// saveFound archives an issue of a source that waits for approval.
func saveFound(t *testing.T, store *subscribers.Store, number int, how subscribers.Holding) archive.Issue {
	t.Helper()
	row, _, err := store.SaveFound(t.Context(), digesttest.Issue(number, "News"), archive.Origin{Name: "f/x.md", Document: []byte{byte(number)}}, how)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// An issue that waits for approval is there for admins only, until one of them approves it.
func TestHeldIssue(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	saveIssue(t, store, digesttest.Issue(11, "News"))
	items := found(t, store)
	subscribe(t, store, 1)
	if got := fires(t, store, time.Now()); got != 11 {
		t.Fatalf("the schedule sends %d, want 11", got)
	}
	held := saveFound(t, store, 12, subscribers.Holding{New: true})
	if !held.Held || !must(store.Issue(ctx, held.ID))(t).Held {
		t.Errorf("issue %+v is not held", held)
	}
	if newest := must(store.NewestIssue(ctx))(t); newest.Number != 11 {
		t.Errorf("readers have %d as the newest issue, want 11", newest.Number)
	}
	if issues, total, err := store.Issues(ctx, 10, 0); len(issues) != 1 || total != 1 || err != nil {
		t.Errorf("readers see %d of %d issues, %v, want 1", len(issues), total, err)
	}
	if n := found(t, store); n != items {
		t.Errorf("readers find %d items, want %d", n, items)
	}
	if named := must(store.IssuesNamed(ctx, "12"))(t); len(named) != 1 || !named[0].Held {
		t.Errorf("admins find %+v by its number", named)
	}
	if _, _, err := store.RequestDelivery(ctx, held.ID, 1); !errors.Is(err, archive.ErrHeld) {
		t.Errorf("RequestDelivery = %v, want that it is held", err)
	}
	if _, err := store.StartBroadcast(ctx, held.ID, subscribers.InPrivate(7)); !errors.Is(err, archive.ErrHeld) {
		t.Errorf("StartBroadcast = %v, want that it is held", err)
	}
	run := must(store.RunSchedule(ctx, time.Now().AddDate(0, 0, 7)))(t)
	if run.Outcome != subscribers.RunHeld || run.IssueID != held.ID || run.Told {
		t.Errorf("RunSchedule = %+v, want that nothing is sent and admins are told why", run)
	}

	if _, _, err := store.ApproveIssue(ctx, held.ID, 2, subscribers.InPrivate(7)); !errors.Is(err, subscribers.ErrChanged) || !must(store.Issue(ctx, held.ID))(t).Held {
		t.Errorf("ApproveIssue of another edition = %v, want that it is still held", err)
	}
	if row, changed, err := store.ApproveIssue(ctx, held.ID, 1, subscribers.InPrivate(7)); !changed || row.Held || err != nil {
		t.Errorf("ApproveIssue = %+v, %v, %v", row, changed, err)
	}
	if _, changed, err := store.ApproveIssue(ctx, held.ID, 1, subscribers.InPrivate(8)); changed || err != nil {
		t.Errorf("ApproveIssue for the second time = %v, %v, want no change", changed, err)
	}
	if n := found(t, store); n <= items {
		t.Errorf("readers find %d items, want more than %d", n, items)
	}
	if got := fires(t, store, time.Now().AddDate(0, 0, 14)); got != 12 {
		t.Errorf("the schedule sends %d, want 12", got)
	}
	if _, _, err := store.ApproveIssue(ctx, 99, 1, subscribers.InPrivate(7)); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("ApproveIssue of no issue = %v", err)
	}
}

// An approved issue that waits for its run goes out, although a newer one is held.
func TestHeldIssueKeepsNothingBack(t *testing.T) {
	store := open(t)
	subscribe(t, store, 1)
	saveIssue(t, store, digesttest.Issue(11, "News"))
	saveFound(t, store, 12, subscribers.Holding{New: true})
	if got := fires(t, store, time.Now()); got != 11 {
		t.Errorf("the schedule sends %d, want 11", got)
	}
}

// Of the first look at a source only the newest issue waits, in whatever order they come.
func TestHoldNewestOnly(t *testing.T) {
	for _, order := range [][]int{{1, 2, 3}, {3, 1, 2}, {2, 3, 1}} {
		store := open(t)
		var how subscribers.Holding
		how.New = true
		for _, number := range order {
			if row := saveFound(t, store, number, how); row.Held {
				how.InsteadOf = row.ID
			}
		}
		for number := 1; number <= 3; number++ {
			if row := must(store.IssueByNumber(t.Context(), number))(t); row.Held != (number == 3) {
				t.Errorf("order %v: issue %d is held: %v", order, number, row.Held)
			}
		}
		// The others are archive: the schedule does not send one in place of that which waits.
		subscribe(t, store, 1)
		if run := must(store.RunSchedule(t.Context(), time.Now()))(t); run.Outcome != subscribers.RunHeld {
			t.Errorf("order %v: the schedule says %q of issue %d", order, run.Outcome, run.IssueID)
		}
		held := must(store.IssueByNumber(t.Context(), 3))(t)
		must(store.WithdrawIssue(t.Context(), held.ID, subscribers.InPrivate(7)))(t)
		if run := must(store.RunSchedule(t.Context(), time.Now().AddDate(0, 0, 7)))(t); run.Outcome != subscribers.RunNothingNew {
			t.Errorf("order %v: with the newest withdrawn, the schedule says %q of issue %d", order, run.Outcome, run.IssueID)
		}
		// A new date says that somebody wants it.
		second := must(store.IssueByNumber(t.Context(), 2))(t)
		if _, _, err := store.RedateIssue(t.Context(), second.ID, second.Date.AddDate(0, 0, 1), subscribers.InPrivate(7)); err != nil {
			t.Fatal(err)
		}
		if got := fires(t, store, time.Now().AddDate(0, 0, 14)); got != 2 {
			t.Errorf("order %v: with another date, the schedule sends %d, want 2", order, got)
		}
	}
}

// Withdrawing a held issue ends its wait: restored, it is approved.
func TestWithdrawHeldIssue(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	held := saveFound(t, store, 12, subscribers.Holding{New: true})
	must(store.HeldNewest(ctx))(t)
	if w := must(store.WithdrawIssue(ctx, held.ID, subscribers.InPrivate(7)))(t); w.Issue.Held || !w.Issue.Withdrawn {
		t.Errorf("WithdrawIssue = %+v", w.Issue)
	}
	if _, err := store.HeldNewest(ctx); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("HeldNewest = %v, want none", err)
	}
	if run := must(store.RunSchedule(ctx, time.Now()))(t); run.Outcome != subscribers.RunNoIssue {
		t.Errorf("the schedule says %q", run.Outcome)
	}
	restore(t, store, held)
	if row := must(store.NewestIssue(ctx))(t); row.ID != held.ID {
		t.Errorf("the newest is %+v", row)
	}
}

// A rehearsal shows what an issue would become, and changes nothing.
func TestRehearse(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	saveIssue(t, store, digesttest.Issue(11, "News"))
	twelve := digesttest.Issue(12, "News", "Tools")
	r := must(store.Rehearse(ctx, twelve, archive.Origin{Name: "12.md", Document: []byte("12")}))(t)
	if r.Saved != archive.Added || len(r.Messages) != 3 || r.Issue.Number != 12 {
		t.Errorf("Rehearse = %s, issue %+v, %d messages", r.Saved, r.Issue, len(r.Messages))
	}
	if _, err := store.IssueByNumber(ctx, 12); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("after a rehearsal the archive has the issue: %v", err)
	}
	row := saveIssue(t, store, twelve)
	saved := must(store.Messages(ctx, row.ID, row.Edition))(t)
	for i := range saved {
		if saved[i].HTML != r.Messages[i].HTML || saved[i].OneOff != r.Messages[i].OneOff {
			t.Errorf("message %d was rehearsed as %+v and is %+v", i, r.Messages[i], saved[i])
		}
	}
}
