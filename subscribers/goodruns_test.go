package subscribers_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

// A run is good if its readers have the issue, also because an admin has sent it before. A
// refusal by Telegram spoils it, a fault of Telegram's does not.
func TestLastGoodRun(t *testing.T) {
	ctx := t.Context()
	store, err := storetest.Open(ctx, filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	reader, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 1, Kind: subscribers.Private})
	if err != nil {
		t.Fatal(err)
	}
	issue := func(number int) archive.Issue {
		row, _, err := store.SaveIssue(ctx, &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: "Weekly"}, "a.md", fmt.Append(nil, number))
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	run := func(due time.Time) subscribers.Broadcast {
		r, err := store.RunSchedule(ctx, due)
		if err != nil {
			t.Fatal(err)
		}
		return r.Broadcast
	}
	end := func(b subscribers.Broadcast, p subscribers.Progress) {
		d := subscribers.Delivery{IssueID: b.IssueID, SubscriberID: reader.ID, BroadcastID: b.ID, Edition: b.Edition, Progress: p}
		if err := store.SaveProgress(ctx, []subscribers.Delivery{d}); err != nil {
			t.Fatal(err)
		}
		if _, err := store.FinishBroadcast(ctx, b.ID); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().Truncate(time.Second)
	want := func(when string, due time.Time, resting ...int64) {
		t.Helper()
		if got, err := store.LastGoodRun(ctx, now, resting...); err != nil || !got.Equal(due) {
			t.Errorf("%s: the last good run is %v, %v, want %v", when, got, err, due)
		}
	}
	never, first := time.Time{}, now.Add(-5*time.Hour)
	issue(1)
	b := run(first)
	want("while it is under way", never)
	want("when it waits for readers' own times", first, b.ID)
	end(b, subscribers.Progress{NextMessage: b.Messages, Sent: b.Messages, State: subscribers.Delivered})
	want("when all have it", first)
	if at, err := store.LastGoodBroadcast(ctx); err != nil || at.Before(now) {
		t.Errorf("the last good broadcast ended at %v, %v", at, err)
	}
	run(now.Add(-4 * time.Hour))
	want("after a run with nothing new", first)
	issue(2)
	end(run(now.Add(-3*time.Hour)), subscribers.Progress{State: subscribers.Failed, Reason: subscribers.ReasonMarkup})
	want("after a refusal", first)
	third := now.Add(-2 * time.Hour)
	issue(3)
	end(run(third), subscribers.Progress{State: subscribers.Failed, Reason: subscribers.ReasonServerError})
	want("after a fault of Telegram's", third)
	four := issue(4)
	if b, err = store.StartBroadcast(ctx, four.ID, subscribers.InPrivate(7)); err != nil {
		t.Fatal(err)
	}
	end(b, subscribers.Progress{NextMessage: b.Messages, Sent: b.Messages, State: subscribers.Delivered})
	run(now)
	want("when an admin had sent it", now)
	if r, err := store.LastRecordedRun(ctx, now); err != nil || r.Outcome != subscribers.RunNothingNew {
		t.Errorf("the last run is %+v, %v, want that there was nothing new", r, err)
	}
}
