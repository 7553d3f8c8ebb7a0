package sender

import (
	"math"
	"time"
)

// roundTrips knows the shortest time from a message's slot to its answer. It remembers a
// minute or two, because connections change.
type roundTrips struct {
	current, previous tripPeriod
	since             time.Time // of the current period
}

// tripPeriod is what is remembered of the round trips of a period.
type tripPeriod struct {
	shortest, sum time.Duration
	number        int
}

// A period ends after a minute if it has enough messages to mean something.
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

// least returns the time that a round trip takes at least; 0: nothing is known. The
// shortest of n round trips is still longer than that. If the ways there and back vary
// independently, the difference is about that of the mean and the shortest, divided by
// the root of n. That is subtracted, and something more at the beginning, when a few
// round trips say little about how much they vary.
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

// clear returns when a message that was answered at the given time no longer counts
// against a window. A message that goes out then arrives more than a window later.
func (r *roundTrips) clear(answered time.Time, window time.Duration) time.Time {
	return answered.Add(window - r.least())
}
