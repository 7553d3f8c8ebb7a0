package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/scheduler/walltime"
	"digestbot/subscribers/database"
)

// DeliveryTime is when in the week a subscriber wants issues. The zero value:
// with the schedule.
type DeliveryTime struct {
	Weekday time.Weekday
	Minute  int    // of the day, from 0 to 1439
	Zone    string // IANA name; empty: with the schedule
}

// IsZero reports whether issues come with the schedule.
func (t DeliveryTime) IsZero() bool { return t.Zone == "" }

// IsZone reports whether a name may be that of a time zone on every machine. What Go calls
// "Local" is the zone of this machine if that has no name: if nobody has set TZ.
func IsZone(name string) bool {
	return name != "" && name != "Local" && name[0] != '/'
}

const minutesOfDay = 24 * 60

// Check returns what is wrong with a delivery time; it wraps ErrDeliveryTime.
func (t DeliveryTime) Check() error {
	switch {
	case t == DeliveryTime{}:
		return nil
	case t.Weekday < time.Sunday || t.Weekday > time.Saturday || t.Minute < 0 || t.Minute >= minutesOfDay:
		return fmt.Errorf("%w: weekday %d, minute %d", ErrDeliveryTime, t.Weekday, t.Minute)
	case !IsZone(t.Zone):
		return fmt.Errorf("%w: zone %q", ErrDeliveryTime, t.Zone)
	}
	if _, err := time.LoadLocation(t.Zone); err != nil {
		return fmt.Errorf("%w: %w", ErrDeliveryTime, err)
	}
	return nil
}

// Next returns the first such time that is not before due, the time at which an
// issue is due. It is at most a week later, and an hour more if clocks are changed in
// between. For the zero value, and for a zone that this machine does not know, Next
// returns due itself.
//
// If the clocks skip the time of day, it is the moment at which they are changed; if
// they show it twice, it is the first of the two, see package walltime.
//
// Next reads the zone anew at each call.
func (t DeliveryTime) Next(due time.Time) time.Time {
	if t.IsZero() {
		return due
	}
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return due
	}
	local := due.In(zone)
	days := (int(t.Weekday) - int(local.Weekday()) + 7) % 7
	next := onDay(local, days, t.Minute)
	if next.Before(due) {
		next = onDay(local, days+7, t.Minute)
	}
	return next
}

// onDay returns the first moment at which clocks show the minute of the day, days
// after the day of local, in its zone.
func onDay(local time.Time, days, minute int) time.Time {
	year, month, day := local.Date()
	return walltime.First(time.Date(year, month, day+days, 0, minute, 0, 0, time.UTC), local.Location())
}

// deliveryTimes returns the delivery times that subscribers have chosen, each once.
// Even a million subscribers have chosen few.
func deliveryTimes(ctx context.Context, q database.Queryer) ([]DeliveryTime, error) {
	return database.Collect(ctx, q, func(rows *sql.Rows) (t DeliveryTime, err error) {
		return t, rows.Scan(&t.Weekday, &t.Minute, &t.Zone)
	}, `
		SELECT DISTINCT delivery_weekday, delivery_minute, delivery_zone
		FROM subscribers
		WHERE delivery_zone > ''
		ORDER BY delivery_zone, delivery_weekday, delivery_minute`)
}
