package subscribers

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// A subscriber with a delivery time of its own gets an issue at the first such time
// after the issue is due. Its delivery is frozen with all others and waits; the
// broadcast goes on until the last one is over.

// withOwnTimes calls freeze while there is a temporary table own_times. It says for
// each delivery time that readers have chosen when they get an issue that is due at a
// given time; times that have passed are not in it. Changing the rows after freezing,
// or a join with a list, takes twenty times as long.
func withOwnTimes(ctx context.Context, tx *sql.Tx, due time.Time, freeze func() error) error {
	times, err := deliveryTimes(ctx, tx)
	if err != nil {
		return err
	}
	began := time.Now()
	rows := make([][4]any, 0, len(times))
	for _, t := range times {
		if next := t.Next(due); next.After(began) {
			rows = append(rows, [4]any{t.Zone, t.Weekday, t.Minute, next.Unix()})
		}
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	// Without the types, SQLite does not use the primary key.
	if _, err := tx.ExecContext(ctx, `
		CREATE TEMP TABLE own_times (
			zone TEXT, weekday INTEGER, minute INTEGER, not_before INTEGER, PRIMARY KEY (zone, weekday, minute)
		) WITHOUT ROWID`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO own_times (zone, weekday, minute, not_before)
		SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
		FROM json_each(?)`, string(list)); err != nil {
		return err
	}
	if err := freeze(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DROP TABLE own_times")
	return err
}

// ownTime is when an issue is due for a subscriber, in UTC seconds; 0: at once.
const ownTime = `
	CASE WHEN delivery_zone > '' THEN coalesce((
		SELECT o.not_before
		FROM own_times o
		WHERE o.zone = delivery_zone AND o.weekday = delivery_weekday AND o.minute = delivery_minute), 0)
	ELSE 0 END`

// hasten makes a delivery due that waits. NextOwnTime still looks at it.
func hasten(ctx context.Context, tx *sql.Tx, issue, subscriber int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = ?1
		WHERE issue_id = ?2 AND subscriber_id = ?3 AND state = 'pending' AND not_before > ?1`, now(), issue, subscriber)
	return err
}

// putOff changes the time for which deliveries of a subscriber wait.
func putOff(ctx context.Context, tx *sql.Tx, subscriber int64, until time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = ?
		WHERE issue_id IN (SELECT issue_id FROM broadcasts WHERE finished_at = 0) AND subscriber_id = ?
			AND state = 'pending' AND not_before > ?`, until.Unix(), subscriber, now())
	return err
}

// beyondOwnTime is later than any own time can be, in seconds from now. A delivery
// that waits longer was frozen by a clock that was ahead, and is due at once.
const beyondOwnTime = 8 * 24 * 60 * 60

// NextOwnTime returns when the first pending delivery of a broadcast to a reader with
// a time of its own is, or was, due; zero: there is none.
func (s *Store) NextOwnTime(ctx context.Context, broadcast int64) (time.Time, error) {
	const waiting = "FROM deliveries WHERE broadcast_id = ?1 AND not_before > 0 AND state = 'pending'"
	var next, last int64
	// Each of the two queries looks at one end of the index.
	err := s.reads.QueryRowContext(ctx, `
		SELECT coalesce((SELECT min(not_before) `+waiting+`), 0), coalesce((SELECT max(not_before) `+waiting+`), 0)`,
		broadcast).Scan(&next, &last)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next own time of broadcast %d: %w", broadcast, err)
	}
	if at := now(); last > at+beyondOwnTime {
		next = min(next, at)
	}
	return fromUnix(next), nil
}

// OwnTimes is about the deliveries of a broadcast that wait for their readers' own
// times.
type OwnTimes struct {
	Subscribers int
	Next, Last  time.Time // when the first and the last are due; zero: there are none
}

// OwnTimes returns which deliveries of a broadcast are not due yet.
func (s *Store) OwnTimes(ctx context.Context, broadcast int64) (o OwnTimes, err error) {
	var next, last int64
	// With not_before > 0 SQLite uses the index, which holds only such rows.
	err = s.reads.QueryRowContext(ctx, `
		SELECT count(*), coalesce(min(not_before), 0), coalesce(max(not_before), 0)
		FROM deliveries
		WHERE broadcast_id = ? AND not_before > 0 AND not_before > ? AND state = 'pending'`, broadcast, now()).Scan(&o.Subscribers, &next, &last)
	if err != nil {
		return OwnTimes{}, fmt.Errorf("read own times of broadcast %d: %w", broadcast, err)
	}
	o.Next, o.Last = fromUnix(next), fromUnix(last)
	return o, nil
}
