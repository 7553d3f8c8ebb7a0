package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
)

var unixTime = regexp.MustCompile(`^1[0-9]{9}(?:[0-9]{3})?$`)

// metaDate reads the value of a date field, which may be a Unix time.
func metaDate(value string) time.Time {
	value = strings.TrimSpace(value)
	if unixTime.MatchString(value) {
		n, _ := strconv.ParseInt(value[:10], 10, 64)
		return day(time.Unix(n, 0).UTC())
	}
	return digest.DateIn(value)
}

func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// date finds the date of the issue: in the metadata, else in the title, else in
// its address or file name.
func (d *draft) date(title string) time.Time {
	for _, key := range append(slices.Clip(dateField.Keys), changedField.Keys...) {
		if t := metaDate(d.meta[key]); !t.IsZero() {
			d.notes.say(AboutDate, "%s, from %s: %q", t.Format(time.DateOnly), d.field(key), d.meta[key])
			return t
		}
	}
	for _, text := range []string{title, d.meta["slug"], d.meta["permalink"], d.meta["name"], d.meta["url"], d.name} {
		if t := digest.DateIn(text); !t.IsZero() {
			d.notes.say(AboutDate, "%s, from the title, address or file name %q", t.Format(time.DateOnly), text)
			return t
		}
	}
	return time.Time{}
}
