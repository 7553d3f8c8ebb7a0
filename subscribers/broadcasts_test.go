package subscribers_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// broadcast starts the broadcast of an issue to that many new readers.
func broadcast(t *testing.T, store *subscribers.Store, readers int) (archive.Issue, subscribers.Broadcast) {
	t.Helper()
	subscribe(t, store, readers)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	return row, must(store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(99)))(t)
}

// progress notes how far a delivery got.
func progress(t *testing.T, store *subscribers.Store, d subscribers.Delivery, p subscribers.Progress) {
	t.Helper()
	d.Progress = p
	if err := store.SaveProgress(t.Context(), []subscribers.Delivery{d}); err != nil {
		t.Fatal(err)
	}
}

func pending(t *testing.T, store *subscribers.Store, b subscribers.Broadcast) []subscribers.Delivery {
	t.Helper()
	return must(store.PendingDeliveries(t.Context(), b, 0, 1000))(t)
}

func TestStartBroadcastFreezesTheAudience(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 5)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	must(store.Unsubscribe(ctx, subs[0].Chat.ID, 0))(t)
	if err := store.MarkGone(ctx, subs[1].Chat.ID, "blocked"); err != nil {
		t.Fatal(err)
	}
	if _, started, err := store.RequestDelivery(ctx, row.ID, subs[2].ID); err != nil || !started {
		t.Fatalf("RequestDelivery: started %v, %v", started, err)
	}
	if n := must(store.Audience(ctx, row.ID))(t); n != 2 {
		t.Errorf("Audience = %d, want 2", n)
	}
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	subscribe(t, store, 8) // too late for this one
	if b.Subscribers != 2 || b.Messages != 2 || len(pending(t, store, b)) != 2 {
		t.Errorf("broadcast is frozen for %d × %d with %d pending, want 2 × 2 with 2", b.Subscribers, b.Messages, len(pending(t, store, b)))
	}
	if _, err := store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)); !errors.Is(err, subscribers.ErrRunning) {
		t.Errorf("a second broadcast of the issue: %v, want ErrRunning", err)
	}
}

func TestBooks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	ctx := t.Context()
	subs := subscribe(t, store, 6)
	row := saveIssue(t, store, digesttest.Issue(1, "News", "Tools")) // three messages
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	all := pending(t, store, b)

	progress(t, store, all[0], subscribers.Progress{NextMessage: 3, State: subscribers.Delivered, Sent: 3, Arrived: []subscribers.Arrived{{Position: 0, ID: 5}, {Position: 1, ID: 6}, {Position: 2, ID: 7}}})
	progress(t, store, all[1], subscribers.Progress{NextMessage: 3, State: subscribers.Delivered, Sent: 1, Muted: 1, Uncertain: 1})
	progress(t, store, all[2], subscribers.Progress{NextMessage: 1, State: subscribers.Skipped, Reason: "blocked", Sent: 1})
	progress(t, store, all[3], subscribers.Progress{State: subscribers.Failed, Reason: "too long"})
	progress(t, store, all[4], subscribers.Progress{NextMessage: 2, State: subscribers.Pending, Sent: 2})
	if _, err := store.FinishBroadcast(ctx, b.ID); !errors.Is(err, subscribers.ErrUnbalanced) {
		t.Errorf("FinishBroadcast with messages pending: %v, want ErrUnbalanced", err)
	}
	if err := store.Forget(ctx, subs[4].Chat.ID); err != nil {
		t.Fatal(err)
	}
	progress(t, store, all[5], subscribers.Progress{NextMessage: 3, State: subscribers.Delivered, Sent: 2})
	if _, err := store.FinishBroadcast(ctx, b.ID); !errors.Is(err, subscribers.ErrUnbalanced) {
		t.Errorf("FinishBroadcast with a delivery that is done but lacks a message: %v, want ErrUnbalanced", err)
	}
	exec(t, path, "UPDATE deliveries SET sent = 3 WHERE sent = 2 AND state = 'done'")
	books := must(store.FinishBroadcast(ctx, b.ID))(t)
	want := map[subscribers.Entry]bool{
		{Outcome: subscribers.OutcomeSent, Messages: 3 + 1 + 1 + 2 + 3}:                         true,
		{Outcome: subscribers.OutcomeSkipped, Reason: "muted", Messages: 1}:                     true,
		{Outcome: subscribers.OutcomeSkipped, Reason: "blocked", Subscribers: 1, Messages: 2}:   true,
		{Outcome: subscribers.OutcomeSkipped, Reason: "forgotten", Subscribers: 1, Messages: 1}: true,
		{Outcome: subscribers.OutcomeFailed, Reason: "too long", Subscribers: 1, Messages: 3}:   true,
		{Outcome: subscribers.OutcomeUncertain, Messages: 1}:                                    true,
	}
	for _, e := range books.Entries {
		if !want[e] {
			t.Errorf("unexpected entry %+v", e)
		}
		delete(want, e)
	}
	for e := range want {
		t.Errorf("missing entry %+v", e)
	}
	done := must(store.Broadcast(ctx, b.ID))(t)
	if done.State != subscribers.Done || done.FinishedAt.IsZero() {
		t.Errorf("the broadcast is %s, finished %v; want done", done.State, done.FinishedAt)
	}
	if d := must(store.Delivery(ctx, row.ID, subs[0].ID))(t); len(d.Arrived) != 3 || d.Arrived[2] != (subscribers.Arrived{Position: 2, ID: 7}) {
		t.Errorf("it holds %v, want the messages 5 6 7", d.Arrived)
	}
}

func TestRetryFailed(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	_, b := broadcast(t, store, 2)
	all := pending(t, store, b)
	progress(t, store, all[0], subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2})
	progress(t, store, all[1], subscribers.Progress{NextMessage: 1, State: subscribers.Failed, Reason: "odd", Sent: 1})
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if n := must(store.RetryFailed(ctx, b.ID, subscribers.InPrivate(99)))(t); n != 1 {
		t.Fatalf("RetryFailed = %d, want 1", n)
	}
	if n := must(store.RetryFailed(ctx, b.ID, subscribers.InPrivate(99)))(t); n != 0 {
		t.Errorf("a second press retried %d", n)
	}
	left := pending(t, store, firstUnfinished(t, store))
	if len(left) != 1 || left[0].NextMessage != 1 || left[0].SubscriberID != all[1].SubscriberID {
		t.Errorf("pending are %+v, want only the failed one, from where it failed", left)
	}
}

func TestPauseResumeCancel(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	row, b := broadcast(t, store, 3)
	for i, press := range []struct {
		name string
		do   func() (bool, error)
		want bool
	}{
		{"resume while running", func() (bool, error) { return store.ResumeBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, false},
		{"pause", func() (bool, error) { return store.PauseBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, true},
		{"pause twice", func() (bool, error) { return store.PauseBroadcast(ctx, b.ID, subscribers.InPrivate(2)) }, false},
		{"resume", func() (bool, error) { return store.ResumeBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, true},
		{"pause again", func() (bool, error) { return store.PauseBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, true},
		{"cancel while paused", func() (bool, error) { return store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, true},
		{"cancel twice", func() (bool, error) { return store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(2)) }, false},
		{"resume after cancel", func() (bool, error) { return store.ResumeBroadcast(ctx, b.ID, subscribers.InPrivate(1)) }, false},
	} {
		if got := must(press.do())(t); got != press.want {
			t.Errorf("%d %s: changed %v, want %v", i, press.name, got, press.want)
		}
	}
	all := pending(t, store, b)
	progress(t, store, all[0], subscribers.Progress{NextMessage: 1, Attempts: 1, State: subscribers.Pending, Sent: 1})
	if next := firstUnfinished(t, store); next.ID != b.ID {
		t.Error("a cancelled broadcast whose books are open is not unfinished")
	}
	books := must(store.FinishBroadcast(ctx, b.ID))(t)
	if sent, uncertain, skipped := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeUncertain), books.Sum(subscribers.OutcomeSkipped); sent != 1 || uncertain != 1 || skipped != 4 {
		t.Errorf("books say sent %d, uncertain %d, skipped %d; want 1, 1, 4", sent, uncertain, skipped)
	}
	if b := must(store.Broadcast(ctx, b.ID))(t); b.State != subscribers.Cancelled {
		t.Errorf("after closing its books the broadcast is %s, want cancelled", b.State)
	}

	// A second broadcast goes to subscribers who did not get all; the books of the first
	// one stay as they are.
	if n := must(store.Audience(ctx, row.ID))(t); n != 2 {
		t.Errorf("Audience after the cancelled broadcast = %d, want 2", n)
	}
	second := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	if second.Subscribers != 2 {
		t.Errorf("the second broadcast goes to %d, want the 2 who got nothing", second.Subscribers)
	}
	kept := must(store.Books(ctx, b.ID))(t)
	if err := kept.Check(); err != nil || kept.Sum(subscribers.OutcomeSkipped) != 4 {
		t.Errorf("the first broadcast's books changed: %+v, %v", kept, err)
	}
}

func TestStartBroadcastWithNobodyLeft(t *testing.T) {
	store := open(t)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	if _, err := store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(99)); !errors.Is(err, subscribers.ErrNothingToSend) {
		t.Errorf("StartBroadcast to nobody: %v, want ErrNothingToSend", err)
	}
	if _, err := store.LastBroadcast(t.Context()); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("a broadcast to nobody left a trace: %v", err)
	}
}

func TestRequestDelivery(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub := subscribe(t, store, 1)[0]
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	for i, want := range []bool{true, false} {
		d, started, err := store.RequestDelivery(ctx, row.ID, sub.ID)
		if err != nil || started != want || d.State != subscribers.Pending || d.BroadcastID != 0 {
			t.Errorf("request %d = %+v, %v, %v; want started %v", i+1, d, started, err, want)
		}
	}
	if left := must(store.PendingRequests(ctx))(t); len(left) != 1 {
		t.Errorf("%d requests are pending, want 1", len(left))
	}
	if _, err := store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)); !errors.Is(err, subscribers.ErrNothingToSend) {
		t.Errorf("a broadcast to who asked for the issue: %v, want ErrNothingToSend", err)
	}
	if _, _, err := store.RequestDelivery(ctx, 999, sub.ID); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("request of an unknown issue: %v, want ErrNotFound", err)
	}
}

func TestCanary(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 30)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	b, included, err := store.StartCanary(ctx, row.ID, subscribers.InPrivate(subs[20].Chat.ID), 5, []int64{subs[29].Chat.ID, 12345})
	if err != nil || !included {
		t.Fatalf("the admin is included: %v, %v", included, err)
	}
	if !b.Canary || b.Subscribers != 30 {
		t.Errorf("canary broadcast is %+v, want a canary of 30 subscribers", b)
	}
	var chosen []int64
	for _, d := range pending(t, store, b) {
		chosen = append(chosen, d.SubscriberID)
	}
	want := []int64{subs[0].ID, subs[1].ID, subs[2].ID, subs[20].ID, subs[29].ID}
	if !slices.Equal(chosen, want) {
		t.Errorf("the canary goes to %v, want %v: the admins, and the first", chosen, want)
	}
	// If an admin pauses it in the middle, the canary is not over.
	must(store.PauseBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	must(store.ResumeBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	if again := must(store.Broadcast(ctx, b.ID))(t); !again.Canary {
		t.Error("after an admin's pause it goes to everybody")
	}
	must(store.HoldBroadcast(ctx, b.ID, subscribers.PauseReason{Kind: subscribers.PausedAfterCanary}))(t)
	must(store.ResumeBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	if n := len(pending(t, store, must(store.Broadcast(ctx, b.ID))(t))); n != 30 {
		t.Errorf("after the go-ahead %d are pending, want all", n)
	}
}

// An admin to whom a canary does not bring the issue counts as one of it.
func TestCanaryOfAdminOutsideTheBooks(t *testing.T) {
	for _, test := range []struct {
		name  string
		admin func(t *testing.T, store *subscribers.Store, issue int64, subs []subscribers.Subscriber) int64
	}{
		{"not subscribed", func(*testing.T, *subscribers.Store, int64, []subscribers.Subscriber) int64 { return 99 }},
		{"has it", func(t *testing.T, store *subscribers.Store, issue int64, subs []subscribers.Subscriber) int64 {
			if _, _, err := store.RequestDelivery(t.Context(), issue, subs[7].ID); err != nil {
				t.Fatal(err)
			}
			return subs[7].Chat.ID
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := open(t)
			subs := subscribe(t, store, 10)
			row := saveIssue(t, store, digesttest.Issue(1, "News"))
			admin := test.admin(t, store, row.ID, subs)
			b, included, err := store.StartCanary(t.Context(), row.ID, subscribers.InPrivate(admin), 5, []int64{admin})
			if err != nil || included {
				t.Fatalf("the admin is included: %v, %v", included, err)
			}
			if n := len(pending(t, store, b)); n != 4 {
				t.Errorf("the canary goes to %d others, want 4", n)
			}
		})
	}
}

func TestAggregateDeliveries(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	row, b := broadcast(t, store, 4)
	for i, d := range pending(t, store, b) {
		p := subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2}
		if i == 3 {
			p = subscribers.Progress{NextMessage: 1, State: subscribers.Skipped, Reason: "blocked", Sent: 1}
		}
		progress(t, store, d, p)
	}
	before := must(store.FinishBroadcast(ctx, b.ID))(t)
	if n := must(store.AggregateDeliveries(ctx, time.Now().Add(-time.Hour)))(t); n != 0 {
		t.Errorf("%d deliveries of a broadcast that just finished were aggregated", n)
	}
	if n := must(store.AggregateDeliveries(ctx, time.Now().Add(time.Hour)))(t); n != 4 {
		t.Errorf("aggregated %d deliveries, want 4", n)
	}
	after := must(store.Books(ctx, b.ID))(t)
	if err := after.Check(); err != nil || !slices.Equal(before.Entries, after.Entries) {
		t.Errorf("books were %+v and are %+v (%v)", before.Entries, after.Entries, err)
	}
	if _, err := store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)); !errors.Is(err, subscribers.ErrAggregated) {
		t.Errorf("a second broadcast of a aggregated issue: %v, want ErrAggregated", err)
	}
}

func TestInterrupted(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	_, b := broadcast(t, store, 2)
	cutOff := pending(t, store, b)[0]
	for _, test := range []struct {
		progress subscribers.Progress
		want     int
	}{
		{subscribers.Progress{State: subscribers.Pending}, 0},
		{subscribers.Progress{Attempts: 1, State: subscribers.Pending}, 1},
		{subscribers.Progress{NextMessage: 1, Sent: 1, State: subscribers.Pending}, 0},
		{subscribers.Progress{NextMessage: 1, Sent: 1, Attempts: 1, State: subscribers.Skipped, Reason: "unsubscribed"}, 0},
	} {
		progress(t, store, cutOff, test.progress)
		if n := must(store.CountInterrupted(ctx))(t); n != test.want {
			t.Errorf("with %+v %d deliveries were interrupted, want %d", test.progress, n, test.want)
		}
	}
}

func TestHoldBroadcast(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subscribe(t, store, 1)
	b := must(store.StartBroadcast(ctx, saveIssue(t, store, digesttest.Issue(1, "News")).ID, subscribers.InPrivate(99)))(t)
	must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	if changed := must(store.HoldBroadcast(ctx, b.ID, subscribers.PauseReason{Kind: subscribers.PausedForImbalance}))(t); !changed {
		t.Error("a cancelled broadcast with open books was not held")
	}
	if got := must(store.Broadcast(ctx, b.ID))(t); got.State != subscribers.Paused || got.Reason.Kind != subscribers.PausedForImbalance {
		t.Errorf("it is %s (%s), want paused (books)", got.State, got.Reason)
	}
	must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if changed := must(store.HoldBroadcast(ctx, b.ID, subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "late"}))(t); changed {
		t.Error("a broadcast whose books are closed was held")
	}
}
