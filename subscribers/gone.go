package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// MarkGone marks the subscribers of the chat that are on as gone, with the reason, and
// keeps their preferences. They are on again as soon as the chat returns.
func (s *Store) MarkGone(ctx context.Context, chat int64, reason Reason) error {
	_, err := database.Exec(ctx, s.writePreferences, `
		UPDATE subscribers
		SET state = 'gone', reason = ?, updated_at = ?
		WHERE chat_id = ? AND state = 'on'`, reason, now(), chat)
	if err != nil {
		return fmt.Errorf("mark chat %d as gone: %w", chat, err)
	}
	return nil
}

// MarkReturned switches the chat's subscribers that were gone on again, and reports
// whether there were any.
func (s *Store) MarkReturned(ctx context.Context, chat int64) (changed bool, err error) {
	changed, err = database.Exec(ctx, s.writePreferences, `
		UPDATE subscribers
		SET state = 'on', reason = '', refusals = 0, updated_at = ?
		WHERE chat_id = ? AND state = 'gone'`, now(), chat)
	if err != nil {
		return false, fmt.Errorf("mark chat %d as returned: %w", chat, err)
	}
	return changed, nil
}

// CountUnconfirmed returns how many subscribers that are on are unconfirmed: an import has
// brought them, and nobody knows whether the bot may write to them until a delivery or
// greeting has reached them, or they have subscribed themselves.
func (s *Store) CountUnconfirmed(ctx context.Context) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT count(*) FROM subscribers WHERE unconfirmed > 0 AND state = 'on'").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unconfirmed subscribers: %w", err)
	}
	return n, nil
}

// confirm notes that a message has reached a subscriber.
func confirm(ctx context.Context, tx *sql.Tx, subscriber int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE subscribers SET unconfirmed = 0 WHERE id = ? AND unconfirmed > 0", subscriber)
	return err
}

// maxRefusals is how many issues in a row a chat may refuse, because the bot lacks
// rights, before it is switched off.
const maxRefusals = 3

// MarkRefused notes that the chat did not allow an issue to be posted. After three
// issues in a row it is marked as gone. first reports whether this was the first.
func (s *Store) MarkRefused(ctx context.Context, subscriber int64, reason Reason) (first bool, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		var refusals int
		err := tx.QueryRowContext(ctx, `
			UPDATE subscribers
			SET refusals = refusals + 1,
				state = CASE WHEN state = 'on' AND refusals + 1 >= ? THEN 'gone' ELSE state END,
				reason = CASE WHEN state = 'on' AND refusals + 1 >= ? THEN ? ELSE reason END,
				updated_at = ?
			WHERE id = ?
			RETURNING refusals`, maxRefusals, maxRefusals, reason, now(), subscriber).Scan(&refusals)
		first = refusals == 1
		return database.NotFound(err)
	})
	if err != nil {
		return false, fmt.Errorf("note refusal of subscriber %d: %w", subscriber, err)
	}
	return first, nil
}

// MarkAllowed notes that the chat allows posting again.
func (s *Store) MarkAllowed(ctx context.Context, subscriber int64) error {
	_, err := database.Exec(ctx, s.writePreferences, "UPDATE subscribers SET refusals = 0 WHERE id = ?", subscriber)
	if err != nil {
		return fmt.Errorf("note that subscriber %d allows posting: %w", subscriber, err)
	}
	return nil
}
