package subscribers_test

import (
	"errors"
	"slices"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// A database of the version before there were revisions has messages that can be recalled.
func TestRevisionOfOlderDeliveries(t *testing.T) {
	store := openAt(t, database(t, 33))
	r, started, err := store.StartRecall(t.Context(), must(store.NewestIssue(t.Context()))(t).ID, subscribers.InPrivate(1))
	if err != nil || !started || r.Subscribers == 0 {
		t.Fatalf("StartRecall = %+v, %v, %v", r, started, err)
	}
	if _, err := store.CancelRevision(t.Context(), r.ID, subscribers.InPrivate(1)); err != nil {
		t.Fatal(err)
	}
	books, err := store.FinishRevision(t.Context(), r.ID)
	if err != nil || books.Messages == 0 || books.Sum(subscribers.OutcomeSkipped) != books.Messages {
		t.Errorf("the books are %+v, %v, want everything skipped", books, err)
	}
}

// revised makes two subscribers with an issue of three messages, and starts its correction.
func revised(t *testing.T) (*subscribers.Store, archive.Issue, []subscribers.Delivery, subscribers.Revision) {
	t.Helper()
	ctx := t.Context()
	store := open(t)
	subscribe(t, store, 2)
	row := saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	if _, _, err := store.StartCorrection(ctx, row.ID, subscribers.InPrivate(9)); !errors.Is(err, subscribers.ErrNothingToRevise) {
		t.Errorf("the correction of an issue that nobody has: %v", err)
	}
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(9)))(t)
	all := must(store.PendingDeliveries(ctx, b, 0, 10))(t)
	for i := range all {
		progress(t, store, all[i], subscribers.Progress{NextMessage: 3, State: subscribers.Delivered, Sent: 3, Layout: "sections",
			Arrived: []subscribers.Arrived{{Position: 0, ID: 10}, {Position: 1, ID: 11}, {Position: 2, ID: 12}}})
	}
	must(store.FinishBroadcast(ctx, b.ID))(t)
	row, _, err := store.SaveIssue(ctx, digesttest.Issue(1, "News", "Jobs"), "issue.md", []byte("another text"))
	if err != nil {
		t.Fatal(err)
	}
	r, started, err := store.StartCorrection(ctx, row.ID, subscribers.InPrivate(9))
	if err != nil || !started || r.Subscribers != 2 || r.Edition != 2 {
		t.Fatalf("StartCorrection = %+v, %v, %v", r, started, err)
	}
	return store, row, all, r
}

func three(subscribers.Delivery) int { return 3 }

// A delivery whose messages are being revised does not go on meanwhile, and a chat that is
// forgotten stays in the books, as numbers.
func TestRevisedDeliveriesWait(t *testing.T) {
	store, row, all, r := revised(t)
	ctx := t.Context()
	share, ok, err := store.BeginRevised(ctx, r, all[0].SubscriberID, three)
	if err != nil || !ok || share.Messages != 3 || share.CutShort {
		t.Fatalf("BeginRevised = %+v, %v, %v", share, ok, err)
	}
	share.Edited = 1
	into := subscribers.Arrived{Position: 1, ID: 11, Edition: 2}
	if err := store.SaveRevised(ctx, row.ID, share.Revised, subscribers.Change{ID: 11, Into: &into}, subscribers.Change{ID: 12}); err != nil {
		t.Fatal(err)
	}
	d := must(store.Delivery(ctx, row.ID, all[0].SubscriberID))(t)
	if want := []subscribers.Arrived{{Position: 0, ID: 10}, into}; !slices.Equal(d.Arrived, want) {
		t.Errorf("the delivery has %+v, want %+v", d.Arrived, want)
	}
	if again, ok, err := store.BeginRevised(ctx, r, all[0].SubscriberID, three); err != nil || !ok || !again.CutShort || again.Edited != 1 {
		t.Errorf("after a crash BeginRevised = %+v, %v, %v; want that it was cut short", again, ok, err)
	}
	if err := store.Forget(ctx, must(store.Recipient(ctx, all[0].SubscriberID))(t).Chat.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.FinishRevision(ctx, r.ID); !errors.Is(err, subscribers.ErrUnbalanced) {
		t.Errorf("the revision is finished although a subscriber is pending: %v", err)
	}
	second, _, err := store.BeginRevised(ctx, r, all[1].SubscriberID, three)
	if err != nil {
		t.Fatal(err)
	}
	second.State, second.Unchanged = subscribers.RevisedDone, 3
	if err := store.SaveRevised(ctx, row.ID, second.Revised); err != nil {
		t.Fatal(err)
	}
	books, err := store.FinishRevision(ctx, r.ID)
	if err != nil || books.Messages != 6 || books.Sum(subscribers.OutcomeEdited) != 1 || books.Sum(subscribers.OutcomeSkipped) != 2 {
		t.Errorf("the books are %+v, %v", books, err)
	}
}

// Books that do not add up are found.
func TestRevisionBooksThatDoNotBalance(t *testing.T) {
	store, row, all, r := revised(t)
	ctx := t.Context()
	for n, d := range all {
		share, _, err := store.BeginRevised(ctx, r, d.SubscriberID, three)
		if err != nil {
			t.Fatal(err)
		}
		share.State, share.Edited = subscribers.RevisedDone, 3-n // one message of the second is not accounted for
		if err := store.SaveRevised(ctx, row.ID, share.Revised); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.FinishRevision(ctx, r.ID); !errors.Is(err, subscribers.ErrUnbalanced) {
		t.Errorf("FinishRevision: %v, want that the books do not balance", err)
	}
}
