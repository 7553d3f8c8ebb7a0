package subscribers_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

func firstUnfinished(t *testing.T, store *subscribers.Store) subscribers.Broadcast {
	t.Helper()
	all := must(store.UnfinishedBroadcasts(t.Context()))(t)
	if len(all) == 0 {
		t.Fatal("no broadcast is unfinished")
	}
	return all[0]
}

// Broadcasts have their turns: cancelled ones whose books are open, running
// ones, paused ones, and the oldest first.
func TestTurnsOfBroadcasts(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subscribe(t, store, 1)
	var all []int64
	for number := range 6 {
		row := saveIssue(t, store, digesttest.Issue(number+1, "News"))
		all = append(all, must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t).ID)
	}
	for _, i := range []int{0, 3} {
		must(store.PauseBroadcast(ctx, all[i], subscribers.InPrivate(99)))(t)
	}
	for _, i := range []int{2, 5} {
		must(store.CancelBroadcast(ctx, all[i], subscribers.InPrivate(99)))(t)
	}
	var got []int64
	for _, b := range must(store.UnfinishedBroadcasts(ctx))(t) {
		got = append(got, b.ID)
	}
	if want := []int64{all[2], all[5], all[1], all[4], all[0], all[3]}; !slices.Equal(got, want) {
		t.Errorf("the turns are %v, want %v", got, want)
	}
	if first := firstUnfinished(t, store); first.ID != all[2] {
		t.Errorf("broadcast %d goes first, want %d", first.ID, all[2])
	}
}

// Failed deliveries are tried again if the broadcast goes on or is done, but not if an
// admin has stopped it.
func TestRetryFailedInEveryState(t *testing.T) {
	for state, want := range map[subscribers.BroadcastState]int{
		subscribers.Running: 1, subscribers.Paused: 0, subscribers.Cancelled: 0, subscribers.Done: 1,
	} {
		store := open(t)
		ctx := t.Context()
		row, b := broadcast(t, store, 1)
		d := pending(t, store, b)[0]
		progress(t, store, d, subscribers.Progress{State: subscribers.Failed, Reason: "odd"})
		switch state {
		case subscribers.Paused:
			must(store.PauseBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
		case subscribers.Cancelled:
			must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
		case subscribers.Done:
			must(store.FinishBroadcast(ctx, b.ID))(t)
		}
		if n := must(store.RetryFailed(ctx, b.ID, subscribers.InPrivate(99)))(t); n != want {
			t.Errorf("of a broadcast that is %s %d are tried again, want %d", state, n, want)
		}
		again := must(store.Delivery(ctx, row.ID, d.SubscriberID))(t)
		if tried := again.State == subscribers.Pending && again.Reason == ""; tried != (want == 1) {
			t.Errorf("the delivery of a broadcast that is %s is %+v", state, again.Progress)
		}
		// A run that waits for readers with a time of their own looks there.
		if next := must(store.NextOwnTime(ctx, b.ID))(t); next.IsZero() != (want == 0) || next.After(time.Now()) {
			t.Errorf("of a broadcast that is %s the next own time is %v", state, next)
		}
	}
}

// Books are closed once.
func TestFinishingTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	ctx := t.Context()
	row, b := broadcast(t, store, 1)
	d := pending(t, store, b)[0]
	progress(t, store, d, subscribers.Progress{Attempts: 1, State: subscribers.Pending})
	must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if got := must(store.Delivery(ctx, row.ID, d.SubscriberID))(t); got.Attempts != 0 || got.NextMessage != 1 || got.Uncertain != 1 {
		t.Errorf("the delivery that was cut off is %+v, want its message settled as uncertain", got.Progress)
	}
	exec(t, path, "UPDATE broadcasts SET finished_at = 1700000000")
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if got := must(store.Broadcast(ctx, b.ID))(t); got.FinishedAt.Unix() != 1700000000 || got.State != subscribers.Cancelled {
		t.Errorf("it is %s since %v, want cancelled since the first time", got.State, got.FinishedAt)
	}
}
