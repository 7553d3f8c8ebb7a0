package replies

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"digestbot/subscribers/database"
)

// Limits bound what readers may write.
type Limits struct {
	PerHour, PerDay int // letters of one reader; an album is one
	Waiting         int // letters of all readers that wait
}

// Verdict is what becomes of a letter.
type Verdict string

// The verdicts.
const (
	Taken   Verdict = "taken"
	Known   Verdict = "known"    // it was taken before
	IsMuted Verdict = "muted"    // the editors take no replies from the reader
	TooMany Verdict = "too many" // of the reader
	Full    Verdict = "full"     // too many wait
	Late    Verdict = "late"     // another editor has answered
)

// Outcome is a verdict with what goes with it.
type Outcome struct {
	Verdict
	ID    int64     // of the letter, if it is Taken
	Again time.Time // of TooMany: when the reader may write again
	Told  bool      // of IsMuted: the reader was told so before
}

// Take keeps a letter of a reader that is to be passed on, with the conversation that it
// belongs to. Of the letter, ID and Name need not be set.
func (s *Store) Take(ctx context.Context, l Letter, limits Limits) (o Outcome, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		o, err = s.judge(ctx, tx, l, limits)
		if err != nil || o.Verdict != Taken {
			return err
		}
		if l.Conversation, err = openConversation(ctx, tx, l.Conversation); err != nil {
			return err
		}
		o.ID, err = insert(ctx, tx, l)
		return err
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("take a reply on issue %d: %w", l.Issue, err)
	}
	return o, nil
}

// judge says whether a letter of a reader is taken.
func (s *Store) judge(ctx context.Context, tx *sql.Tx, l Letter, limits Limits) (Outcome, error) {
	_, err := letterAt(ctx, tx, l.At)
	if err == nil {
		return Outcome{Verdict: Known}, nil
	}
	if !errors.Is(err, database.ErrNotFound) {
		return Outcome{}, err
	}
	told, muted, err := mutedUntil(ctx, tx, l.Reader)
	if err != nil || muted {
		return Outcome{Verdict: IsMuted, Told: told}, errors.Join(err, noteMutedTold(ctx, tx, l.Reader))
	}
	again, err := tooMany(ctx, tx, l, limits)
	if err != nil || !again.IsZero() {
		return Outcome{Verdict: TooMany, Again: again}, err
	}
	var waiting int
	err = tx.QueryRowContext(ctx, countWaiting).Scan(&waiting)
	if err != nil || waiting >= limits.Waiting {
		return Outcome{Verdict: Full}, err
	}
	return Outcome{Verdict: Taken}, nil
}

func noteMutedTold(ctx context.Context, tx *sql.Tx, reader int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE muted_readers SET told = 1 WHERE mark = ?", mark(reader))
	return err
}

// tooMany returns when a reader may write again; zero: now. All pictures of an album may
// come if its first may.
func tooMany(ctx context.Context, tx *sql.Tx, l Letter, limits Limits) (again time.Time, err error) {
	if l.Album != "" {
		var begun bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM letters WHERE chat_id = ? AND album = ?)", l.At.Chat, l.Album).Scan(&begun)
		if err != nil || begun {
			return time.Time{}, err
		}
	}
	for _, limit := range []struct {
		count int
		span  time.Duration
	}{{limits.PerHour, time.Hour}, {limits.PerDay, 24 * time.Hour}} {
		made, err := database.Collect(ctx, tx, func(rows *sql.Rows) (at int64, err error) { return at, rows.Scan(&at) }, `
			SELECT min(made_at)
			FROM letters
			WHERE chat_id = ? AND answer = 0 AND made_at > ?
			GROUP BY CASE album WHEN '' THEN id ELSE album END
			ORDER BY 1`, l.At.Chat, l.MadeAt.Add(-limit.span).Unix())
		if err != nil {
			return time.Time{}, err
		}
		if len(made) >= limit.count {
			at := time.Unix(made[len(made)-limit.count], 0).Add(limit.span)
			if at.After(again) {
				again = at
			}
		}
	}
	return again, nil
}

// openConversation returns the conversation of a reader about an issue, which begins with
// the first letter.
func openConversation(ctx context.Context, tx *sql.Tx, c Conversation) (Conversation, error) {
	known, err := conversation(ctx, tx, "issue_id = ? AND reader = ?", c.Issue, c.Reader)
	if !errors.Is(err, database.ErrNotFound) {
		return known, err
	}
	for range 100 { // nearly all names are free
		c.Name = Name(rand.IntN(names * len(animals))) //nolint:gosec // no secret: whoever guesses a name learns nothing
		result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO conversations (issue_id, reader, name) VALUES (?, ?, ?)", c.Issue, c.Reader, c.Name)
		if err != nil {
			return c, err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			c.ID, _ = result.LastInsertId() // SQLite has it
			return c, err
		}
	}
	return c, errors.New("no name is free")
}

func insert(ctx context.Context, tx *sql.Tx, l Letter) (id int64, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO letters (conversation_id, answer, chat_id, thread_id, message_id, album, section, quote, reply_to, made_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Conversation.ID, l.Answer, l.At.Chat, l.Thread, l.At.Message, l.Album, l.Section, l.Quote, l.To, l.MadeAt.Unix())
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// TakeAnswer keeps an answer of an editor. alone says that only the first editor who answers
// a letter, each in a chat of their own, may do so.
func (s *Store) TakeAnswer(ctx context.Context, l Letter, alone bool) (o Outcome, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := letterAt(ctx, tx, l.At)
		switch {
		case err == nil:
			o.Verdict = Known
			return nil
		case !errors.Is(err, database.ErrNotFound):
			return err
		}
		var answered bool
		err = tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM letters WHERE reply_to = ? AND answer = 1 AND chat_id <> ? AND state IN ('waiting', 'passed'))`,
			l.To, l.At.Chat).Scan(&answered)
		if err != nil || alone && answered {
			o.Verdict = Late
			return err
		}
		o.Verdict = Taken
		o.ID, err = insert(ctx, tx, l)
		return err
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("take an answer on issue %d: %w", l.Issue, err)
	}
	return o, nil
}
