package sender

import (
	"container/heap"
	"slices"
	"time"
)

// Lane is one of the ways through the Sender.
type Lane int

// The lanes; the first goes first.
const (
	foremost    Lane = iota // answers to the bot's admins
	Interactive             // answers to people
	Bulk                    // deliveries
	Revisions               // corrections and recalls, which share the slots of deliveries
	Background              // what nobody waits for: progress shown to admins, replies of readers
	lanes
)

// backgroundWait is how long the background lane lets the others go first. After that it
// has a slot, or an admin would see no progress while a broadcast uses every slot.
const backgroundWait = 10 * time.Second

// ticket is a message waiting for its slot.
type ticket struct {
	chat  int64
	ready time.Time // it may not go before, as far as was known when it was queued
	Rank
	granted chan *flight // gets the flight of the message, or is closed if there will be none
	gone    bool         // its caller has stopped waiting
}

// Rank decides which of the messages that may go is first: the one with more to come
// after it and then, among equals, the one that has waited longer. A chat takes only one
// message a second. So all deliveries under way end at about the same time, and no slots
// are left unused while a last chat still has several messages to get.
type Rank struct {
	More  int
	Since time.Time
}

func (r Rank) before(other Rank) bool {
	if r.More != other.More {
		return r.More > other.More
	}
	return r.Since.Before(other.Since)
}

// queue holds the tickets of a lane.
type queue struct {
	held tickets // not yet ready; the first to become ready is first
	due  tickets // ready, in the order of their ranks
}

func newQueue() *queue {
	return &queue{
		held: tickets{before: func(a, b *ticket) bool { return a.ready.Before(b.ready) }},
		due:  tickets{before: func(a, b *ticket) bool { return a.Rank.before(b.Rank) }},
	}
}

func (q *queue) len() int { return q.held.Len() + q.due.Len() }

func (q *queue) push(t *ticket) { heap.Push(&q.held, t) }

// pop removes and returns the first ticket that may go; nil: none may. It puts back
// tickets whose chat has to wait longer than was known.
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

// advance moves the tickets that are ready from held to due.
func (q *queue) advance(now time.Time) {
	for q.held.Len() > 0 && !q.held.list[0].ready.After(now) {
		heap.Push(&q.due, heap.Pop(&q.held))
	}
}

// first returns the time at which the first ticket is ready; ok is false if there is no
// ticket.
func (q *queue) first() (at time.Time, ok bool) {
	switch {
	case q.due.Len() > 0:
		return q.due.list[0].ready, true
	case q.held.Len() > 0:
		return q.held.list[0].ready, true
	}
	return time.Time{}, false
}

// hasWaited reports whether a ticket that may go has waited longer than d.
func (q *queue) hasWaited(now time.Time, d time.Duration) bool {
	q.advance(now)
	return q.due.Len() > 0 && now.Sub(q.due.list[0].Since) > d
}

// all returns the tickets in no order.
func (q *queue) all() []*ticket { return slices.Concat(q.held.list, q.due.list) }

// tickets is a heap.
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
