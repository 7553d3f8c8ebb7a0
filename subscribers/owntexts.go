package subscribers

import (
	"context"
	"fmt"

	"digestbot/subscribers/database"
)

// KeepOwnText notes, before Telegram is told, that the program gives the bot a text
// for its profile. The next version may replace it with another one.
func (s *Store) KeepOwnText(ctx context.Context, text string) error {
	_, err := database.Exec(ctx, s.write, "INSERT OR IGNORE INTO own_texts (text) VALUES (?)", text)
	if err != nil {
		return fmt.Errorf("keep a text of the bot's profile: %w", err)
	}
	return nil
}

// IsOwnText reports whether the program, in this version or an earlier one, has given
// the bot the text.
func (s *Store) IsOwnText(ctx context.Context, text string) (own bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM own_texts WHERE text = ?)", text).Scan(&own)
	if err != nil {
		return false, fmt.Errorf("look up a text of the bot's profile: %w", err)
	}
	return own, nil
}
