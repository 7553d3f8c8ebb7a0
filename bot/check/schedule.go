package check

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const timeLayout = "Mon 2 January 2006, 15:04 MST"

func (c *checker) location() *time.Location {
	if c.Settings.Location == nil {
		return time.UTC
	}
	return c.Settings.Location
}

// checkSchedule says when the next broadcasts are, and what the next change of the clocks does
// to them.
func (c *checker) checkSchedule(context.Context) []Finding {
	now := c.Now().In(c.location())
	next := c.Settings.Schedule.Next(now)
	if next.IsZero() {
		return one(Skipped, "there is none, see settings", "")
	}
	const shown = 3
	var dates []string
	for at := next; len(dates) < shown && !at.IsZero(); at = c.Settings.Schedule.Next(at) {
		dates = append(dates, at.Format(timeLayout))
	}
	found := one(OK, "the next broadcasts: "+strings.Join(dates, "; "), "")
	if c.Zone == "" {
		name, _ := now.Zone()
		f := Finding{State: OK, Text: fmt.Sprintf("the time zone is the machine's, %s", name)}
		if _, offset := now.Zone(); offset == 0 {
			f.State, f.Cure = Warning, "servers often have that; give --timezone, such as Europe/Berlin, if readers live elsewhere"
		}
		found = append(found, f)
	}
	return append(found, c.clockChange(now)...)
}

// clockChange says when clocks change next, and when the first broadcast is after that.
func (c *checker) clockChange(now time.Time) []Finding {
	_, change := now.ZoneBounds()
	if change.IsZero() {
		return one(OK, "clocks do not change here", "")
	}
	before, after := change.Add(-time.Second), change
	from, _ := before.Zone()
	to, _ := after.Zone()
	text := fmt.Sprintf("clocks change on %s, from %s to %s", before.Format("Mon 2 January 2006"), from, to)
	// A time that is skipped that day is due when clocks change.
	run := c.Settings.Schedule.Next(before)
	if run.IsZero() {
		return one(OK, text, "")
	}
	return one(OK, text+"; the first broadcast from then on: "+run.Format(timeLayout), "")
}
