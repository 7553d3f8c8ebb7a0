// Package walltime finds the moments at which the clocks of a time zone show a
// given time, also on the days on which the clocks are changed.
//
// A wall time is what such a clock shows, written as a [time.Time] in UTC: 09:00
// in Berlin is 09:00 UTC here. [Of] returns the wall time of a moment, and [First]
// the moment of a wall time.
package walltime

import "time"

// Of returns what the clocks show at t in its location.
func Of(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

// First returns the first moment at which the clocks of a location show a wall
// time. If they skip it, First returns the moment at which they are changed. It
// never decreases as the wall time increases.
func First(wall time.Time, location *time.Location) time.Time {
	// No offset from UTC reaches a day, so these offsets hold on either side of
	// the moment, and no zone changes its clocks twice in two days.
	_, before := wall.AddDate(0, 0, -1).In(location).Zone()
	_, after := wall.AddDate(0, 0, 1).In(location).Zone()
	// If the clocks show the wall time twice, they go back, and before is the
	// greater offset: it makes the earlier moment.
	early, late := At(wall, before, location), At(wall, after, location)
	switch {
	case Of(early).Equal(wall):
		return early
	case Of(late).Equal(wall):
		return late
	}
	change, _ := early.ZoneBounds()
	return change
}

// At returns the moment at which clocks show a wall time that are offset seconds
// ahead of UTC. The moment is in location, which need not have that offset then.
func At(wall time.Time, offset int, location *time.Location) time.Time {
	return wall.Add(-time.Duration(offset) * time.Second).In(location)
}
