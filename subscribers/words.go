package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"digestbot/digest"
	"digestbot/subscribers/database"
	"digestbot/subscribers/search"
)

// The bounds of a subscriber's words.
const (
	MaxWords     = 50
	MaxWordUnits = 50 // UTF-16 code units of each
)

// Word is a word, or several that follow each other, that a subscriber has muted or
// highlighted.
type Word struct {
	ID        int64
	Text      string // as the reader wrote it
	Fold      string // as searches see it; an item has the word if its fold has this
	Highlight bool   // items with it carry a star; else they are left out
}

// NewWord returns a word; ok is false if nothing in it could be found.
func NewWord(text string, highlight bool) (w Word, ok bool) {
	w = Word{Text: strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " "), Fold: search.Fold(text), Highlight: highlight}
	return w, strings.TrimSpace(w.Fold) != ""
}

// Verdict returns what becomes of an item for the recipient, by its folded text. A word
// that is muted counts more than one that is highlighted.
func (r Recipient) Verdict(fold string) digest.Verdict {
	verdict := digest.Keep
	for _, w := range r.Words {
		switch {
		case !strings.Contains(fold, w.Fold):
		case !w.Highlight:
			return digest.Hide
		default:
			verdict = digest.Star
		}
	}
	return verdict
}

const wordColumns = "id, word, fold, highlight"

func (w *Word) fields() []any { return []any{&w.ID, &w.Text, &w.Fold, &w.Highlight} }

// Words returns the words of a subscriber in the order in which they came.
func (s *Store) Words(ctx context.Context, subscriber int64) ([]Word, error) {
	words, err := readWords(ctx, s.reads, subscriber)
	if err != nil {
		return nil, fmt.Errorf("read words of subscriber %d: %w", subscriber, err)
	}
	return words, nil
}

func readWords(ctx context.Context, q database.Queryer, subscriber int64) ([]Word, error) {
	return database.Collect(ctx, q, func(rows *sql.Rows) (w Word, err error) {
		return w, rows.Scan(w.fields()...)
	}, "SELECT "+wordColumns+" FROM words WHERE subscriber_id = ? ORDER BY id", subscriber)
}

// AddWords adds words to those of a subscriber, all of them or none. One that is there
// already changes sides, if it was on the other. It fails with ErrTooManyWords if there
// would be more than MaxWords, and with ErrNotFound if there is no such subscriber.
func (s *Store) AddWords(ctx context.Context, subscriber int64, words []Word) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		if err := choose(ctx, tx, subscriber, "id = id"); err != nil {
			return err
		}
		for _, w := range words {
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO words (subscriber_id, word, fold, highlight)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (subscriber_id, fold) DO UPDATE SET highlight = excluded.highlight`,
				subscriber, w.Text, w.Fold, w.Highlight); err != nil {
				return err
			}
		}
		all, err := readWords(ctx, tx, subscriber)
		if err == nil && len(all) > MaxWords {
			return ErrTooManyWords
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("add words of subscriber %d: %w", subscriber, err)
	}
	return nil
}

// RemoveWord removes a word of a subscriber; changed is false if it has no such word.
func (s *Store) RemoveWord(ctx context.Context, subscriber, word int64) (changed bool, err error) {
	changed, err = database.Exec(ctx, s.writePreferences, "DELETE FROM words WHERE id = ? AND subscriber_id = ?", word, subscriber)
	if err != nil {
		return false, fmt.Errorf("remove a word of subscriber %d: %w", subscriber, err)
	}
	return changed, nil
}

// addWords fills in the words of recipients with ids from first to last.
func (s *Store) addWords(ctx context.Context, first, last int64, recipients map[int64]Recipient) error {
	type row struct {
		subscriber int64
		word       Word
	}
	rows, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(append([]any{&r.subscriber}, r.word.fields()...)...)
	}, "SELECT subscriber_id, "+wordColumns+" FROM words WHERE subscriber_id BETWEEN ? AND ? ORDER BY id", first, last)
	if err != nil {
		return fmt.Errorf("read words: %w", err)
	}
	for _, r := range rows {
		to, ok := recipients[r.subscriber]
		if !ok { // came in between the two reads
			continue
		}
		to.Words = append(to.Words, r.word)
		recipients[r.subscriber] = to
	}
	return nil
}
