package subscribers_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// Pending deliveries are read in pages, by subscriber, and none twice.
func TestPendingDeliveriesInPages(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 5)
	b := must(store.StartBroadcast(ctx, saveIssue(t, store, digesttest.Issue(1, "News")).ID, subscribers.InPrivate(99)))(t)
	for _, d := range pending(t, store, b)[1:2] {
		progress(t, store, d, subscribers.Progress{State: subscribers.Skipped, Reason: "blocked"})
	}
	var got [][]int64
	for after := int64(0); ; {
		page := must(store.PendingDeliveries(ctx, b, after, 2))(t)
		if len(page) == 0 {
			break
		}
		var ids []int64
		for _, d := range page {
			ids = append(ids, d.SubscriberID)
		}
		after = ids[len(ids)-1]
		if got = append(got, ids); len(got) > 5 {
			break
		}
	}
	want := [][]int64{{subs[0].ID, subs[2].ID}, {subs[3].ID, subs[4].ID}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("pages are %v, want %v", got, want)
	}
}

// Canaries of one broadcast are none of another's.
func TestCanariesAreOfOneBroadcast(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 6)
	for number, test := range []struct {
		admin subscribers.Subscriber
		want  []int64
	}{
		{subs[5], []int64{subs[0].ID, subs[5].ID}},
		{subs[3], []int64{subs[0].ID, subs[3].ID}},
	} {
		row := saveIssue(t, store, digesttest.Issue(number+1, "News"))
		b, _, err := store.StartCanary(ctx, row.ID, subscribers.InPrivate(test.admin.Chat.ID), 2, nil)
		if err != nil {
			t.Fatal(err)
		}
		var chosen []int64
		for _, d := range pending(t, store, b) {
			chosen = append(chosen, d.SubscriberID)
		}
		if !slices.Equal(chosen, test.want) {
			t.Errorf("the canaries of issue %d are %v, want %v", number+1, chosen, test.want)
		}
	}
}

// A subscriber who left after a broadcast was cancelled is not in the next one, and
// stays in the rows of the first.
func TestCancelledDeliveryOfWhoLeft(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	first := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	must(store.CancelBroadcast(ctx, first.ID, subscribers.InPrivate(99)))(t)
	must(store.FinishBroadcast(ctx, first.ID))(t)
	must(store.Unsubscribe(ctx, subs[1].Chat.ID, 0))(t)
	second := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	for i, want := range []int64{second.ID, first.ID} {
		if d := must(store.Delivery(ctx, row.ID, subs[i].ID))(t); d.BroadcastID != want {
			t.Errorf("the share of subscriber %d is of broadcast %d, want %d", i+1, d.BroadcastID, want)
		}
	}
}

// A recipient is to get the next message of a delivery, or there is a reason why not.
func TestSkipReason(t *testing.T) {
	future := time.Now().Add(time.Hour)
	for _, test := range []struct {
		name           string
		to             subscribers.Subscriber
		share, request subscribers.Reason // empty: it gets the message
	}{
		{"on", subscribers.Subscriber{State: subscribers.On}, "", ""},
		{"on, with an old reason", subscribers.Subscriber{State: subscribers.On, Reason: "blocked"}, "", ""},
		{"paused", subscribers.Subscriber{State: subscribers.On, Choices: subscribers.Choices{PausedUntil: future}}, subscribers.ReasonPaused, ""},
		{"left", subscribers.Subscriber{State: subscribers.Off}, "unsubscribed", ""},
		{"gone", subscribers.Subscriber{State: subscribers.Gone, Reason: "blocked"}, "blocked", "blocked"},
	} {
		for broadcast, want := range []subscribers.Reason{test.request, test.share} {
			got := subscribers.Recipient{Subscriber: test.to}.SkipReason(&subscribers.Delivery{BroadcastID: int64(broadcast)})
			if got != want {
				t.Errorf("%s, broadcast %d: SkipReason = %q, want %q", test.name, broadcast, got, want)
			}
		}
	}
}

func TestRecipientThatIsNotThere(t *testing.T) {
	if _, err := open(t).Recipient(t.Context(), 17); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
}

// CountInterrupted also counts requests, but no delivery that has ended.
func TestInterruptedRequest(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub := subscribe(t, store, 1)[0]
	d, _, err := store.RequestDelivery(ctx, saveIssue(t, store, digesttest.Issue(1, "News")).ID, sub.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []subscribers.DeliveryState{subscribers.Pending, subscribers.Skipped} {
		progress(t, store, d, subscribers.Progress{Attempts: 1, State: state})
		want := 0
		if state == subscribers.Pending {
			want = 1
		}
		if n := must(store.CountInterrupted(ctx))(t); n != want {
			t.Errorf("%d %s requests were interrupted, want %d", n, state, want)
		}
	}
}

// A request leaves one that is due as it is. A delivery of a broadcast that waits for
// its reader's own time becomes due, and NextOwnTime still looks at it.
func TestRequestHastens(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 3)
	for _, sub := range subs[1:] {
		if err := store.SetDeliveryTime(ctx, sub.ID, subscribers.DeliveryTime{Weekday: time.Now().UTC().AddDate(0, 0, 3).Weekday(), Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
	}
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	due := func() (ids []int64) {
		t.Helper()
		for _, d := range pending(t, store, b) {
			ids = append(ids, d.SubscriberID)
		}
		return ids
	}
	if got := due(); !slices.Equal(got, []int64{subs[0].ID}) {
		t.Errorf("due are %v, want the one with no time of its own", got)
	}
	if next := must(store.NextOwnTime(ctx, b.ID))(t); !next.After(time.Now()) {
		t.Errorf("the next own time is %v, want one to come", next)
	}
	for _, sub := range []subscribers.Subscriber{subs[0], subs[1], subs[1]} {
		if _, started, err := store.RequestDelivery(ctx, row.ID, sub.ID); started || err != nil {
			t.Fatalf("RequestDelivery: started %v, %v", started, err)
		}
	}
	if got := due(); !slices.Equal(got, []int64{subs[0].ID, subs[1].ID}) {
		t.Errorf("due are %v, want who asked and not who waits", got)
	}
	later := must(store.OwnTimes(ctx, b.ID))(t)
	if later.Subscribers != 1 || !later.Next.Equal(later.Last) || !later.Next.After(time.Now()) {
		t.Errorf("later are %+v, want one", later)
	}
	if next := must(store.NextOwnTime(ctx, b.ID))(t); next.IsZero() || next.After(time.Now()) {
		t.Errorf("the next own time is %v, want that of who asked", next)
	}
	progress(t, store, must(store.Delivery(ctx, row.ID, subs[1].ID))(t), subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2})
	if next := must(store.NextOwnTime(ctx, b.ID))(t); !next.Equal(later.Next) {
		t.Errorf("after that the next own time is %v, want %v", next, later.Next)
	}
}

// Deliveries of broadcasts that are over are aggregated, chunk by chunk; those that readers
// asked for are not.
func TestFoldOnlyWhatIsOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	ctx := t.Context()
	exec(t, path, `
		WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 7001)
		INSERT INTO subscribers (id, chat_id, kind, state, created_at, updated_at)
		SELECT id, id, 'private', 'on', 1, 1
		FROM n`)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	if _, started, err := store.RequestDelivery(ctx, row.ID, 7001); err != nil || !started {
		t.Fatalf("RequestDelivery: started %v, %v", started, err)
	}
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	future := time.Now().Add(time.Hour)
	if n := must(store.AggregateDeliveries(ctx, future))(t); n != 0 {
		t.Errorf("of a broadcast under way %d deliveries were aggregated", n)
	}
	exec(t, path, "UPDATE deliveries SET state = 'done', next_message = 2, sent = 2 WHERE broadcast_id IS NOT NULL")
	if err := store.Forget(ctx, 1); err != nil { // whose share is aggregated before all others
		t.Fatal(err)
	}
	before := must(store.FinishBroadcast(ctx, b.ID))(t)
	if n := must(store.AggregateDeliveries(ctx, future))(t); n != 6999 {
		t.Errorf("%d deliveries were aggregated, want 6999", n)
	}
	if after := must(store.Books(ctx, b.ID))(t); !slices.Equal(after.Entries, before.Entries) || before.Sum(subscribers.OutcomeSent) != 14_000 {
		t.Errorf("books were %+v and are %+v", before.Entries, after.Entries)
	}
	if d := must(store.Delivery(ctx, row.ID, 7001))(t); d.BroadcastID != 0 {
		t.Errorf("the request is %+v, want it as it was", d)
	}
	if n := must(store.AggregateDeliveries(ctx, future))(t); n != 0 {
		t.Errorf("%d deliveries were aggregated a second time", n)
	}
}

// Two chats are forgotten while a broadcast runs: the totals have both.
func TestForgettingAddsUp(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 3)
	b := must(store.StartBroadcast(ctx, saveIssue(t, store, digesttest.Issue(1, "News")).ID, subscribers.InPrivate(99)))(t)
	for i, d := range pending(t, store, b) {
		progress(t, store, d, subscribers.Progress{NextMessage: 1, Sent: 1, State: subscribers.Pending})
		if i < 2 {
			if err := store.Forget(ctx, subs[i].Chat.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []subscribers.Entry{
		{Outcome: subscribers.OutcomePending, Subscribers: 1, Messages: 1},
		{Outcome: subscribers.OutcomeSent, Messages: 3},
		{Outcome: subscribers.OutcomeSkipped, Reason: "forgotten", Subscribers: 2, Messages: 2},
	}
	if got := must(store.Books(ctx, b.ID))(t).Entries; !slices.Equal(got, want) {
		t.Errorf("books are %+v, want %+v", got, want)
	}
}

// A chat that asked for an issue is forgotten like any other.
func TestForgettingARequest(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub := subscribe(t, store, 1)[0]
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	if _, _, err := store.RequestDelivery(ctx, row.ID, sub.ID); err != nil {
		t.Fatal(err)
	}
	if err := store.Forget(ctx, sub.Chat.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Delivery(ctx, row.ID, sub.ID); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("what is left of the request: %v, want ErrNotFound", err)
	}
}

// Deliveries that contradict themselves keep the books open, even if the sums are
// right.
func TestContradictions(t *testing.T) {
	for name, shares := range map[string][]subscribers.Progress{
		"further than its messages": {{NextMessage: 2, State: subscribers.Skipped, Reason: "blocked", Sent: 1}},
		"not as far":                {{NextMessage: 1, State: subscribers.Failed, Reason: "odd", Sent: 1, Uncertain: 1}},
		"done too soon, and beyond": {{NextMessage: 2, State: subscribers.Delivered, Sent: 2}, {NextMessage: 4, State: subscribers.Delivered, Sent: 4}},
	} {
		store := open(t)
		ctx := t.Context()
		subscribe(t, store, len(shares))
		b := must(store.StartBroadcast(ctx, saveIssue(t, store, digesttest.Issue(1, "News", "Tools")).ID, subscribers.InPrivate(99)))(t)
		for i, d := range pending(t, store, b) {
			progress(t, store, d, shares[i])
		}
		if _, err := store.FinishBroadcast(ctx, b.ID); !errors.Is(err, subscribers.ErrUnbalanced) {
			t.Errorf("%s: %v, want ErrUnbalanced", name, err)
		}
	}
}

// Another delivery time changes only deliveries that wait: one that is due stays due,
// and one that is over does not wait.
func TestAnotherTimeIsForWhatWaits(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	soon := subscribers.DeliveryTime{Weekday: time.Now().UTC().AddDate(0, 0, 3).Weekday(), Zone: "UTC"}
	if err := store.SetDeliveryTime(ctx, subs[1].ID, soon); err != nil {
		t.Fatal(err)
	}
	b := must(store.StartBroadcast(ctx, saveIssue(t, store, digesttest.Issue(1, "News")).ID, subscribers.InPrivate(99)))(t)
	if err := store.SetDeliveryTime(ctx, subs[0].ID, soon); err != nil {
		t.Fatal(err)
	}
	if left := pending(t, store, b); len(left) != 1 || left[0].SubscriberID != subs[0].ID {
		t.Errorf("due are %+v, want the delivery that was due before", left)
	}
	must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if later := must(store.OwnTimes(ctx, b.ID))(t); later.Subscribers != 0 {
		t.Errorf("after the end %d deliveries wait, want none", later.Subscribers)
	}
}
