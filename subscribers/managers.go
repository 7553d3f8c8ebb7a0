package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// maxManaged is how many channels one person is shown.
const maxManaged = 20

// NoteManager notes that a person manages a channel. Whether that is still so, only
// Telegram knows.
func (s *Store) NoteManager(ctx context.Context, user, channel int64) error {
	_, err := database.Exec(ctx, s.write, "INSERT OR IGNORE INTO channel_managers (user_id, channel_id) VALUES (?, ?)", user, channel)
	if err != nil {
		return fmt.Errorf("note that %d manages channel %d: %w", user, channel, err)
	}
	return nil
}

// DropManager notes that a person manages a channel no longer.
func (s *Store) DropManager(ctx context.Context, user, channel int64) error {
	_, err := database.Exec(ctx, s.write, "DELETE FROM channel_managers WHERE user_id = ? AND channel_id = ?", user, channel)
	if err != nil {
		return fmt.Errorf("note that %d does not manage channel %d: %w", user, channel, err)
	}
	return nil
}

// ManagedChannels returns the channels that a person manages, in the order of their
// titles; at most twenty.
func (s *Store) ManagedChannels(ctx context.Context, user int64) ([]Subscriber, error) {
	channels, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (Subscriber, error) { return scanSubscriber(rows) }, `
		SELECT `+subscriberColumns+`
		FROM subscribers
		WHERE chat_id IN (SELECT channel_id FROM channel_managers WHERE user_id = ?) AND kind = 'channel'
		ORDER BY title, id
		LIMIT ?`, user, maxManaged)
	if err != nil {
		return nil, fmt.Errorf("list the channels of %d: %w", user, err)
	}
	return channels, nil
}
