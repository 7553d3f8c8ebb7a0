package talk

import (
	"fmt"
	"strconv"
	"time"

	"digestbot/subscribers"
)

// Weekly returns a time of the week, such as "every Sunday at 20:00
// (Europe/Berlin)".
func (s Speaker) Weekly(t subscribers.DeliveryTime) string {
	return s.Plain("date.weekly", Values{
		"Weekday": s.Plain("weekday." + strconv.Itoa(int(t.Weekday))),
		"Short":   s.ShortDay(t.Weekday),
		"Time":    TimeOfDay(t.Minute),
		"Zone":    t.Zone,
	})
}

// DayAndHour is Weekly without a zone.
func (s Speaker) DayAndHour(day time.Weekday, minute int) string {
	return s.Plain("date.day_and_hour", Values{
		"Weekday": s.Plain("weekday." + strconv.Itoa(int(day))),
		"Short":   s.ShortDay(day),
		"Time":    TimeOfDay(minute),
	})
}

// ShortDay names a day of the week on a button.
func (s Speaker) ShortDay(day time.Weekday) string {
	return s.Plain("short_weekday." + strconv.Itoa(int(day)))
}

// TimeOfDay writes a minute of the day as a clock shows it.
func TimeOfDay(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// NextLine says when the next issue is due; empty: that is unknown.
func (t *Talker) NextLine(s Speaker) string {
	if t.NextRun == nil {
		return ""
	}
	at := t.NextRun()
	if at.IsZero() {
		return ""
	}
	return s.HTML("next.at", Values{"When": s.Moment(s.own.Next(at))})
}
