package scheduler

import "time"

// Missed returns the newest run that was due after last and not after now, if it
// was due at most catchUp ago. last is the latest known run. Older runs are not
// made up for: of several missed Fridays only the newest counts. If last is zero,
// nothing ever ran, and nothing was missed.
func (s Schedule) Missed(last, now time.Time, catchUp time.Duration) (run time.Time, missed bool) {
	if last.IsZero() {
		return time.Time{}, false
	}
	earliest := now.Add(-catchUp)
	for due := s.Next(s.skipTo(last, earliest)); !due.IsZero() && !due.After(now); due = s.Next(due) {
		run = due
	}
	return run, !run.IsZero()
}

// skipTo returns a moment, not before last, after which the first run that Next
// returns is due at earliest or later.
func (s Schedule) skipTo(last, earliest time.Time) time.Time {
	gap := earliest.Sub(last)
	switch {
	case gap <= 0:
		return last
	case s.interval > 0: // counted from last, so only whole intervals can be skipped
		return last.Add((gap - 1) / s.interval * s.interval)
	default:
		return earliest.Add(-1)
	}
}
