package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// RequestState is what became of a reader's request for an issue.
type RequestState string

// The states of requests.
const (
	Started  RequestState = "started"   // the issue is on its way now
	UnderWay RequestState = "under way" // it was on its way already
	Again    RequestState = "again"     // the reader has it, and gets it once more
)

// Deliver sends an issue to a subscriber that asks for it, before everything in the
// bulk lane. It returns as soon as the request is on record: a crash does not lose it,
// and no broadcast sends the issue a second time. A reader who has the issue and asks
// once more gets it again.
func (b *Broadcaster) Deliver(ctx context.Context, issue, subscriber int64) (RequestState, error) {
	select {
	case <-b.ready:
	case <-ctx.Done():
		return "", fmt.Errorf("deliver issue %d: %w", issue, ctx.Err())
	}
	d, started, err := b.store.RequestDelivery(ctx, issue, subscriber)
	if err != nil {
		return "", err
	}
	free, _ := b.claims.take(issue, subscriber, nil)
	if !free {
		b.claims.hurry(issue, subscriber)
		if started { // Run has just started, and has found the request first
			return Started, nil
		}
		return UnderWay, nil
	}
	state := Started
	switch {
	case d.State == subscribers.Failed: // the delivery goes on
	case d.State != subscribers.Pending:
		state = Again
	case !started:
		state = UnderWay // its turn would have come; now it comes at once
	}
	if err := b.request(ctx, d, request{again: state == Again, urgent: true}); err != nil {
		b.claims.release(issue, subscriber, true)
		return "", err
	}
	return state, nil
}

// request is how a delivery that a reader asked for is carried.
type request struct {
	again  bool   // the reader has the issue, and gets all of it again; nothing is recorded
	urgent bool   // somebody is waiting for it
	over   func() // called when the delivery is no longer carried; may be nil
}

// request hands a claimed delivery to Run.
func (b *Broadcaster) request(ctx context.Context, d subscribers.Delivery, how request) error {
	if !how.again {
		var err error
		if d, how.again, err = b.reread(ctx, d); err != nil {
			return err
		}
	}
	if how.again {
		issue, err := b.store.Issue(ctx, d.IssueID)
		if err != nil {
			return err
		}
		d = subscribers.Delivery{IssueID: d.IssueID, SubscriberID: d.SubscriberID, Edition: issue.Edition,
			Progress: subscribers.Progress{State: subscribers.Pending}}
	}
	messages, err := b.loadMessages(ctx, d.IssueID, d.Edition)
	if err != nil {
		return err
	}
	c := &courier{b: b, messages: messages, delivery: b.newRecord(&d, messages.len(), b.meterOf(d)), over: how.over}
	c.delivery.volatile = how.again
	c.urgent.Store(how.urgent)
	select {
	case b.requests <- c:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("deliver issue %d: %w", d.IssueID, ctx.Err())
	}
}

// reread reads a claimed delivery, because a broadcast may have worked on it until it
// was claimed. A failed delivery goes on. again says that it cannot go on, and is sent
// anew without a record.
func (b *Broadcaster) reread(ctx context.Context, d subscribers.Delivery) (_ subscribers.Delivery, again bool, err error) {
	fresh, err := b.store.Delivery(ctx, d.IssueID, d.SubscriberID)
	if err != nil || fresh.State != subscribers.Failed {
		return fresh, fresh.State == subscribers.Skipped, err // Skipped: it was cancelled
	}
	ok, err := b.store.AskAgainFor(ctx, d.IssueID, d.SubscriberID)
	if err != nil || !ok {
		return fresh, true, err
	}
	failed := fresh
	if fresh, err = b.store.Delivery(ctx, d.IssueID, d.SubscriberID); err != nil {
		return fresh, false, err
	}
	if s := b.meterOf(fresh).standing; s != nil {
		s.change(shareOf(&failed, s.Broadcast.Messages), shareOf(&fresh, s.Broadcast.Messages))
	}
	return fresh, false, nil
}

// answerRequests carries the deliveries that readers ask for until ctx is done. It
// begins with those that a stop or a crash left over. It returns when every courier has.
func (b *Broadcaster) answerRequests(ctx context.Context) {
	var couriers sync.WaitGroup
	defer couriers.Wait()
	couriers.Go(func() { b.resumeRequests(ctx) })
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-b.requests:
			couriers.Go(func() {
				if c.over != nil {
					defer c.over()
				}
				defer b.claims.release(c.delivery.IssueID, c.delivery.SubscriberID, true)
				b.carryRequest(ctx, c)
			})
		}
	}
}

// carryRequest delivers what a reader asked for. However long the database is out of
// order, it goes on trying: nothing else would try again.
func (b *Broadcaster) carryRequest(ctx context.Context, c *courier) {
	defer b.noteCopy(context.WithoutCancel(ctx), &c.delivery)
	for {
		err := c.carry(ctx)
		if err == nil || ctx.Err() != nil || errors.Is(err, sender.ErrFatal) {
			return
		}
		b.log.Error("a requested issue is held up", "issue", c.delivery.IssueID, "err", err)
		if sender.Sleep(ctx, retryAfter) != nil {
			return
		}
	}
}

// noteCopy records the messages that a reader got who had the issue already, so that they
// can be corrected. They arrive all the same if that fails.
func (b *Broadcaster) noteCopy(ctx context.Context, r *record) {
	if !r.volatile || len(r.Arrived) == 0 {
		return
	}
	if err := b.store.AddCopy(ctx, *r.Delivery); err != nil {
		b.log.Error("a copy of an issue is not on record, so it will not be corrected", "issue", r.IssueID, "err", err)
	}
}

// resume makes Run look for requests on record that no courier carries.
func (b *Broadcaster) resume() {
	select {
	case b.retries <- struct{}{}:
	default: // it will look already
	}
}

// maxResumed is how many requests on record are carried at the same time. Each holds
// its messages in memory.
const maxResumed = 50

// resumeRequests first carries the requests that a stop or a crash left over: their
// readers are waiting. Later it carries those that an admin tries again.
func (b *Broadcaster) resumeRequests(ctx context.Context) {
	places := make(chan struct{}, maxResumed)
	for urgent := true; ; urgent = false {
		pending, err := b.store.PendingRequests(ctx)
		if err != nil && ctx.Err() == nil {
			b.log.Error("requests are left over", "err", err)
		}
		for _, d := range pending {
			select {
			case places <- struct{}{}:
				b.resumeRequest(ctx, d, request{urgent: urgent, over: func() { <-places }})
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-b.retries:
		case <-ctx.Done():
			return
		}
	}
}

func (b *Broadcaster) resumeRequest(ctx context.Context, d subscribers.Delivery, how request) {
	if free, _ := b.claims.take(d.IssueID, d.SubscriberID, nil); !free {
		how.over()
		return
	}
	err := b.request(ctx, d, how)
	if err == nil {
		return
	}
	how.over()
	b.claims.release(d.IssueID, d.SubscriberID, true)
	if ctx.Err() == nil {
		b.log.Error("a requested issue is left over", "issue", d.IssueID, "err", err)
	}
}

// claims make sure that a delivery is never carried twice at the same time.
type claims struct {
	mu      sync.Mutex
	taken   map[claim]*courier // by which courier; nil: by a reader's request
	touched map[claim]bool     // carried for a reader since the session of the broadcast began
}

type claim struct{ issue, subscriber int64 }

func newClaims() *claims {
	return &claims{taken: make(map[claim]*courier), touched: make(map[claim]bool)}
}

// begin starts a session, which reads every delivery anew.
func (c *claims) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.touched)
	for k := range c.taken {
		c.touched[k] = true
	}
}

// take claims a delivery for a courier. free is false if the delivery is taken. touched
// says that what a session has read of it may be out of date.
func (c *claims) take(issue, subscriber int64, by *courier) (free, touched bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := claim{issue, subscriber}
	if _, taken := c.taken[k]; taken {
		return false, false
	}
	c.taken[k] = by
	return true, c.touched[k]
}

// whenIdle calls f, unless a delivery of the issue is being carried. Nothing can be
// claimed while f runs.
func (c *claims) whenIdle(issue int64, f func() error) (idle bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := range c.taken {
		if k.issue == issue {
			return false, nil
		}
	}
	return true, f()
}

// hurry makes the courier that carries the delivery use the interactive lane.
func (c *claims) hurry(issue, subscriber int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by := c.taken[claim{issue, subscriber}]; by != nil {
		by.urgent.Store(true)
	}
}

// release gives a delivery back. touch says that it was carried for a reader.
func (c *claims) release(issue, subscriber int64, touch bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := claim{issue, subscriber}
	delete(c.taken, k)
	if touch {
		c.touched[k] = true
	}
}
