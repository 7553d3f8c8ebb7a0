package delivery

import (
	"sync/atomic"
	"time"

	"digestbot/subscribers"
)

// Tally says how far a broadcast that is under way has got.
type Tally struct {
	Broadcast subscribers.Broadcast
	Total     int           // subscribers × messages
	Settled   int           // sent, skipped, failed or uncertain
	Rate      float64       // messages sent per second since the session began
	Remaining time.Duration // an estimate for what is due in this session; 0: unknown
}

// meter counts while a broadcast runs.
type meter struct {
	broadcast subscribers.Broadcast
	total     int
	later     int          // how many of total are not due in this session
	before    int          // how many were settled when the session began
	settled   atomic.Int64 // since then
	sent      atomic.Int64 // since then
	standing  *standing    // nil: nothing is to be counted there
	began     atomic.Int64 // when the first of these was settled, in Unix nanoseconds; 0: none is yet
}

// settle counts n messages as settled.
func (m *meter) settle(n int) {
	if m.began.Load() == 0 {
		m.began.CompareAndSwap(0, time.Now().UnixNano())
	}
	m.settled.Add(int64(n))
}

func newMeter(b subscribers.Broadcast, books subscribers.Books, later subscribers.OwnTimes) *meter {
	total := b.Subscribers * b.Messages
	return &meter{broadcast: b, total: total, before: total - books.Sum(subscribers.OutcomePending), later: later.Subscribers * b.Messages, standing: newStanding(b, books)}
}

// Tally returns how far the broadcast under way has got; ok is false if there is
// none.
func (b *Broadcaster) Tally() (t Tally, ok bool) {
	b.mu.Lock()
	m := b.current
	b.mu.Unlock()
	if m == nil {
		return Tally{}, false
	}
	return m.tally(time.Now()), true
}

func (m *meter) tally(now time.Time) Tally {
	settled := m.settled.Load()
	t := Tally{Broadcast: m.broadcast, Total: m.total, Settled: min(m.before+int(settled), m.total)} // failed messages may be tried again meanwhile, and count once more
	elapsed := now.Sub(time.Unix(0, m.began.Load())).Seconds()
	if settled == 0 || elapsed <= 0 {
		return t
	}
	t.Rate = float64(m.sent.Load()) / elapsed
	remaining := float64(max(t.Total-t.Settled-m.later, 0)) * elapsed / float64(settled)
	t.Remaining = time.Duration(remaining * float64(time.Second))
	return t
}

func (b *Broadcaster) setCurrent(m *meter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current = m
	if m != nil {
		b.standing = m.standing
	}
}

// meterOf returns the meter for a delivery: that of its broadcast, if that is under
// way, or else one of which only the standing is read, if it is that of its broadcast.
func (b *Broadcaster) meterOf(d subscribers.Delivery) *meter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current != nil && b.current.broadcast.ID == d.BroadcastID {
		return b.current
	}
	if b.standing != nil && b.standing.Broadcast.ID == d.BroadcastID {
		return &meter{standing: b.standing}
	}
	return &meter{}
}
