package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"digestbot/subscribers/database"
)

// WholeBot is the chat id under which a wait of the whole bot is kept.
const WholeBot = 0

// BotProfile is the chat id, which no chat has, under which a wait is kept before
// Telegram is told commands and descriptions.
const BotProfile = math.MinInt64

// SaveWait keeps a deadline before which nothing may be sent to the chat, or
// by the bot at all (WholeBot). A deadline only ever moves later.
func (s *Store) SaveWait(ctx context.Context, chat int64, notBefore time.Time) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM waits WHERE not_before < ?", time.Now().UnixMilli()); err != nil {
			return err
		}
		// Rounded up: a wait must not be too short by a fraction.
		_, err := tx.ExecContext(ctx, `
			INSERT INTO waits (chat_id, not_before)
			VALUES (?, ?)
			ON CONFLICT (chat_id) DO UPDATE SET not_before = max(not_before, excluded.not_before)`, chat, notBefore.UnixMilli()+1)
		return err
	})
	if err != nil {
		return fmt.Errorf("save wait of chat %d: %w", chat, err)
	}
	return nil
}

// Waits returns the deadlines that have not passed at the given time, by chat id;
// WholeBot stands for the bot.
func (s *Store) Waits(ctx context.Context, at time.Time) (map[int64]time.Time, error) {
	type wait struct{ chat, notBefore int64 }
	rows, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (w wait, err error) {
		return w, rows.Scan(&w.chat, &w.notBefore)
	}, "SELECT chat_id, not_before FROM waits WHERE not_before > ?", at.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read waits: %w", err)
	}
	waits := make(map[int64]time.Time, len(rows))
	for _, w := range rows {
		waits[w.chat] = time.UnixMilli(w.notBefore)
	}
	return waits, nil
}
