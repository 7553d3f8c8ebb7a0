package delivery

import (
	"container/heap"
	"slices"
	"time"
)

// lane is a way through the sender.
type lane int

// The lanes, first come first.
const (
	foremost    lane = iota // answers to the bot's admins
	interactive             // answers to people
	bulk                    // deliveries
	background              // progress shown to admins
	lanes
)

// patience is how long background work lets the other lanes go first. Without
// it an admin would see no progress while a broadcast uses every slot.
const patience = 10 * time.Second

// ticket is a message waiting for its slot.
type ticket struct {
	chat  int64
	ready time.Time // not before, as far as known when it was queued
	turn
	granted chan *flight // gets the message's flight, or is closed when there will be none
	gone    bool         // whoever waited has left
}

// turn says which of those that may go is first: the one with more to come after it,
// for a chat takes only one message a second, and then the one that waits longer. So
// all that is under way ends at about the same time, and no slot is left unused while
// a last chat still has several messages to get.
type turn struct {
	more  int
	since time.Time
}

func (t turn) before(other turn) bool {
	if t.more != other.more {
		return t.more > other.more
	}
	return t.since.Before(other.since)
}

// queue holds the tickets of a lane.
type queue struct {
	held tickets // not yet ready; the first to be so first
	due  tickets // in their turn
}

func newQueue() *queue {
	return &queue{
		held: tickets{before: func(a, b *ticket) bool { return a.ready.Before(b.ready) }},
		due:  tickets{before: func(a, b *ticket) bool { return a.turn.before(b.turn) }},
	}
}

func (q *queue) len() int { return q.held.Len() + q.due.Len() }

func (q *queue) push(t *ticket) { heap.Push(&q.held, t) }

// pop removes and returns the ticket that goes first, or nil when none may. Tickets
// whose chat has to wait longer than was known are put back.
func (q *queue) pop(now time.Time, ready func(chat int64) time.Time) *ticket {
	q.advance(now)
	for q.due.Len() > 0 {
		t := heap.Pop(&q.due).(*ticket)
		if t.gone {
			continue
		}
		if at := ready(t.chat); at.After(now) {
			t.ready = at
			q.push(t)
			continue
		}
		return t
	}
	return nil
}

// advance makes tickets due that are ready.
func (q *queue) advance(now time.Time) {
	for q.held.Len() > 0 && !q.held.list[0].ready.After(now) {
		heap.Push(&q.due, heap.Pop(&q.held))
	}
}

// first is the time the first ticket is ready; ok is false when there is none.
func (q *queue) first() (at time.Time, ok bool) {
	switch {
	case q.due.Len() > 0:
		return q.due.list[0].ready, true
	case q.held.Len() > 0:
		return q.held.list[0].ready, true
	}
	return time.Time{}, false
}

// kept tells whether a ticket that may go has waited for longer than the time given.
func (q *queue) kept(now time.Time, patience time.Duration) bool {
	q.advance(now)
	return q.due.Len() > 0 && now.Sub(q.due.list[0].since) > patience
}

// all returns the tickets in no order.
func (q *queue) all() []*ticket { return slices.Concat(q.held.list, q.due.list) }

// tickets are a heap.
type tickets struct {
	list   []*ticket
	before func(a, b *ticket) bool
}

func (h *tickets) Len() int           { return len(h.list) }
func (h *tickets) Less(i, j int) bool { return h.before(h.list[i], h.list[j]) }
func (h *tickets) Swap(i, j int)      { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *tickets) Push(x any)         { h.list = append(h.list, x.(*ticket)) }
func (h *tickets) Pop() any {
	last := h.list[len(h.list)-1]
	h.list[len(h.list)-1] = nil
	h.list = h.list[:len(h.list)-1]
	return last
}
