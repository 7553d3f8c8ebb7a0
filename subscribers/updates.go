package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// updateMemory is how long the ids of handled updates are kept. Telegram keeps updates
// for 24 hours (tdlib/telegram-bot-api), so an older id is not sent again.
const updateMemory = 48 * time.Hour

// Update is an update from Telegram that was kept before it was confirmed.
type Update struct {
	ID   int64
	Body []byte // JSON
}

// KeepUpdates stores updates before Telegram is told that they have arrived. An
// update that was kept before, handled or not, is passed over.
func (s *Store) KeepUpdates(ctx context.Context, updates []Update) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		at := time.Now()
		if err := s.tidy(ctx, tx, at); err != nil {
			return err
		}
		for _, u := range updates {
			if _, err := tx.ExecContext(ctx, `
				INSERT OR IGNORE INTO updates (update_id, body, received_at)
				VALUES (?, ?, ?)`, u.ID, string(u.Body), at.Unix()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep %d updates: %w", len(updates), err)
	}
	return nil
}

// tidyEvery is how often updates are forgotten. It is not more often because that
// takes a look at all of them.
const tidyEvery = time.Hour

// tidy forgets the updates that Telegram will not send again.
func (s *Store) tidy(ctx context.Context, tx *sql.Tx, at time.Time) error {
	if at.Sub(s.tidied).Abs() < tidyEvery { // a clock may be set back
		return nil
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM updates WHERE handled AND received_at < ?", at.Add(-updateMemory).Unix())
	if err == nil {
		s.tidied = at
	}
	return err
}

// MarkHandled notes that an update needs no more work. A loss of power may undo it:
// then people who wrote in the last moments before are answered once more.
func (s *Store) MarkHandled(ctx context.Context, id int64) error {
	_, err := database.Exec(ctx, s.writeUnsynced, "UPDATE updates SET handled = 1, body = '' WHERE update_id = ?", id)
	if err != nil {
		return fmt.Errorf("note handled update %d: %w", id, err)
	}
	return nil
}

// IsUnhandled reports whether an update was kept and needs to be handled.
func (s *Store) IsUnhandled(ctx context.Context, id int64) (unhandled bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM updates WHERE update_id = ? AND handled = 0)", id).Scan(&unhandled)
	if err != nil {
		return false, fmt.Errorf("look up update %d: %w", id, err)
	}
	return unhandled, nil
}

// UnhandledUpdates returns the updates that were kept and not handled before a crash,
// the oldest first.
func (s *Store) UnhandledUpdates(ctx context.Context) ([]Update, error) {
	updates, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (u Update, err error) {
		return u, rows.Scan(&u.ID, &u.Body)
	}, "SELECT update_id, body FROM updates WHERE handled = 0 ORDER BY update_id")
	if err != nil {
		return nil, fmt.Errorf("read unhandled updates: %w", err)
	}
	return updates, nil
}

// CountUnhandled returns how many updates are kept that have not been handled.
func (s *Store) CountUnhandled(ctx context.Context) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT count(*) FROM updates WHERE handled = 0").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count updates: %w", err)
	}
	return n, nil
}
