package times

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"digestbot/bot/talk"
)

// timeOfDay is a time as people write it, behind a day of the week or nothing.
var timeOfDay = regexp.MustCompile(`^(?:s?,? ?(?:at )?)([0-9]{1,2})(?:[:.点點时時h]([0-9]{2})?分?)? ?([ap]m)?$`)

// Parse reads a day of the week, in any language of the catalog, and a time of day in minutes,
// such as "Sunday 20:00", "8pm" or "周日8点". Without a day it is the usual one.
func Parse(c *talk.Catalog, text string, usual time.Weekday) (day time.Weekday, minute int, ok bool) {
	const longest = 40 // bytes
	text = strings.ToLower(strings.Join(strings.Fields(width.Fold.String(text)), " "))
	if len(text) > longest {
		return 0, 0, false
	}
	day = usual
	for _, name := range dayNames(c) {
		if rest, found := strings.CutPrefix(strings.TrimPrefix(text, "每"), name.text); found {
			day, text = name.day, rest
			break
		}
	}
	part := timeOfDay.FindStringSubmatch(text)
	if part == nil {
		return 0, 0, false
	}
	hour, _ := strconv.Atoi(part[1])
	minute, _ = strconv.Atoi(cmp.Or(part[2], "0"))
	if part[3] != "" {
		if hour < 1 || hour > 12 {
			return 0, 0, false
		}
		hour %= 12
		if part[3] == "pm" {
			hour += 12
		}
	}
	return day, 60*hour + minute, hour < 24 && minute < 60
}

// dayName is what a language calls a day of the week.
type dayName struct {
	text string
	day  time.Weekday
}

// dayNames are the names of the days of the week in all languages, longer ones first.
func dayNames(c *talk.Catalog) []dayName {
	var all []dayName
	for _, tag := range c.Tags {
		s := c.SpeakerOf(tag, nil)
		for day := time.Sunday; day <= time.Saturday; day++ {
			all = append(all, dayName{strings.ToLower(s.Day(day)), day}, dayName{strings.ToLower(s.ShortDay(day)), day})
		}
	}
	slices.SortFunc(all, func(x, y dayName) int { return cmp.Compare(len(y.text), len(x.text)) })
	return all
}
