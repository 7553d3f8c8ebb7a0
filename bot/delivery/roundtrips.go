package delivery

import (
	"math"
	"time"
)

// roundTrips knows how long it takes at the least from when a message has its slot
// to when its answer comes. It remembers a minute or two: lines change.
type roundTrips struct {
	current, previous tripPeriod
	since             time.Time // of the current period
}

// tripPeriod is what is remembered of the round trips of a while.
type tripPeriod struct {
	shortest, sum time.Duration
	number        int
}

// A period ends after a minute, if it has enough messages to say something.
const (
	tripPeriodLength = time.Minute
	tripPeriodNumber = 100
)

func (r *roundTrips) add(now time.Time, trip time.Duration) {
	if r.since.IsZero() {
		r.since = now
	}
	if r.current.number >= tripPeriodNumber && now.Sub(r.since) > tripPeriodLength {
		r.previous, r.current, r.since = r.current, tripPeriod{}, now
	}
	r.current = r.current.with(tripPeriod{shortest: trip, sum: trip, number: 1})
}

// with returns both periods as one.
func (p tripPeriod) with(other tripPeriod) tripPeriod {
	switch {
	case p.number == 0:
		return other
	case other.number == 0:
		return p
	}
	return tripPeriod{shortest: min(p.shortest, other.shortest), sum: p.sum + other.sum, number: p.number + other.number}
}

// least is what a round trip takes at the least; 0 as long as nothing is known. The
// shortest of n is still above that: when the ways there and back vary independently,
// by about what the mean is above the shortest, divided by the root of n. That is
// taken off, and something for the beginning, when few tell little of how much they
// vary.
func (r *roundTrips) least() time.Duration {
	all := r.current.with(r.previous)
	if all.number == 0 {
		return 0
	}
	n := float64(all.number)
	mean := all.sum / time.Duration(all.number)
	doubt := float64(mean-all.shortest)/math.Sqrt(n) + 4*float64(all.shortest)/n
	return max(all.shortest-time.Duration(doubt), 0)
}

// clear is when a message whose answer came at the time given no longer counts
// against a window: one that goes out then arrives later than the window after it.
func (r *roundTrips) clear(answered time.Time, window time.Duration) time.Time {
	return answered.Add(window - r.least())
}
