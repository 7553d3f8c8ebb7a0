package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// receiving selects the subscribers that get an issue at the time of its one
// parameter, in UTC seconds.
const receiving = "state = 'on' AND paused_until <= ?"

// Pause has the subscriber get no issues until the given time, in place of an earlier
// or later one. It stays subscribed.
func (s *Store) Pause(ctx context.Context, subscriber int64, until time.Time) error {
	return s.choose(ctx, subscriber, "pause", "paused_until = ?", until.Unix())
}

// Resume ends a subscriber's pause. changed is false if there was none.
func (s *Store) Resume(ctx context.Context, subscriber int64) (changed bool, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		changed, err = resume(ctx, tx, subscriber)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("resume subscriber %d: %w", subscriber, err)
	}
	return changed, nil
}

func resume(ctx context.Context, tx *sql.Tx, subscriber int64) (changed bool, err error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE subscribers
		SET paused_until = 0, updated_at = ?
		WHERE id = ? AND paused_until > 0`, now(), subscriber)
	return database.Affected(result, err), err
}

// EndedPauses returns up to limit subscribers whose pause was over at the given time
// and that have not been told, with ids greater than after, in the order of their ids.
func (s *Store) EndedPauses(ctx context.Context, at time.Time, after int64, limit int) ([]Subscriber, error) {
	ended, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (Subscriber, error) {
		return scanSubscriber(rows)
	}, `
		SELECT `+subscriberColumns+`
		FROM subscribers
		WHERE paused_until > 0 AND paused_until <= ? AND id > ?
		ORDER BY id
		LIMIT ?`, at.Unix(), after, limit)
	if err != nil {
		return nil, fmt.Errorf("read pauses that are over: %w", err)
	}
	return ended, nil
}

// NextPauseEnd returns the end of the first pause that ends after the given time;
// zero: there is none.
func (s *Store) NextPauseEnd(ctx context.Context, at time.Time) (time.Time, error) {
	var until sql.NullInt64
	err := s.reads.QueryRowContext(ctx, `
		SELECT min(paused_until)
		FROM subscribers
		WHERE paused_until > 0 AND paused_until > ?`, at.Unix()).Scan(&until)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next end of a pause: %w", err)
	}
	return fromUnix(until.Int64), nil
}

// MarkPauseEndTold notes that a subscriber was told of the end of its pause, unless
// it has paused anew since sub was read.
func (s *Store) MarkPauseEndTold(ctx context.Context, sub Subscriber) error {
	_, err := database.Exec(ctx, s.write, `
		UPDATE subscribers
		SET paused_until = 0
		WHERE id = ? AND paused_until = ?`, sub.ID, sub.PausedUntil.Unix())
	if err != nil {
		return fmt.Errorf("note the end of the pause of subscriber %d: %w", sub.ID, err)
	}
	return nil
}

// CountPaused returns how many subscribers that are on have a pause at a time.
func (s *Store) CountPaused(ctx context.Context, at time.Time) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT count(*) FROM subscribers WHERE paused_until > 0 AND paused_until > ? AND state = 'on'", at.Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count paused subscribers: %w", err)
	}
	return n, nil
}
