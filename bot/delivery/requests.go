package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"digestbot/subscribers"
)

// Answer is what became of a reader's request for an issue.
type Answer string

// The answers to requests.
const (
	Started  Answer = "started"   // the issue is on its way now
	UnderWay Answer = "under way" // it was on its way already
	Again    Answer = "again"     // the reader has it, and gets it once more
)

// Deliver sends an issue to a subscriber that asks for it, before everything in
// the bulk lane. It returns as soon as the request is on record: a crash does
// not lose it, and no broadcast sends the issue a second time. A reader who
// has the issue and asks once more gets it again.
func (b *Broadcaster) Deliver(ctx context.Context, issue, subscriber int64) (Answer, error) {
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
		if started { // Run, just started, came upon it first
			return Started, nil
		}
		return UnderWay, nil
	}
	answer := Started
	switch {
	case d.State != subscribers.Pending:
		answer = Again
	case !started:
		answer = UnderWay // its turn would come; it comes now
	}
	if err := b.request(ctx, d, answer == Again); err != nil {
		b.claims.release(issue, subscriber, true)
		return "", err
	}
	return answer, nil
}

// request hands a claimed delivery to Run. With again the reader has it
// already, and gets it from the beginning without anything being recorded.
func (b *Broadcaster) request(ctx context.Context, d subscribers.Delivery, again bool) error {
	if !again {
		fresh, err := b.store.Delivery(ctx, d.IssueID, d.SubscriberID)
		if err != nil {
			return err
		}
		d = fresh                              // a broadcast may have worked on it until it was claimed
		again = d.State == subscribers.Skipped // it was cancelled
	}
	if again {
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
	c := &courier{Broadcaster: b, messages: messages, meter: b.meterOf(d), delivery: &d, volatile: again}
	c.urgent.Store(true)
	select {
	case b.requests <- c:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("deliver issue %d: %w", d.IssueID, ctx.Err())
	}
}

// answerRequests carries what readers ask for until ctx is done, beginning
// with what a stop or crash left over. It returns when every courier has.
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
				defer b.claims.release(c.delivery.IssueID, c.delivery.SubscriberID, true)
				b.carryRequest(ctx, c)
			})
		}
	}
}

// carryRequest delivers what a reader asked for, however long the database is
// out of order: nobody else would.
func (b *Broadcaster) carryRequest(ctx context.Context, c *courier) {
	for {
		err := c.carry(ctx)
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrFatal) {
			return
		}
		b.log.Error("a requested issue is held up", "issue", c.delivery.IssueID, "err", err)
		if sleep(ctx, retryPause) != nil {
			return
		}
	}
}

func (b *Broadcaster) resumeRequests(ctx context.Context) {
	pending, err := b.store.PendingRequests(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		b.log.Error("requests are left over", "err", err)
		return
	}
	for _, d := range pending {
		if free, _ := b.claims.take(d.IssueID, d.SubscriberID, nil); !free {
			continue
		}
		if err := b.request(ctx, d, false); err != nil {
			b.claims.release(d.IssueID, d.SubscriberID, true)
			b.log.Error("a requested issue is left over", "issue", d.IssueID, "err", err)
		}
	}
}

// claims see to it that a delivery is never carried twice at the same time.
type claims struct {
	mu      sync.Mutex
	taken   map[claim]*courier // nil: a reader's request
	touched map[claim]bool     // carried for a reader since the broadcast's run began
}

type claim struct{ issue, subscriber int64 }

func newClaims() *claims {
	return &claims{taken: make(map[claim]*courier), touched: make(map[claim]bool)}
}

// begin starts a run of a broadcast: it reads every delivery anew.
func (c *claims) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.touched)
	for k := range c.taken {
		c.touched[k] = true
	}
}

// take claims a delivery for a courier. free is false when somebody else has
// it; touched tells that what a run has read of it may be out of date.
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

// whenIdle calls f, during which nothing can be claimed, unless a delivery of
// the issue is being carried.
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

// hurry makes whoever carries the delivery use the interactive lane.
func (c *claims) hurry(issue, subscriber int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by := c.taken[claim{issue, subscriber}]; by != nil {
		by.urgent.Store(true)
	}
}

// release gives a delivery back; touch tells that it was carried for a reader.
func (c *claims) release(issue, subscriber int64, touch bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := claim{issue, subscriber}
	delete(c.taken, k)
	if touch {
		c.touched[k] = true
	}
}
