package replies

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// TakeBack takes back a letter and, if it belongs to one, the whole album. The copies are
// unwanted then, and so are headers with nothing below them. passed reports whether anything
// was passed on.
func (s *Store) TakeBack(ctx context.Context, l Letter) (passed bool, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		const its = "(id = ?1 OR ?2 <> '' AND album = ?2 AND chat_id = ?3)"
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM copies WHERE message_id <> 0 AND letter_id IN (SELECT id FROM letters WHERE "+its+"))",
			l.ID, l.Album, l.At.Chat).Scan(&passed)
		if err != nil {
			return err
		}
		for _, statement := range []string{
			"UPDATE letters SET state = 'back', told = 'back', quote = '', changed = '' WHERE " + its,
			unwant + "letter_id IN (SELECT id FROM letters WHERE " + its + ") AND header = 0",
			"DELETE FROM copies WHERE header = 0 AND letter_id IN (SELECT id FROM letters WHERE " + its + ")",
		} {
			if _, err := tx.ExecContext(ctx, statement, l.ID, l.Album, l.At.Chat); err != nil {
				return err
			}
		}
		return dropHeaders(ctx, tx, l.Conversation.ID)
	})
	if err != nil {
		return false, fmt.Errorf("take back letter %d: %w", l.ID, err)
	}
	return passed, nil
}

// unwant has copies deleted from their chats; conditions follow.
const unwant = `
	INSERT OR IGNORE INTO unwanted_copies (chat_id, message_id, sent_at)
	SELECT chat_id, message_id, sent_at FROM copies
	WHERE message_id <> 0 AND `

// dropHeaders drops the headers of a conversation in which all letters were taken back.
func dropHeaders(ctx context.Context, tx *sql.Tx, conversation int64) error {
	var used bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM letters WHERE conversation_id = ? AND state <> 'back')", conversation).Scan(&used)
	if err != nil || used {
		return err
	}
	const its = "letter_id IN (SELECT id FROM letters WHERE conversation_id = ?)"
	if _, err := tx.ExecContext(ctx, unwant+its, conversation); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM copies WHERE "+its, conversation)
	return err
}

// Unwanted is a message of the bot that is to be deleted.
type Unwanted struct {
	Place
	SentAt time.Time
}

// Unwanted returns messages that are to be deleted.
func (s *Store) Unwanted(ctx context.Context, n int) ([]Unwanted, error) {
	return database.Collect(ctx, s.reads, func(rows *sql.Rows) (u Unwanted, err error) {
		var sent int64
		err = rows.Scan(&u.Chat, &u.Message, &sent)
		u.SentAt = time.Unix(sent, 0)
		return u, err
	}, "SELECT chat_id, message_id, sent_at FROM unwanted_copies ORDER BY sent_at, message_id LIMIT ?", n)
}

// EndUnwanted notes that a message was deleted, or cannot be.
func (s *Store) EndUnwanted(ctx context.Context, at Place) error {
	return s.exec(ctx, "note that a copy was deleted", "DELETE FROM unwanted_copies WHERE chat_id = ? AND message_id = ?", at.Chat, at.Message)
}

// Forget deletes all that is kept of a person's letters, whether they are a reader or an
// editor. What reached the editors is unwanted, and what waits is not passed on. A mute stays
// until it ends, without saying whose it is.
func Forget(ctx context.Context, tx *sql.Tx, person int64) error {
	for _, statement := range []string{
		unwant + "letter_id IN (SELECT l.id FROM letters l JOIN conversations c ON c.id = l.conversation_id WHERE c.reader = ?1 AND l.answer = 0)",
		"DELETE FROM conversations WHERE reader = ?1",
		"DELETE FROM letters WHERE chat_id = ?1",
		"DELETE FROM copies WHERE chat_id = ?1",
	} {
		if _, err := tx.ExecContext(ctx, statement, person); err != nil {
			return err
		}
	}
	return nil
}

// Close deletes the letters from before a time, and the conversations of which none is left:
// from then on nobody can tell who a name stands for. It returns how many letters it deleted.
func (s *Store) Close(ctx context.Context, before time.Time) (n int, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM letters WHERE made_at < ?", before.Unix())
		if n, err = database.RowsChanged(result, err); err != nil {
			return err
		}
		// Other bytes of the same length take the place of the reader, so that they are written over it.
		const empty = "id NOT IN (SELECT conversation_id FROM letters)"
		for _, statement := range []string{
			"UPDATE conversations SET reader = CASE WHEN reader > 2147483647 THEN (1 << 40) + id ELSE (1 << 30) + id END WHERE " + empty,
			"DELETE FROM conversations WHERE " + empty,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM muted_readers WHERE until <= ?", time.Now().Unix())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete old letters: %w", err)
	}
	return n, nil
}
