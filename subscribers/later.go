package subscribers

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// A subscriber with a delivery time of its own gets an issue at the first such
// time from when the issue is due. Its delivery is frozen with all others and
// waits; the broadcast goes on until the last one is over.

// postpone makes the deliveries of a broadcast that was just frozen wait whose
// subscribers have a time of their own.
func postpone(ctx context.Context, tx *sql.Tx, b *Broadcast, due time.Time) error {
	times, err := deliveryTimes(ctx, tx)
	if err != nil || len(times) == 0 {
		return err
	}
	began := time.Now()
	var rows [][4]any
	for _, t := range times {
		if next := t.Next(due); next.After(began) {
			rows = append(rows, [4]any{t.Zone, t.Weekday, t.Minute, next.Unix()})
		}
	}
	table, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = value ->> 3
		FROM json_each(?)
		JOIN subscribers s ON s.delivery_zone = value ->> 0 AND s.delivery_weekday = value ->> 1 AND s.delivery_minute = value ->> 2
		WHERE issue_id = ? AND broadcast_id = ? AND subscriber_id = s.id AND s.delivery_zone > ''`, string(table), b.IssueID, b.ID)
	return err
}

// hasten makes a delivery due that waits. It stays among those that NextOwnTime
// looks at.
func hasten(ctx context.Context, tx *sql.Tx, issue, subscriber int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = ?1
		WHERE issue_id = ?2 AND subscriber_id = ?3 AND state = 'pending' AND not_before > ?1`, now(), issue, subscriber)
	return err
}

// NextOwnTime returns when the first pending delivery of a broadcast whose
// reader has a time of its own is due, or was; zero: there is none.
func (s *Store) NextOwnTime(ctx context.Context, broadcast int64) (time.Time, error) {
	var next int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT coalesce(min(not_before), 0)
		FROM deliveries
		WHERE broadcast_id = ? AND not_before > 0 AND state = 'pending'`, broadcast).Scan(&next)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next own time of broadcast %d: %w", broadcast, err)
	}
	return fromUnix(next), nil
}

// Later tells of the deliveries of a broadcast that wait for their reader's
// own time.
type Later struct {
	Subscribers int
	Next, Last  time.Time // when the first and the last are due; zero: there are none
}

// LaterDeliveries returns what of a broadcast is not due yet.
func (s *Store) LaterDeliveries(ctx context.Context, broadcast int64) (Later, error) {
	var l Later
	var next, last int64
	// That not_before > 0 lets SQLite use the index, which holds no others.
	err := s.reads.QueryRowContext(ctx, `
		SELECT count(*), coalesce(min(not_before), 0), coalesce(max(not_before), 0)
		FROM deliveries
		WHERE broadcast_id = ? AND not_before > 0 AND not_before > ? AND state = 'pending'`, broadcast, now()).Scan(&l.Subscribers, &next, &last)
	if err != nil {
		return Later{}, fmt.Errorf("read later deliveries of broadcast %d: %w", broadcast, err)
	}
	l.Next, l.Last = fromUnix(next), fromUnix(last)
	return l, nil
}
