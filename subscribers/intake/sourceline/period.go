package sourceline

import (
	"fmt"
	"strconv"
	"time"
)

// Period is how far issues are apart that are made of the entries of a feed.
type Period struct{ Months, Days int }

var week = Period{Days: 7}

// periods are the names of lengths of time.
var periods = map[string]Period{"day": {Days: 1}, "week": week, "month": {Months: 1}}

// units stand behind a number.
var units = map[byte]Period{'d': {Days: 1}, 'w': week, 'm': {Months: 1}}

// maxPeriods keeps a period within a year or so.
const maxPeriods = 52

func parsePeriod(text string) (Period, error) {
	if p, ok := periods[text]; ok {
		return p, nil
	}
	last := len(text) - 1
	n, err := strconv.Atoi(text[:last])
	if unit, known := units[text[last]]; err == nil && n > 0 && n <= maxPeriods && known {
		return Period{Months: n * unit.Months, Days: n * unit.Days}, nil
	}
	return Period{}, fmt.Errorf("every=%s is not a length of time: write every=day, every=week, every=month, or a number with d, w or m, such as every=2w", text)
}

// Before returns the time a period before another one.
func (p Period) Before(t time.Time) time.Time { return shift(t, -p.Months).AddDate(0, 0, -p.Days) }

// IsOver reports whether a period has passed between two times, by their dates: a run of
// the schedule may be a moment earlier than the one a week ago, as clocks are changed.
func (p Period) IsOver(last, now time.Time) bool {
	last = shift(last.In(now.Location()), p.Months).AddDate(0, 0, p.Days)
	return last.Format(time.DateOnly) <= now.Format(time.DateOnly)
}

// shift returns the same day of another month, or the last one if that month is shorter.
func shift(t time.Time, months int) time.Time {
	shifted := t.AddDate(0, months, 0)
	if shifted.Day() != t.Day() {
		shifted = shifted.AddDate(0, 0, -shifted.Day())
	}
	return shifted
}
