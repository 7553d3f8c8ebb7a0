package document

import (
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
)

var unixTime = regexp.MustCompile(`^1[0-9]{9}(?:[0-9]{3})?$`)

// metaDate reads the value of a date field, which may be a Unix time. It returns
// two days if it cannot be told which one is meant.
func metaDate(value string) (day, other time.Time) {
	value = strings.TrimSpace(value)
	if unixTime.MatchString(value) {
		n, _ := strconv.ParseInt(value[:10], 10, 64)
		t := time.Unix(n, 0).UTC()
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), time.Time{}
	}
	return dates.Readings(value)
}

// date finds the date of the issue: in the metadata, else in the title, in its
// file name, in the lines above everything, in its address, or else that of its last
// change. warning says that it has one that may be read in two ways.
func (d *draft) date(title string) (date time.Time, warning string) {
	var doubt doubtfulDate
	for at := range d.datePlaces(title) {
		day, other := metaDate(at.text)
		switch {
		case day.IsZero():
		case other.IsZero():
			day = doubt.near(day)
			d.notes.Say(note.Date, "%s, from %s: %q", day.Format(time.DateOnly), at.where, at.text)
			return day, ""
		case doubt.text == "":
			doubt = doubtfulDate{at, day, other}
		}
	}
	if doubt.text == "" {
		return time.Time{}, ""
	}
	if day := d.settle(doubt, title); !day.IsZero() {
		d.notes.Say(note.Date, "%s, from %s: %q", day.Format(time.DateOnly), doubt.where, doubt.text)
		return day, ""
	}
	return time.Time{}, fmt.Sprintf("date %.40q in %s may be %s or %s: write year, month and day",
		doubt.text, doubt.where, doubt.day.Format(time.DateOnly), doubt.other.Format(time.DateOnly))
}

// datePlace is a place of a document where its date may stand.
type datePlace struct{ where, text string }

// datePlaces yields the places of the date, the surest first.
func (d *draft) datePlaces(title string) iter.Seq[datePlace] {
	return func(yield func(datePlace) bool) {
		all := func(keys []string) bool {
			for _, key := range keys {
				if value := d.meta[key]; value != "" && !yield(datePlace{d.field(key), value}) {
					return false
				}
			}
			return true
		}
		if !all(fields.Date.Keys) ||
			!yield(datePlace{"the title", title}) || !yield(datePlace{"the title of the page", d.headTitle}) ||
			!all([]string{"slug", "permalink", "name", "url"}) || !yield(datePlace{"the file name", d.name}) {
			return
		}
		for _, line := range d.top {
			if !yield(datePlace{"a line above the text", line.Date}) {
				return
			}
		}
		if d.address != nil && !yield(datePlace{"the address of the page", d.address.Path}) {
			return
		}
		all(fields.Changed.Keys)
	}
}

// doubtfulDate is a date such as 05/06/2026.
type doubtfulDate struct {
	datePlace
	day, other time.Time
}

// sameIssue is how far apart the dates are, at most, that a document gives for
// itself.
const sameIssue = 7 * 24 * time.Hour

// near returns the reading that is near to another date of the document, or that date.
func (doubt doubtfulDate) near(date time.Time) time.Time {
	near := func(t time.Time) bool { return doubt.text != "" && t.Sub(date).Abs() <= sameIssue }
	switch first, second := near(doubt.day), near(doubt.other); {
	case first && !second:
		return doubt.day
	case second && !first:
		return doubt.other
	}
	return date
}

// How long after the latest article that it links to an issue is published, at most:
// in most cases, and if the other reading of its date is impossible.
const (
	usualDelay = 14 * 24 * time.Hour
	longDelay  = 45 * 24 * time.Hour
)

// follows returns the reading that an issue may have whose latest link is of that
// day, or the zero time.
func (doubt doubtfulDate) follows(latest time.Time) time.Time {
	first, second := doubt.day, doubt.other
	if second.Before(first) {
		first, second = second, first
	}
	delay := longDelay
	if first.Before(latest.AddDate(0, 0, -1)) {
		first = second
	} else {
		delay = usualDelay
	}
	if since := first.Sub(latest); latest.IsZero() || since < -24*time.Hour || since > delay {
		return time.Time{}
	}
	return first
}

// settle returns the reading that the title, the links of the document or its
// language decide for, or the zero time.
func (d *draft) settle(doubt doubtfulDate, title string) time.Time {
	if first, second := nearDay(title, doubt.day), nearDay(title, doubt.other); first != second {
		if first {
			return doubt.day
		}
		return doubt.other
	}
	if day := doubt.follows(d.latestLink()); !day.IsZero() {
		return day
	}
	language := strings.ToLower(strings.ReplaceAll(d.meta.Get(fields.Language.Keys...), "_", "-"))
	switch {
	case doubt.day.Year() != doubt.other.Year():
		return doubt.byYear(language)
	case language == "en-us":
		return doubt.other
	case language != "" && language != "en" && !strings.HasPrefix(language, "en-ca"):
		return doubt.day
	}
	return time.Time{}
}

// byYear returns the reading of a date such as 25.04.24 in a language that writes the year
// always first, or with full stops always last, else the zero time.
func (doubt doubtfulDate) byYear(language string) time.Time {
	language, _, _ = strings.Cut(language, "-")
	switch language {
	case "zh", "ja", "ko", "hu", "mn":
		return doubt.other
	case "de", "ru", "uk", "be", "pl", "cs", "sk", "fi", "da", "nb", "no", "ro", "bg", "tr", "et", "it":
		if strings.Contains(doubt.text, ".") {
			return doubt.day
		}
	}
	return time.Time{}
}

// nearDay reports whether a title has the day and month of a date, or of the days
// beside it.
func nearDay(title string, date time.Time) bool {
	return dates.NamesDay(title, date) || dates.NamesDay(title, date.AddDate(0, 0, 1)) || dates.NamesDay(title, date.AddDate(0, 0, -1))
}

var addressDate = regexp.MustCompile(`/20[0-9]{2}[/-][0-9]{2}[/-][0-9]{2}`)

// latestLink returns the latest date in the addresses that the document links to:
// an issue is not older than what it writes about, and not much younger.
func (d *draft) latestLink() time.Time {
	var latest time.Time
	for _, n := range d.nodes {
		for s := range digest.AllSpans([]digest.Block{n.Block}) {
			if t := dates.In(addressDate.FindString(s.Link)); t.After(latest) {
				latest = t
			}
		}
	}
	return latest
}
