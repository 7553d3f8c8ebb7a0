package delivery

import (
	"context"
	"fmt"

	"digestbot/subscribers"
)

// Trial is an issue that is sent to one subscriber to be looked at. It is no delivery:
// nothing is recorded, and a broadcast treats its subscriber as if it had not been.
type Trial struct {
	Issue, Subscriber int64
	// As changes whose choices count; nil: the subscriber's.
	As func(to *subscribers.Recipient)
	// Over is called when nothing more of it comes, unless the program stops. whole: all of
	// it has arrived.
	Over func(whole bool)
}

// Try sends an issue as a trial, as readers would get it, before everything in the bulk
// lane. started is false if the issue is on its way to that subscriber already. A crash or
// a stop ends a trial.
func (b *Broadcaster) Try(ctx context.Context, t Trial) (started bool, err error) {
	select {
	case <-b.ready:
	case <-ctx.Done():
		return false, fmt.Errorf("try issue %d: %w", t.Issue, ctx.Err())
	}
	issue, err := b.store.Issue(ctx, t.Issue)
	if err != nil {
		return false, err
	}
	if free, _ := b.claims.take(t.Issue, t.Subscriber, nil); !free {
		return false, nil
	}
	if err := b.try(ctx, t, issue.Edition); err != nil {
		b.claims.release(t.Issue, t.Subscriber, true)
		return false, fmt.Errorf("try issue %d: %w", t.Issue, err)
	}
	return true, nil
}

// try hands a claimed trial to Run.
func (b *Broadcaster) try(ctx context.Context, t Trial, edition int) error {
	messages, err := b.loadMessages(ctx, t.Issue, edition)
	if err != nil {
		return err
	}
	d := &subscribers.Delivery{IssueID: t.Issue, SubscriberID: t.Subscriber, Edition: edition,
		Progress: subscribers.Progress{State: subscribers.Pending}}
	c := &courier{b: b, messages: messages, delivery: b.newRecord(d, messages.len(), &meter{}), trial: &t}
	c.delivery.volatile = true
	c.urgent.Store(true)
	c.over = func() {
		if d.State != subscribers.Pending && t.Over != nil {
			t.Over(d.State == subscribers.Delivered)
		}
	}
	select {
	case b.requests <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
