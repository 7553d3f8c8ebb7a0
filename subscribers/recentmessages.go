package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// RecentMessage is a message that may count against a limit of Telegram's.
type RecentMessage struct {
	Chat       int64
	AnsweredAt time.Time // kept to the millisecond
}

// SaveRecentMessages keeps messages that were sent, and forgets those that were
// answered before the given time.
func (s *Store) SaveRecentMessages(ctx context.Context, messages []RecentMessage, before time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM recent_messages WHERE answered_at < ?", before.UnixMilli()); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, "INSERT INTO recent_messages (chat_id, answered_at) VALUES (?, ?)")
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, m := range messages {
			if _, err := insert.ExecContext(ctx, m.Chat, m.AnsweredAt.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save %d recent messages: %w", len(messages), err)
	}
	return nil
}

// RecentMessages returns the kept messages that were answered after the first time,
// but not after the second, the oldest first. If a clock was set back, there may be
// later ones.
func (s *Store) RecentMessages(ctx context.Context, after, until time.Time) ([]RecentMessage, error) {
	messages, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (m RecentMessage, err error) {
		var at int64
		err = rows.Scan(&m.Chat, &at)
		m.AnsweredAt = time.UnixMilli(at)
		return m, err
	}, `
		SELECT chat_id, answered_at
		FROM recent_messages
		WHERE answered_at > ? AND answered_at <= ?
		ORDER BY answered_at`, after.UnixMilli(), until.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read recent messages: %w", err)
	}
	return messages, nil
}
