package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// questionMemory is how long it is known that a question was answered with no. Its
// message has lost the buttons long before, but some apps still show them.
const questionMemory = 30 * 24 * time.Hour

// Question is a question that the bot asked with buttons under a message. Only the
// answer no is kept: after a yes, something was done.
type Question struct {
	Chat    int64
	Message int    // below 0: the id of an ephemeral message
	About   string // one message can ask about several things, one after the other
}

// DismissQuestion notes that a question was answered with no.
func (s *Store) DismissQuestion(ctx context.Context, q Question) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		at := time.Now()
		if _, err := tx.ExecContext(ctx, "DELETE FROM dismissed_questions WHERE dismissed_at < ?", at.Add(-questionMemory).Unix()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT OR REPLACE INTO dismissed_questions (chat_id, message_id, about, dismissed_at)
			VALUES (?, ?, ?, ?)`, q.Chat, q.Message, q.About, at.Unix())
		return err
	})
	if err != nil {
		return fmt.Errorf("dismiss a question in chat %d: %w", q.Chat, err)
	}
	return nil
}

// IsDismissed reports whether a question was answered with no and not asked
// again since.
func (s *Store) IsDismissed(ctx context.Context, q Question) (dismissed bool, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM dismissed_questions WHERE chat_id = ? AND message_id = ? AND about = ?)`,
		q.Chat, q.Message, q.About).Scan(&dismissed)
	if err != nil {
		return false, fmt.Errorf("look up a question in chat %d: %w", q.Chat, err)
	}
	return dismissed, nil
}

// AskAgain opens a question anew that was answered with no, because its message asks
// once more.
func (s *Store) AskAgain(ctx context.Context, q Question) error {
	dismissed, err := s.IsDismissed(ctx, q)
	if err != nil || !dismissed {
		return err
	}
	_, err = database.Exec(ctx, s.write, "DELETE FROM dismissed_questions WHERE chat_id = ? AND message_id = ? AND about = ?",
		q.Chat, q.Message, q.About)
	if err != nil {
		return fmt.Errorf("ask again in chat %d: %w", q.Chat, err)
	}
	return nil
}
