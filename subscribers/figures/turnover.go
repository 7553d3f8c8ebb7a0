package figures

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Turnover is who joined and left, day by day.
type Turnover struct {
	Days []Day // with a change, in their order
	// Since is from when on all is in it; zero: from the beginning. What is before was told from
	// the subscribers there were then, without those who had been forgotten.
	Since time.Time
}

// Day is one day in the time zone of Options.
type Day struct {
	Date     time.Time // midnight UTC
	Joined   int       // of themselves
	Returned int       // of Joined: were gone, and can be reached again
	Imported int       // not of Joined: an import has brought them
	Left     int
	Reasons  map[subscribers.Reason]int // of Left; ReasonUnsubscribed, ReasonForgotten, or why they are gone
	On       int                        // subscribers that were on at its end
}

// Between returns the sums of the days from first to last; On is that of the end of last.
func (t Turnover) Between(first, last time.Time) Day {
	sum := Day{Date: last, Reasons: make(map[subscribers.Reason]int)}
	for _, d := range t.Days {
		switch {
		case d.Date.After(last):
			return sum
		case d.Date.Before(first):
			sum.On = d.On
			continue
		}
		sum.Joined, sum.Returned, sum.Imported = sum.Joined+d.Joined, sum.Returned+d.Returned, sum.Imported+d.Imported
		sum.Left, sum.On = sum.Left+d.Left, d.On
		for reason, n := range d.Reasons {
			sum.Reasons[reason] += n
		}
	}
	return sum
}

const secondsPerDay = 24 * 60 * 60

// readTurnover reads the turnover up to a time, whose zone says what a day is. on is how many
// are on now.
func readTurnover(ctx context.Context, q database.Queryer, at time.Time, on int) (t Turnover, err error) {
	var first sql.NullInt64
	var since int64
	err = q.QueryRowContext(ctx, "SELECT min(at), coalesce((SELECT at FROM turnover_start), 0) FROM turnover").Scan(&first, &since)
	if err != nil {
		return Turnover{}, err
	}
	if since > 0 {
		t.Since = time.Unix(since, 0).In(at.Location())
	}
	err = t.readDays(ctx, q, offsetSQL(time.Unix(first.Int64, 0).In(at.Location()), at))
	n := on
	for i := len(t.Days) - 1; i >= 0; i-- {
		t.Days[i].On = n
		n -= t.Days[i].Joined + t.Days[i].Imported - t.Days[i].Left
	}
	return t, err
}

// readDays reads the days with a change; offset is SQL for how many seconds the clocks of the
// zone were ahead of UTC.
func (t *Turnover) readDays(ctx context.Context, q database.Queryer, offset string) error {
	type row struct {
		day            int64 // since 1970
		change, reason string
		n              int
	}
	rows, err := database.Collect(ctx, q, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.day, &r.change, &r.reason, &r.n)
	}, fmt.Sprintf(`
		SELECT (at + %s) / %d, change, reason, sum(subscribers)
		FROM turnover
		GROUP BY 1, 2, 3
		ORDER BY 1`, offset, secondsPerDay))
	if err != nil {
		return err
	}
	for _, r := range rows {
		date := time.Unix(r.day*secondsPerDay, 0).UTC()
		if len(t.Days) == 0 || !t.Days[len(t.Days)-1].Date.Equal(date) {
			t.Days = append(t.Days, Day{Date: date, Reasons: make(map[subscribers.Reason]int)})
		}
		t.Days[len(t.Days)-1].add(r.change, r.reason, r.n)
	}
	return nil
}

// add counts n subscribers that have joined or left for a reason.
func (d *Day) add(change, reason string, n int) {
	switch {
	case change == "leave":
		d.Left += n
		d.Reasons[subscribers.Reason(reason)] += n
	case reason == "imported":
		d.Imported += n
	default:
		d.Joined += n
		if reason == "returned" {
			d.Returned += n
		}
	}
}

// offsetSQL is SQL for how many seconds the clocks of a zone were ahead of UTC at the time in
// the column at, from first to last. Both are in the zone.
func offsetSQL(first, last time.Time) string {
	var cases strings.Builder
	at := first
	for {
		_, offset := at.Zone()
		_, end := at.ZoneBounds()
		if end.IsZero() || end.After(last) {
			if cases.Len() == 0 {
				return fmt.Sprintf("(%d)", offset)
			}
			return fmt.Sprintf("(CASE%s ELSE %d END)", cases.String(), offset)
		}
		fmt.Fprintf(&cases, " WHEN at < %d THEN %d", end.Unix(), offset)
		at = end
	}
}
