package subscribers_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

var odd = subscribers.Progress{NextMessage: 1, State: subscribers.Failed, Reason: "odd", Sent: 1}

// request makes a delivery that a reader asked for, and notes how far it got.
func request(t *testing.T, store *subscribers.Store, issue, subscriber int64, p subscribers.Progress) subscribers.Delivery {
	t.Helper()
	d, _, err := store.RequestDelivery(t.Context(), issue, subscriber)
	if err != nil {
		t.Fatal(err)
	}
	progress(t, store, d, p)
	return must(store.Delivery(t.Context(), issue, subscriber))(t)
}

func wantDelivery(t *testing.T, store *subscribers.Store, issue, subscriber int64, want subscribers.Delivery) {
	t.Helper()
	got := must(store.Delivery(t.Context(), issue, subscriber))(t)
	if got.State != want.State || got.NextMessage != want.NextMessage || got.Sent != want.Sent || got.BroadcastID != want.BroadcastID || got.Edition != want.Edition {
		t.Errorf("the delivery to %d is %+v, want %+v", subscriber, got, want)
	}
}

// A broadcast takes over deliveries that failed: from the message that failed, or from
// the beginning in the newest edition if nothing has arrived.
func TestBroadcastTakesOverWhatFailed(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 6)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	request(t, store, row.ID, subs[0].ID, odd)
	request(t, store, row.ID, subs[1].ID, subscribers.Progress{State: subscribers.Failed, Reason: "odd"})
	request(t, store, row.ID, subs[2].ID, subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2})
	request(t, store, row.ID, subs[3].ID, odd)
	must(store.Unsubscribe(ctx, subs[3].Chat.ID, 0))(t)
	if n, failed := must(store.Audience(ctx, row.ID))(t), must(store.FailedBefore(ctx, row.ID))(t); n != 4 || failed != 2 {
		t.Errorf("the audience is %d, of whom %d failed before; want 4 and 2", n, failed)
	}
	first := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	if first.Subscribers != 4 {
		t.Errorf("the broadcast is for %d, want 4", first.Subscribers)
	}
	wantDelivery(t, store, row.ID, subs[0].ID, subscribers.Delivery{BroadcastID: first.ID, Edition: 1,
		Progress: subscribers.Progress{State: subscribers.Pending, NextMessage: 1, Sent: 1}})
	wantDelivery(t, store, row.ID, subs[1].ID, subscribers.Delivery{BroadcastID: first.ID, Edition: 1, Progress: subscribers.Progress{State: subscribers.Pending}})

	// One after the other: the books of each add up.
	for _, d := range pending(t, store, first) {
		p := subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2}
		if d.SubscriberID == subs[0].ID || d.SubscriberID == subs[4].ID {
			p = odd
		}
		progress(t, store, d, p)
	}
	must(store.FinishBroadcast(ctx, first.ID))(t)
	second := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	if second.Subscribers != 2 || len(pending(t, store, second)) != 2 {
		t.Errorf("the second broadcast is for %d, want the 2 who failed", second.Subscribers)
	}
	for _, d := range pending(t, store, second) {
		progress(t, store, d, subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2})
	}
	must(store.FinishBroadcast(ctx, second.ID))(t)
	books := must(store.Books(ctx, first.ID))(t)
	if err := books.Check(); err != nil || books.Sum(subscribers.OutcomeFailed) != 2 {
		t.Errorf("the books of the first broadcast are %+v, %v, want what failed in them", books, err)
	}
	if _, err := store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)); !errors.Is(err, subscribers.ErrNothingToSend) {
		t.Errorf("a third broadcast: %v, want ErrNothingToSend", err)
	}
}

// After a correction nobody knows where a delivery goes on that was cut short. It stays
// for a retry, which goes on in the old edition. One of which nothing arrived begins
// with the new edition.
func TestFailedAndCorrected(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	request(t, store, row.ID, subs[0].ID, odd)
	request(t, store, row.ID, subs[1].ID, subscribers.Progress{State: subscribers.Failed, Reason: "odd"})
	correction := digesttest.Issue(1, "News", "Tools")
	correction.Title += ", corrected"
	saveIssue(t, store, correction)
	if n := must(store.Audience(ctx, row.ID))(t); n != 1 {
		t.Errorf("the audience is %d, want 1", n)
	}
	if n := must(store.RetryRequests(ctx, row.ID, subscribers.InPrivate(99)))(t); n != 2 {
		t.Errorf("RetryRequests = %d, want 2", n)
	}
	if n := must(store.RetryRequests(ctx, row.ID, subscribers.InPrivate(99)))(t); n != 0 {
		t.Errorf("a second press retried %d", n)
	}
	wantDelivery(t, store, row.ID, subs[0].ID, subscribers.Delivery{Edition: 1, Progress: subscribers.Progress{State: subscribers.Pending, NextMessage: 1, Sent: 1}})
	wantDelivery(t, store, row.ID, subs[1].ID, subscribers.Delivery{Edition: 2, Progress: subscribers.Progress{State: subscribers.Pending}})
	if all := must(store.PendingRequests(ctx))(t); len(all) != 2 {
		t.Errorf("pending are %+v, want both", all)
	}
}

func TestFailedDeliveries(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 4)
	old, row := saveIssue(t, store, digesttest.Issue(1, "News")), saveIssue(t, store, digesttest.Issue(2, "News"))
	request(t, store, old.ID, subs[0].ID, odd)
	for _, s := range subs[:2] {
		request(t, store, row.ID, s.ID, odd)
	}
	request(t, store, row.ID, subs[2].ID, subscribers.Progress{State: subscribers.Failed, Reason: "new"})
	b := must(store.StartBroadcast(ctx, old.ID, subscribers.InPrivate(99)))(t)
	progress(t, store, pending(t, store, b)[1], subscribers.Progress{State: subscribers.Failed, Reason: "odd"})
	want := []subscribers.Failure{
		{IssueID: row.ID, Reason: "odd", Subscribers: 2}, {IssueID: row.ID, Reason: "new", Subscribers: 1},
		{IssueID: old.ID, BroadcastID: b.ID, Reason: "odd", Subscribers: 1},
	}
	if got := must(store.FailedDeliveries(ctx))(t); !slices.Equal(got, want) {
		t.Errorf("FailedDeliveries = %+v, want %+v", got, want)
	}
}

// A reader asks for a delivery that failed in a broadcast while its books are being
// closed. They stay open, which is no defect.
func TestFinishingWhileAReaderAsks(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 1)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	progress(t, store, pending(t, store, b)[0], odd)
	if ok := must(store.AskAgainFor(ctx, row.ID, subs[0].ID))(t); !ok {
		t.Error("the reader cannot ask for what failed")
	}
	if _, err := store.FinishBroadcast(ctx, b.ID); !errors.Is(err, subscribers.ErrNotOver) {
		t.Errorf("FinishBroadcast: %v, want ErrNotOver", err)
	}
	progress(t, store, pending(t, store, b)[0], odd)
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if ok := must(store.AskAgainFor(ctx, row.ID, subs[0].ID))(t); !ok {
		t.Error("the reader cannot ask for what failed in a broadcast that is done")
	}
	if all := must(store.PendingRequests(ctx))(t); len(all) != 1 || all[0].NextMessage != 1 {
		t.Errorf("pending requests are %+v, want what the reader asked for", all)
	}
	if next := must(store.NextOwnTime(ctx, b.ID))(t); next.After(time.Now()) {
		t.Errorf("it waits until %v", next)
	}
}
