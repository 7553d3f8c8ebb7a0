package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// batch is how many deliveries are read from the database at once.
const batch = 200

// session is the work on a broadcast until that is over, paused or cancelled, or the
// program stops.
type session struct {
	b         *Broadcaster
	broadcast subscribers.Broadcast
	messages  *messages
	meter     *meter
	doubts    *doubts
	cancel    context.CancelFunc
	window    window
	couriers  sync.WaitGroup

	mu  sync.Mutex
	err error // the first
}

// broadcast delivers what is pending of a broadcast. over is false if something is
// left because the broadcast was paused or cancelled, or the program stops.
func (b *Broadcaster) broadcast(ctx context.Context, bc subscribers.Broadcast) (over bool, err error) {
	messages, err := b.loadMessages(ctx, bc.IssueID, bc.Edition)
	if err != nil {
		return false, err
	}
	books, err := b.store.Books(ctx, bc.ID)
	if err != nil {
		return false, err
	}
	later, err := b.store.OwnTimes(ctx, bc.ID)
	if err != nil {
		return false, err
	}
	going, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{
		b:         b,
		broadcast: bc,
		messages:  messages,
		meter:     newMeter(bc, books, later),
		doubts:    &doubts{},
		cancel:    cancel,
		window:    newWindow(b.sender.Window(), pendingDeliveries(books)-later.Subscribers),
	}
	b.setCurrent(s.meter)
	defer b.setCurrent(nil)
	b.claims.begin()
	if !b.announced[bc.ID] {
		b.announced[bc.ID] = true
		b.notify(ctx, Event{Kind: EventStarted, Broadcast: bc})
	}

	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(going)
	}()
	err = s.feedAll(going)
	stopped := going.Err() != nil
	cancel()
	<-watched
	switch {
	case s.err != nil:
		return false, s.err
	case stopped:
		delete(b.announced, bc.ID)
		return false, nil
	case errors.Is(err, errYield):
		return false, nil
	}
	return err == nil, err
}

// pendingDeliveries returns the number of deliveries that are not over.
func pendingDeliveries(b subscribers.Books) int {
	n := 0
	for _, e := range b.Entries {
		if e.Outcome == subscribers.OutcomePending {
			n += e.Subscribers
		}
	}
	return n
}

// errYield means that a broadcast that started earlier has something to send.
var errYield = errors.New("an earlier broadcast goes first")

// leftoverEvery is how often a session looks at a delivery of its broadcast that a
// reader's request is carrying.
const leftoverEvery = 500 * time.Millisecond

// feedAll runs couriers until nothing is pending.
func (s *session) feedAll(ctx context.Context) error {
	for {
		err := s.feed(ctx)
		s.couriers.Wait()
		if err != nil {
			return err
		}
		left, err := s.b.store.PendingDeliveries(ctx, s.broadcast, 0, 1)
		if err != nil || len(left) == 0 {
			return err
		}
		if err := sender.Sleep(ctx, leftoverEvery); err != nil {
			return err
		}
	}
}

// lookEvery is how soon a session notices that the command line, another process, has
// cancelled the broadcast.
const lookEvery = 2 * time.Second

// watch ends the session when the broadcast is no longer running, or has to wait.
func (s *session) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.b.wake:
		case <-time.After(lookEvery):
		}
		bc, err := s.b.store.Broadcast(ctx, s.broadcast.ID)
		if err == nil && bc.State == subscribers.Running && !s.b.holds() {
			continue
		}
		if err != nil && ctx.Err() == nil {
			s.fail(err)
		}
		s.cancel()
		return
	}
}

// feed starts a courier for every pending delivery, as fast as places in the window
// become free. It remembers where to read on in memory only: after a restart it reads
// from the beginning and passes over what is settled.
func (s *session) feed(ctx context.Context) error {
	after := int64(0)
	for {
		older, err := s.b.olderDue(ctx, s.broadcast)
		if err != nil {
			return err
		}
		pending, err := s.b.store.PendingDeliveries(ctx, s.broadcast, after, batch)
		if err != nil || len(pending) == 0 {
			return err
		}
		last := pending[len(pending)-1].SubscriberID
		seen := s.b.store.PreferenceChanges()
		recipients, err := s.b.store.Recipients(ctx, pending[0].SubscriberID, last)
		if err != nil {
			return fmt.Errorf("read subscribers %d to %d: %w", pending[0].SubscriberID, last, err)
		}
		for i := range pending {
			if !older.IsZero() && !older.After(time.Now()) {
				return errYield
			}
			if err := s.window.enter(ctx); err != nil {
				return err
			}
			c := &courier{
				b: s.b, session: s, messages: s.messages,
				delivery: s.b.newRecord(&pending[i], s.messages.len(), s.meter), to: recipients[pending[i].SubscriberID], seen: seen,
			}
			s.couriers.Go(func() {
				defer s.window.leave()
				if err := s.carry(ctx, c); err != nil && ctx.Err() == nil {
					s.fail(err)
				}
			})
		}
		after = last
	}
}

// carry runs a courier, unless a reader's request is carrying the delivery.
func (s *session) carry(ctx context.Context, c *courier) error {
	d := c.delivery.Delivery
	free, touched := s.b.claims.take(d.IssueID, d.SubscriberID, c)
	if !free {
		return nil
	}
	defer s.b.claims.release(d.IssueID, d.SubscriberID, false)
	if touched { // what was read of the delivery is out of date
		fresh, err := s.b.store.Delivery(ctx, d.IssueID, d.SubscriberID)
		if errors.Is(err, subscribers.ErrNotFound) { // forgotten meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		*d = fresh
		c.delivery.counted = shareOf(d, c.delivery.length) // the request has counted it
	}
	return c.carry(ctx)
}

// fail ends the session. Its first error counts.
func (s *session) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.cancel()
}

// maxDoubts is how many deliveries in a row may end in a doubtful way before the
// program suspects itself: it may have another bot's database, or a text that no chat
// accepts.
const maxDoubts = 20

// doubts counts the deliveries in a row that ended in a doubtful way.
type doubts struct {
	mu sync.Mutex
	n  int
}

func (d *doubts) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n = 0
}

// raise counts one more, and reports whether that is one too many.
func (d *doubts) raise() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	return d.n == maxDoubts
}

// doubt notes a delivery that ended in a doubtful way, and pauses the broadcast after
// too many of them in a row. Without a session it does nothing.
func (s *session) doubt(ctx context.Context, reason subscribers.Reason) {
	if s != nil && s.doubts.raise() {
		s.b.pause(ctx, s.broadcast.ID, subscribers.PauseReason{Kind: subscribers.PausedForFailures, Number: maxDoubts, Detail: string(reason)})
	}
}

// reassure notes that messages get through. Without a session it does nothing.
func (s *session) reassure() {
	if s != nil {
		s.doubts.clear()
	}
}
