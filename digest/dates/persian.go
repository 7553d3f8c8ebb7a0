package dates

import "time"

// The years of the Persian calendar in which an issue may have been published, and
// the first day of the first of them.
const (
	firstPersianYear = 1369
	lastPersianYear  = 1471
)

var firstPersianDay = time.Date(1990, time.March, 21, 0, 0, 0, 0, time.UTC)

// persianDate returns the day that a date of the Persian calendar means; the zero
// time if there is no such day.
func persianDate(year, monthOfYear, dayOfMonth int) time.Time {
	if year < firstPersianYear || year > lastPersianYear || monthOfYear < 1 || monthOfYear > 12 || dayOfMonth < 1 {
		return time.Time{}
	}
	length := 31
	switch {
	case monthOfYear == 12 && !persianLeap(year):
		length = 29
	case monthOfYear > 6:
		length = 30
	}
	if dayOfMonth > length {
		return time.Time{}
	}
	days := (monthOfYear-1)*30 + min(monthOfYear-1, 6) + dayOfMonth - 1
	for before := firstPersianYear; before < year; before++ {
		days += 365
		if persianLeap(before) {
			days++
		}
	}
	return firstPersianDay.AddDate(0, 0, days)
}

// persianLeap reports whether a year has 366 days. The rule of 33 years is that of
// ICU's PersianCalendar; it agrees with the equinoxes in the years above.
func persianLeap(year int) bool { return (year*25+11)%33 < 8 }
