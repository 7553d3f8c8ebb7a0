package numbers

import (
	"strings"
	"time"

	"digestbot/digest/dates"
	"digestbot/digest/document/plain"
)

// weekForms match the number of a week.
var weekForms = []numberForm{
	{pattern: plain.Pattern(`(?i)^` + weekWord + `(?:\s+(?:no|number|nr))?[\s#:.-]*([0-9]{1,3})$`), place: atWords},
	{pattern: plain.Pattern(`(?i)^[^\pL\pN]?([0-9]{1,2})(?:st|nd|rd|th|ª|º|e|-?я|\.)?\s+` + weekWord + `(?:$|[^\pL])`), place: atNumbers},
	{pattern: plain.Pattern(`第?\s?([0-9]{1,3})\s?(?:주차|週目|周目)`), needs: "주週周"},
	{pattern: plain.Pattern(`第\s?([0-9]{1,3})\s?[周週]`), needs: "第"},
	{pattern: plain.Pattern(`(?:19|20)[0-9]{2}[\s-]?[Ww]([0-9]{2})(?:$|[^0-9])`), needs: "Ww"},
}

var yearForm = plain.Pattern(`(?:^|[^0-9])(?:19|20)[0-9]{2}(?:$|[^0-9])`)

// cutWeek returns the number of a week that a title names, or 0, and the title
// without it.
func cutWeek(title string) (int, string) {
	for _, form := range weekForms {
		for m := range form.matches(title) {
			if n := number(title[m.start:m.end]); n > 0 {
				return n, title[:m.begin] + " | " + title[m.end:]
			}
		}
	}
	return 0, title
}

// weeksInYear is how many weeks the longest years have.
const weeksInYear = 53

// CountsWeeks reports whether "week n" counts the issues of a series, and is no
// week of a year: those come again every year, so they tell no issues apart. It is a
// week of a year if a year or month stands beside it that is no full date, or if the
// issue was published in that week or the one beside it.
func CountsWeeks(n int, date time.Time, names ...string) bool {
	if n > weeksInYear {
		return true
	}
	for _, name := range names {
		if day, _ := dates.Readings(name); !day.IsZero() {
			continue
		}
		if yearForm().MatchString(name) || strings.ContainsAny(name, "月월") {
			return false
		}
	}
	if date.IsZero() {
		return true
	}
	_, week := date.ISOWeek()
	distance := max(week-n, n-week)
	return distance > 1 && distance < weeksInYear-2
}
