package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"digestbot/scheduler/walltime"
)

// Schedule is a cron expression in a time zone, or a fixed interval. The zero
// value is never due. It is immutable and safe for concurrent use.
type Schedule struct {
	expression string
	spec       *cron.SpecSchedule // wall-clock times, written as if they were UTC; nil for an interval
	interval   time.Duration      // of "@every", else 0
	hourly     bool               // runs in every hour of the day
	location   *time.Location
}

// shortestInterval is what robfig/cron rounds shorter intervals up to.
const shortestInterval = time.Second

// Parse reads a cron expression: five fields (minute, hour, day of month,
// month, day of week; names such as FRI are fine), a word such as @weekly, or
// "@every 15m". Times of day are those of location.
func Parse(expression string, location *time.Location) (Schedule, error) {
	s, err := parse(strings.TrimSpace(expression), location)
	if err != nil {
		return Schedule{}, fmt.Errorf("%q is not a schedule: %w; write five fields (minute hour day month weekday) "+
			`such as "0 9 * * FRI", or @weekly, @daily, "@every 15m"`, expression, err)
	}
	return s, nil
}

func parse(expression string, location *time.Location) (Schedule, error) {
	if strings.HasPrefix(expression, "TZ=") || strings.HasPrefix(expression, "CRON_TZ=") {
		return Schedule{}, errors.New("the time zone is a setting of its own")
	}
	if text, ok := strings.CutPrefix(expression, "@every "); ok {
		return parseInterval(expression, strings.TrimSpace(text), location)
	}
	parsed, err := cron.ParseStandard(expression)
	if err != nil {
		return Schedule{}, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return Schedule{}, fmt.Errorf("robfig/cron made a %T of it", parsed)
	}
	spec.Location = time.UTC
	// From a leap year on, so that 29 February counts as a day.
	if spec.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, errors.New("no calendar has that day")
	}
	const everyHour = 1<<24 - 1
	return Schedule{
		expression: expression,
		spec:       spec,
		hourly:     spec.Hour&everyHour == everyHour,
		location:   location,
	}, nil
}

func parseInterval(expression, text string, location *time.Location) (Schedule, error) {
	interval, err := time.ParseDuration(text)
	if err != nil {
		return Schedule{}, err
	}
	if interval < shortestInterval {
		return Schedule{}, fmt.Errorf("an interval of %s is shorter than %s", interval, shortestInterval)
	}
	return Schedule{expression: expression, interval: interval, location: location}, nil
}

// Location finds a time zone by its IANA name. The empty name is the zone of
// the machine.
func Location(name string) (*time.Location, error) {
	if name == "" {
		return time.Local, nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q: use an IANA name such as Europe/Berlin, Asia/Shanghai or UTC", name)
	}
	return location, nil
}

// String returns the expression the schedule was made from.
func (s Schedule) String() string { return s.expression }

// Next returns the first time after t at which the schedule is due, in the
// schedule's time zone; the zero time if there is none.
//
// When clocks go forward, a time that is skipped is due at the moment they
// change; when they go back, a time that comes twice is due the first time
// only. A schedule for every hour follows the hours that really pass instead.
// This is what cron(8) does on Debian.
func (s Schedule) Next(t time.Time) time.Time {
	switch {
	case s.interval > 0:
		return t.Add(s.interval).In(s.location)
	case s.spec == nil:
		return time.Time{}
	case s.hourly:
		return s.nextHourly(t)
	}
	// walltime.First never decreases, so the first moment found after t is the
	// earliest.
	for w := s.spec.Next(walltime.Of(t.In(s.location))); !w.IsZero(); w = s.spec.Next(w) {
		if due := walltime.First(w, s.location); due.After(t) {
			return due
		}
	}
	return time.Time{}
}

// nextHourly looks for the next time within the current period of constant
// offset from UTC, then within the one after it, and so on.
func (s Schedule) nextHourly(t time.Time) time.Time {
	t = t.In(s.location)
	for w := s.spec.Next(walltime.Of(t)); !w.IsZero(); w = s.spec.Next(walltime.Of(t).Add(-time.Second)) {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		due := walltime.At(w, offset, s.location)
		if end.IsZero() || due.Before(end) {
			return due
		}
		t = end.In(s.location)
	}
	return time.Time{}
}
