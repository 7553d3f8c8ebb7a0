package talk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/subscribers"
)

// Weekly returns a time of the week, such as "Sundays at 20:00 (Berlin)".
func (s Speaker) Weekly(t subscribers.DeliveryTime) string {
	return s.Plain("date.weekly", Values{
		"Weekday": s.Day(t.Weekday),
		"Short":   s.ShortDay(t.Weekday),
		"Time":    TimeOfDay(t.Minute),
		"Zone":    s.City(t.Zone),
	})
}

// DayAndHour is Weekly without a zone.
func (s Speaker) DayAndHour(day time.Weekday, minute int) string {
	return s.Plain("date.day_and_hour", Values{
		"Weekday": s.Day(day),
		"Short":   s.ShortDay(day),
		"Time":    TimeOfDay(minute),
	})
}

// Day names a day of the week.
func (s Speaker) Day(day time.Weekday) string {
	return s.Plain("weekday." + strconv.Itoa(int(day)))
}

// ShortDay names a day of the week on a button.
func (s Speaker) ShortDay(day time.Weekday) string {
	return s.Plain("short_weekday." + strconv.Itoa(int(day)))
}

// TimeOfDay writes a minute of the day as a clock shows it.
func TimeOfDay(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// Moment returns a date and time of day of this year or the next, such as "Friday, 26
// November, 09:00 (Shanghai)". The place is left out for a reader who chose it.
func (s Speaker) Moment(at time.Time) string {
	if s.Zone != nil {
		at = at.In(s.Zone)
	}
	moment := s.Plain("date.moment", s.dateValues(at))
	if !s.own.IsZero() {
		return moment
	}
	return s.Plain("date.there", Values{"When": moment, "Place": s.placeOfClock(at)})
}

// placeOfClock names the place whose clocks show a time, by its city or else by how far
// its clocks are from UTC.
func (s Speaker) placeOfClock(at time.Time) string {
	if name := at.Location().String(); subscribers.IsZone(name) {
		return s.City(name)
	}
	return strings.TrimSuffix(at.Format("UTC-07:00"), "+00:00")
}

// City names a time zone by its city, such as "上海": as the language has it, or else by
// the part of the zone's name that people know.
func (s Speaker) City(name string) string {
	for line := range strings.Lines(s.Plain("zone.names")) {
		if zone, city, _ := strings.Cut(strings.TrimSpace(line), " "); zone == name {
			return city
		}
	}
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// NextBroadcast returns when the next broadcast is scheduled; the zero time: none is.
func (t *Talker) NextBroadcast() time.Time {
	if t.NextRun == nil {
		return time.Time{}
	}
	return t.NextRun(time.Now())
}

// NextLine says when the next issue is due; empty: that is unknown.
func (t *Talker) NextLine(s Speaker) string {
	at := t.NextBroadcast()
	if at.IsZero() {
		return ""
	}
	return s.HTML("next.at", Values{"When": s.Moment(s.own.Next(at))})
}

// WithEverybody says when issues come to readers who chose no time of their own, such as
// "Fridays at 09:00, with everybody (Shanghai)".
func (t *Talker) WithEverybody(s Speaker) string {
	at := t.NextBroadcast()
	if at.IsZero() {
		return s.Plain("settings.with_schedule")
	}
	if t.Location != nil {
		at = at.In(t.Location)
	}
	if !t.isWeekly(at) {
		return s.Plain("settings.next_with_everybody", Values{"When": s.Moment(at)})
	}
	when := s.Plain("settings.with_everybody", Values{"When": s.DayAndHour(at.Weekday(), at.Hour()*60+at.Minute())})
	return s.Plain("date.there", Values{"When": when, "Place": s.placeOfClock(at)})
}

// isWeekly reports whether broadcasts are scheduled for every week at the time of the
// week of one of them.
func (t *Talker) isWeekly(at time.Time) bool {
	for range 6 { // more weeks than a month has
		next := t.NextRun(at)
		if !next.Equal(at.AddDate(0, 0, 7)) {
			return false
		}
		at = next.In(at.Location())
	}
	return true
}
