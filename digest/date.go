package digest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const monthNames = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`

var (
	numericDate = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})\s?[-/.年_]\s?([0-9]{1,2})\s?[-/.月_]\s?([0-9]{1,2})(?:$|[^0-9])`)
	compactDate = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?:$|[^0-9])`)
	dayFirst    = regexp.MustCompile(`(?i)(?:^|[^0-9])([0-9]{1,2})(?:st|nd|rd|th|\.)?[ -](?:of )?(` + monthNames + `)[a-z]*\.?,?[ -]((?:19|20)[0-9]{2})(?:$|[^0-9])`)
	monthFirst  = regexp.MustCompile(`(?i)(?:^|[^a-z])(` + monthNames + `)[a-z]*\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ((?:19|20)[0-9]{2})(?:$|[^0-9])`)
	european    = regexp.MustCompile(`(?:^|[^0-9.])([0-3]?[0-9])\.\s?([01]?[0-9])\.\s?(20[0-9]{2})(?:$|[^0-9])`)
)

// earliestYear is before every digest. An earlier date is an accident, such as
// the epoch of a broken clock.
const earliestYear = 1990

// DateIn returns the first full date in a text, as it is written there. It
// ignores zones and names of weekdays, which publishers get wrong. The zero time
// means none.
func DateIn(text string) time.Time {
	for _, form := range []struct {
		pattern          *regexp.Regexp
		year, month, day int // number of the group
	}{
		{numericDate, 1, 2, 3}, {dayFirst, 3, 2, 1}, {monthFirst, 3, 1, 2}, {compactDate, 1, 2, 3}, {european, 3, 2, 1},
	} {
		for _, m := range form.pattern.FindAllStringSubmatch(text, 4) {
			if t := civil(m[form.year], m[form.month], m[form.day]); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

func civil(year, month, dayOfMonth string) time.Time {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(dayOfMonth)
	m, err := strconv.Atoi(month)
	if err != nil {
		m = monthNumber(month)
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < earliestYear || t.Day() != d || t.Month() != time.Month(m) {
		return time.Time{}
	}
	return t
}

func monthNumber(name string) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if i := strings.Index(names, strings.ToLower(name[:3])); i >= 0 {
		return i/3 + 1
	}
	return 0
}
