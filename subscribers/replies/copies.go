package replies

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// maxAttempts is how often a copy is sent that may have arrived, as for deliveries.
const maxAttempts = 2

// Copy is a message of the bot in which a letter reaches a chat.
type Copy struct {
	Letter int64
	Chat   int64
	Header bool // it says who writes; else it is what they wrote
}

// Copied is how a copy stands.
type Copied string

// The states. A copy that has begun may have arrived; if the program was killed then, it is
// sent once more.
const (
	Undone    Copied = "undone" // the attempt had no effect
	Begun     Copied = "begun"
	Sent      Copied = "sent"
	Uncertain Copied = "uncertain" // no attempt got an answer
)

// Waiting returns the letters that wait, of readers or of editors, the oldest first.
func (s *Store) Waiting(ctx context.Context, answers bool, n int) ([]Letter, error) {
	return s.letters(ctx, "read letters that wait", "WHERE l.state = 'waiting' AND l.answer = ? ORDER BY l.id LIMIT ?", answers, n)
}

// Untold returns the letters of which their writers were not told how they stand, without
// those that wait only since a time.
func (s *Store) Untold(ctx context.Context, since time.Time, n int) ([]Letter, error) {
	return s.letters(ctx, "read letters to tell of", "WHERE l.state <> l.told AND (l.state <> 'waiting' OR l.made_at <= ?) ORDER BY l.id LIMIT ?", since.Unix(), n)
}

// Changed returns letters that were edited, and whose copies were not.
func (s *Store) Changed(ctx context.Context, n int) ([]Letter, error) {
	return s.letters(ctx, "read letters that were edited", "WHERE l.changed <> '' AND l.state <> 'waiting' ORDER BY l.id LIMIT ?", n)
}

func (s *Store) letters(ctx context.Context, what, where string, args ...any) ([]Letter, error) {
	all, err := database.Collect(ctx, s.reads, scanLetters, "SELECT "+letterColumns+fromLetters+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}

// Standing returns how a copy stands; Undone: it was not sent yet.
func (s *Store) Standing(ctx context.Context, c Copy) (state Copied, message int, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT state, message_id FROM copies WHERE letter_id = ? AND chat_id = ? AND header = ?", c.Letter, c.Chat, c.Header).Scan(&state, &message)
	if errors.Is(err, sql.ErrNoRows) {
		return Undone, 0, nil
	}
	return state, message, err
}

// Begin notes that a copy is about to be sent. ok is false if it must not: it was sent, or
// the letter does not wait any more. A copy that may have arrived too often becomes
// Uncertain.
func (s *Store) Begin(ctx context.Context, c Copy) (ok bool, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		ok = false
		result, err := tx.ExecContext(ctx, `
			INSERT INTO copies (letter_id, chat_id, header, state, attempts)
			SELECT id, ?2, ?3, 'begun', 1 FROM letters WHERE id = ?1 AND state = 'waiting'
			ON CONFLICT DO UPDATE SET state = 'begun', attempts = attempts + 1
			WHERE state IN ('undone', 'begun') AND attempts < ?4`, c.Letter, c.Chat, c.Header, maxAttempts)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if ok = n > 0; ok || err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE copies SET state = 'uncertain' WHERE letter_id = ? AND chat_id = ? AND header = ? AND state = 'begun'", c.Letter, c.Chat, c.Header)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("begin a copy of letter %d: %w", c.Letter, err)
	}
	return ok, nil
}

// End notes what became of a copy that was begun: Sent, with its message, or Undone, which
// takes the attempt back. If the letter was taken back or forgotten meanwhile, the
// message is unwanted.
func (s *Store) End(ctx context.Context, c Copy, state Copied, message int) error {
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		sent := time.Now().Unix()
		result, err := tx.ExecContext(ctx, `
			UPDATE copies
			SET state = ?1, message_id = ?2, sent_at = ?3, attempts = attempts - (?1 = 'undone')
			WHERE letter_id = ?4 AND chat_id = ?5 AND header = ?6 AND EXISTS (SELECT 1 FROM letters WHERE id = letter_id AND state = 'waiting')`,
			state, message, sent, c.Letter, c.Chat, c.Header)
		if err != nil || message == 0 {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT OR IGNORE INTO unwanted_copies (chat_id, message_id, sent_at) VALUES (?, ?, ?)", c.Chat, message, sent)
		return err
	})
	if err != nil {
		return fmt.Errorf("end a copy of letter %d: %w", c.Letter, err)
	}
	return nil
}

// HeaderIn returns the header in a chat below which a letter can stand, because it is of the
// same conversation and section; 0: there is none, or nobody knows which message it is.
func (s *Store) HeaderIn(ctx context.Context, l Letter, chat int64) (message int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT k.message_id
		FROM letters l
		JOIN copies k ON k.letter_id = l.id
		WHERE l.conversation_id = ? AND l.section = ? AND k.chat_id = ? AND k.header = 1 AND k.state = 'sent'
		ORDER BY l.id DESC
		LIMIT 1`, l.Conversation.ID, l.Section, chat).Scan(&message)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return message, err
}

// LoseHeader notes that a header is not there any more, so that the next letter gets another.
func (s *Store) LoseHeader(ctx context.Context, at Place) error {
	return s.exec(ctx, "note a lost header", "UPDATE copies SET state = 'undone', message_id = 0, attempts = 0 WHERE chat_id = ? AND message_id = ? AND header = 1", at.Chat, at.Message)
}

// IsAlbumTold reports whether the writer of a letter was told how another one of the same
// album stands.
func (s *Store) IsAlbumTold(ctx context.Context, l Letter) (told bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM letters WHERE chat_id = ? AND album = ? AND album <> '' AND id <> ? AND notice_id <> 0)", l.At.Chat, l.Album, l.ID).Scan(&told)
	return told, err
}

// IsFirstAnswer reports whether no other letter answers what an answer does.
func (s *Store) IsFirstAnswer(ctx context.Context, l Letter) (first bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM letters WHERE reply_to = ? AND answer = 1 AND id < ?)", l.To, l.ID).Scan(&first)
	return first, err
}

// CopiesOf returns the messages in which a letter has reached chats, without headers.
func (s *Store) CopiesOf(ctx context.Context, letter int64) ([]Place, error) {
	return database.Collect(ctx, s.reads, scanPlace, "SELECT chat_id, message_id FROM copies WHERE letter_id = ? AND header = 0 AND message_id <> 0 ORDER BY chat_id", letter)
}

func scanPlace(rows *sql.Rows) (p Place, err error) { return p, rows.Scan(&p.Chat, &p.Message) }

// WasSentBefore reports whether a letter has reached a chat before a time.
func (s *Store) WasSentBefore(ctx context.Context, letter int64, at time.Time) (before bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM copies WHERE letter_id = ? AND header = 0 AND message_id <> 0 AND sent_at < ?)", letter, at.Unix()).Scan(&before)
	return before, err
}

// Conclude notes that a letter was passed on, or will not be. What an editor's letter came to
// is only told if it failed.
func (s *Store) Conclude(ctx context.Context, id int64, state State, reason string) error {
	return s.exec(ctx, "conclude a letter", `
		UPDATE letters
		SET state = ?1, reason = ?2, quote = '', told = CASE WHEN answer = 1 AND ?1 = 'passed' THEN ?1 ELSE told END
		WHERE id = ?3 AND state = 'waiting'`, state, reason, id)
}

// NoteTold notes that the writer of a letter was told how it stands, with a message; 0: the
// one before, or none.
func (s *Store) NoteTold(ctx context.Context, id int64, state State, notice int) error {
	return s.exec(ctx, "note what was told of a letter", `
		UPDATE letters
		SET told = ?1, notice_id = CASE WHEN ?2 = 0 THEN notice_id ELSE ?2 END
		WHERE id = ?3`, state, notice, id)
}

// maxEdits bounds the edits of a letter that its copies get.
const maxEdits = 20

// Change notes what an edit has made of a letter, unless it was edited too often.
func (s *Store) Change(ctx context.Context, id int64, content string) error {
	return s.exec(ctx, "note the edit of a letter",
		"UPDATE letters SET changed = ?, edits = edits + 1 WHERE id = ? AND state IN ('waiting', 'passed') AND edits < ?", content, id, maxEdits)
}

// EndChange notes that the copies of a letter have an edit, unless it was edited again.
func (s *Store) EndChange(ctx context.Context, id int64, content string) error {
	return s.exec(ctx, "note an edit of copies", "UPDATE letters SET changed = '' WHERE id = ? AND changed = ?", id, content)
}
