package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"digestbot/subscribers"
)

// ReaderState says how the delivery of a broadcast to one reader stands.
type ReaderState string

// The states of readers. Every reader of a broadcast is in one.
const (
	ReaderWaiting ReaderState = "waiting" // something is still to be sent
	ReaderDone    ReaderState = "done"    // has all of it that they want
	ReaderSkipped ReaderState = "skipped" // did not want it: muted, paused, unsubscribed, cancelled, ...
	ReaderGone    ReaderState = "gone"    // cannot be reached: blocked the bot, deleted, no rights, ...
	ReaderFailed  ReaderState = "failed"  // Telegram refuses it
)

// ReaderStates are all of them.
var ReaderStates = []ReaderState{ReaderWaiting, ReaderDone, ReaderSkipped, ReaderGone, ReaderFailed}

// Standing says how the last broadcast that was worked on stands: of each outcome the
// messages, and of each state the readers. It comes from the books at the beginning of a
// session and at the end of the broadcast, and what happens in between is counted beside them,
// because reading the books takes long if there are many readers.
type Standing struct {
	Broadcast subscribers.Broadcast // as it was then
	Readers   map[ReaderState]int
	Messages  map[subscribers.Outcome]int
}

// standing is a Standing that changes.
type standing struct {
	mu sync.Mutex
	Standing
}

func newStanding(b subscribers.Broadcast, books subscribers.Books) *standing {
	s := &standing{Standing: Standing{Broadcast: b, Readers: map[ReaderState]int{}, Messages: map[subscribers.Outcome]int{}}}
	others := 0
	for _, e := range books.Entries {
		s.Messages[e.Outcome] += e.Messages
		if e.Outcome != subscribers.OutcomeSent && e.Outcome != subscribers.OutcomeUncertain {
			s.Readers[readerState(subscribers.DeliveryState(e.Outcome), e.Reason)] += e.Subscribers
			others += e.Subscribers
		}
	}
	s.Readers[ReaderDone] = books.Subscribers - others
	return s
}

func readerState(state subscribers.DeliveryState, reason subscribers.Reason) ReaderState {
	switch {
	case state == subscribers.Delivered:
		return ReaderDone
	case state == subscribers.Failed:
		return ReaderFailed
	case state == subscribers.Skipped && reason.IsGone():
		return ReaderGone
	case state == subscribers.Skipped:
		return ReaderSkipped
	}
	return ReaderWaiting
}

// share is what a delivery has in a Standing.
type share struct {
	reader    ReaderState
	sent      int
	uncertain int
	skipped   int                 // messages that were not wanted, or came within another
	rest      int                 // messages that are not settled
	outcome   subscribers.Outcome // of these
}

func shareOf(d *subscribers.Delivery, messages int) share {
	s := share{reader: readerState(d.State, d.Reason), sent: d.Sent, uncertain: d.Uncertain, skipped: d.Muted + d.Covered, outcome: subscribers.Outcome(d.State)}
	s.rest = messages - s.sent - s.uncertain - s.skipped
	return s
}

// change counts a delivery that was one way and is another way now.
func (s *standing) change(before, after share) {
	if s == nil || before == after {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for sign, of := range map[int]share{-1: before, 1: after} {
		s.Readers[of.reader] += sign
		s.Messages[subscribers.OutcomeSent] += sign * of.sent
		s.Messages[subscribers.OutcomeUncertain] += sign * of.uncertain
		s.Messages[subscribers.OutcomeSkipped] += sign * of.skipped
		s.Messages[of.outcome] += sign * of.rest
	}
}

func (s *standing) copy() Standing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Standing{Broadcast: s.Broadcast, Readers: maps.Clone(s.Readers), Messages: maps.Clone(s.Messages)}
}

// Standing returns how the last broadcast that was worked on stands; ok is false if there never
// was one. The first call after a start may have to read its books.
func (b *Broadcaster) Standing(ctx context.Context) (s Standing, ok bool, err error) {
	if known := b.known(); known != nil {
		return known.copy(), true, nil
	}
	bc, err := b.store.LastBroadcast(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return Standing{}, false, nil
	}
	if err != nil {
		return Standing{}, false, err
	}
	books, err := b.store.Books(ctx, bc.ID)
	if err != nil {
		return Standing{}, false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.standing == nil { // else a session has begun meanwhile
		b.standing = newStanding(bc, books)
	}
	return b.standing.copy(), true, nil
}

func (b *Broadcaster) known() *standing {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.standing
}

// noteBooks notes the books of a broadcast that is over.
func (b *Broadcaster) noteBooks(bc subscribers.Broadcast, books subscribers.Books) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.standing = newStanding(bc, books)
}

// noteResting notes which broadcasts wait, for Resting. Only Run calls it.
func (b *Broadcaster) noteResting() {
	ids := slices.Sorted(maps.Keys(b.waiting))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resting = ids
}

// Resting returns the broadcasts of which only readers with a later time of their own are left.
func (b *Broadcaster) Resting() []int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.resting)
}
