// Package dates finds dates in titles and lines, as people write them in some forty languages,
// and in the calendars of Persia and Thailand.
//
// Everything here is a pure function of its input.
package dates

import (
	"strings"
	"time"

	"digestbot/digest/numerals"
)

// earliestYear is before every digest. An earlier date is an accident, such as
// the epoch of a broken clock.
const earliestYear = 1990

// In returns the first full date in the first 4 KB of a text, as it is written
// there, in some forty languages; of a range of days it returns the last. It
// ignores zones and names of weekdays, which publishers get wrong. The zero time
// means that there is none, or that it may be one of two: see [Readings].
func In(text string) time.Time {
	day, other := Readings(text)
	if !other.IsZero() {
		return time.Time{}
	}
	return day
}

// Readings returns what the first full date in a text means. In most cases that
// is one day. "05/06/2026" is the 5th of June, and in the United States the 6th of
// May, which is other.
func Readings(text string) (day, other time.Time) {
	marks := dateMarks(text)
	for i := range marks {
		if d, ok := dateAt(marks[i:]); ok {
			d = endOfRange(marks[i:], d)
			return d.day, d.other
		}
	}
	return time.Time{}, time.Time{}
}

// MonthIn returns the first day of the first month with a year in the first 4 KB of a text,
// as in "May 2026" and "2026-05"; the zero time: there is none, or it is part of a full date.
func MonthIn(text string) time.Time {
	marks := dateMarks(text)
	for i := range marks {
		if _, ok := dateAt(marks[i:]); ok {
			return time.Time{}
		}
		if i+1 == len(marks) || !lacksDay(marks[i], marks[i+1]) {
			continue
		}
		year, named := marks[i], marks[i+1]
		if !year.isYear() {
			year, named = named, year
		}
		if month := max(named.month.gregorian, named.value); month > 0 {
			return civil(year.value, month, 1)
		}
	}
	return time.Time{}
}

// Says reports whether a title may be read as a date.
func Says(title string, date time.Time) bool {
	day, other := Readings(title)
	return day.Equal(date) || other.Equal(date)
}

// Has reports whether a text has a date that [Cut] finds.
func Has(text string) bool { return Cut(text) != numerals.Plain(text) }

// Cut returns a text in which "|" stands for each date, also for those without
// a day or year: "July 19", "11/2026", "2026年11月". Digits of all scripts are ASCII
// digits in it.
func Cut(text string) string {
	text = numerals.Plain(text)
	marks := dateMarks(text)
	var out strings.Builder
	from := 0
	for i := 0; i < len(marks); i++ {
		size := partialDate(marks[i:])
		if d, ok := dateAt(marks[i:]); ok {
			size = endOfRange(marks[i:], d).size
		}
		if size == 0 {
			continue
		}
		out.WriteString(text[from:marks[i].start] + "|")
		i += size - 1
		from = marks[i].end
	}
	return out.String() + text[from:]
}

// BeginsWithDay reports whether a text begins with a day and a month, perhaps with
// a year: "04 Oct", "5. Mai 2026", "10. 12. 2026". After a short name, which may be
// a word of another meaning as in "5. May I ask", no other word may follow unless
// the day has a leading zero.
func BeginsWithDay(text string) bool {
	const enough = 80
	text = beginning(text, enough)
	marks := dateMarks(text)
	if len(marks) < 2 || strings.TrimLeft(marks[0].before, " ") != "" {
		return false
	}
	if _, ok := dateAt(marks); ok {
		return true
	}
	if !marks[0].isDay() || !marks[1].inYear() || !joined(dayMonthGap, marks[1].before) {
		return false
	}
	return marks[0].padded || len([]rune(marks[1].word)) > 5 || !wordFollows(numerals.Plain(text)[marks[1].end:])
}

// wordFollows reports whether a text goes on with a word in the same sentence.
func wordFollows(rest string) bool {
	trimmed := strings.TrimLeft(rest, " ")
	return trimmed != "" && trimmed != rest && !strings.ContainsRune(":：,–—|-(0123456789", []rune(trimmed)[0])
}
