package sender

import (
	"math"
	"time"
)

// recovery lowers the rate and raises it again. With each incident the rate falls by a
// tenth. It is back within five seconds, which costs as many messages as a quarter of a
// second. If incidents follow each other, the limit is lower than thought: with each of
// them the climb takes twice as long.
type recovery struct {
	dropped time.Time // when the rate fell last
	climbed time.Time // when it rose last
	repeats int       // how many incidents have followed each other
}

const (
	rateDrop   = 0.9
	rateFloor  = 0.1  // of the full rate
	climbStep  = 0.02 // of the full rate
	climbEvery = time.Second
	maxRepeats = 5
	dropAtMost = 5 * time.Second // within this time it is one incident, however many answers report it
	follows    = 2 * time.Minute // an incident within this time after another follows it
)

// drop returns the rate after an incident.
func (r *recovery) drop(rate, full float64, now time.Time) float64 {
	since := now.Sub(r.dropped)
	if since < dropAtMost {
		return rate
	}
	r.repeats++
	if r.dropped.IsZero() || since > follows {
		r.repeats = 0
	}
	r.dropped, r.climbed = now, now
	return max(rate*rateDrop, full*rateFloor)
}

// climb returns the rate at the time now.
func (r *recovery) climb(rate, full float64, now time.Time) float64 {
	every := climbEvery << min(r.repeats, maxRepeats)
	steps := math.Floor(float64(now.Sub(r.climbed)) / float64(every))
	if rate >= full || steps < 1 {
		return rate
	}
	r.climbed = r.climbed.Add(time.Duration(steps) * every)
	return min(rate+steps*full*climbStep, full)
}
