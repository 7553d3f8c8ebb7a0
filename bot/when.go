package bot

import (
	"fmt"
	"strconv"
	"time"

	"digestbot/subscribers"
)

// weekly returns a time of the week, such as "every Sunday at 20:00
// (Europe/Berlin)".
func (s speaker) weekly(t subscribers.DeliveryTime) string {
	return s.plain("date.weekly", values{
		"Weekday": s.plain("weekday." + strconv.Itoa(int(t.Weekday))),
		"Short":   s.shortDay(t.Weekday),
		"Time":    timeOfDay(t.Minute),
		"Zone":    t.Zone,
	})
}

// dayAndHour is weekly without a zone.
func (s speaker) dayAndHour(day time.Weekday, minute int) string {
	return s.plain("date.day_and_hour", values{
		"Weekday": s.plain("weekday." + strconv.Itoa(int(day))),
		"Short":   s.shortDay(day),
		"Time":    timeOfDay(minute),
	})
}

// shortDay names a day of the week on a button.
func (s speaker) shortDay(day time.Weekday) string {
	return s.plain("short_weekday." + strconv.Itoa(int(day)))
}

// timeOfDay writes a minute of the day as a clock shows it.
func timeOfDay(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
