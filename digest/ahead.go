package digest

import (
	"fmt"
	"time"
)

// daysAhead is how far ahead an issue may be dated: the issue for Friday is ready
// days before. A later date is a slip, or the issue is for another day.
const daysAhead = 7

// writtenOn is a day before anybody runs this program. A clock that shows an
// earlier day has not been set, as on a machine that has no battery for it. It
// must not make every issue look dated ahead.
var writtenOn = time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)

// firstZone is where a day begins first (Kiribati, UTC+14), because dates have no zone.
var firstZone = time.FixedZone("UTC+14", 14*60*60)

// LastDate returns the last date, as midnight UTC, of the issues that are shown
// and sent at that time: a week ahead.
func LastDate(now time.Time) time.Time {
	if now.Before(writtenOn) {
		now = writtenOn
	}
	year, month, today := now.In(firstZone).Date()
	return time.Date(year, month, today+daysAhead, 0, 0, 0, 0, time.UTC)
}

// ShownFrom returns the first day on which an issue with that date is shown and sent.
func ShownFrom(date time.Time) time.Time { return date.AddDate(0, 0, -daysAhead) }

// CheckDate returns a warning for the editor if a date is more than a week
// ahead, else "".
func CheckDate(date, now time.Time) string {
	if !date.After(LastDate(now)) {
		return ""
	}
	const format = "2 January 2006"
	return fmt.Sprintf("it is dated %s, more than a week ahead: it is not sent before %s",
		date.Format(format), ShownFrom(date).Format(format))
}
