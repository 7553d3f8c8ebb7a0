package delivery

import (
	"container/heap"
	"time"
)

// lane is a way through the sender.
type lane int

// The lanes, first come first.
const (
	interactive lane = iota // answers to people
	bulk                    // deliveries
	background              // progress shown to admins
	lanes
)

// patience is how long background work lets the other lanes go first. Without
// it an admin would see no progress while a broadcast uses every slot.
const patience = 10 * time.Second

// ticket is a message waiting for its slot.
type ticket struct {
	chat    int64
	ready   time.Time // not before, as far as known when it was queued
	since   time.Time
	granted chan struct{}
	left    bool // whoever waited has gone
}

// queue orders tickets by the time they are ready.
type queue []*ticket

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].ready.Before(q[j].ready) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*ticket)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}

// pop removes and returns the first ticket that may go now, or nil. Tickets
// whose chat has to wait longer than was known are put back.
func (q *queue) pop(now time.Time, ready func(chat int64) time.Time) *ticket {
	for len(*q) > 0 && !(*q)[0].ready.After(now) {
		t := heap.Pop(q).(*ticket)
		if t.left {
			continue
		}
		if at := ready(t.chat); at.After(now) {
			t.ready = at
			heap.Push(q, t)
			continue
		}
		return t
	}
	return nil
}

func (q *queue) push(t *ticket) {
	heap.Push(q, t)
}

// first is the time the first ticket is ready; ok is false when there is none.
func (q queue) first() (at time.Time, ok bool) {
	if len(q) == 0 {
		return time.Time{}, false
	}
	return q[0].ready, true
}
