package sourcestore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Entry is what is remembered of an entry of a feed.
type Entry struct {
	ID        int64 // 0: it is new
	Identity  string
	Link      string // in the form in which addresses are compared; empty: none
	Title     string
	Published time.Time // zero: unknown
	Found     time.Time
	Hash      string // of what readers see of it
	Waiting   bool   // it is to be gathered into an issue
	Body      string // while it is waiting
	Issue     int64  // that it is in; 0: none
}

const entryColumns = "id, identity, link, title, published_at, found_at, content_hash, waiting, body, coalesce(issue_id, 0)"

func scanEntry(rows *sql.Rows) (e Entry, err error) {
	var published, found int64
	err = rows.Scan(&e.ID, &e.Identity, &e.Link, &e.Title, &published, &found, &e.Hash, &e.Waiting, &e.Body, &e.Issue)
	e.Published, e.Found = fromUnix(published), fromUnix(found)
	return e, err
}

// Entries returns the entries of a source that were seen.
func (s *Store) Entries(ctx context.Context, source int64) ([]Entry, error) {
	return s.entries(ctx, "WHERE source_id = ? ORDER BY id", source)
}

// Waiting returns the entries of a source that wait to be gathered, the oldest first.
func (s *Store) Waiting(ctx context.Context, source int64, limit int) ([]Entry, error) {
	return s.entries(ctx, `WHERE source_id = ? AND waiting
		ORDER BY CASE published_at WHEN 0 THEN found_at ELSE published_at END, id
		LIMIT ?`, source, limit)
}

func (s *Store) entries(ctx context.Context, which string, args ...any) ([]Entry, error) {
	entries, err := database.Collect(ctx, s.reads, scanEntry, "SELECT "+entryColumns+" FROM entries "+which, args...)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return entries, nil
}

// CountWaiting returns how many entries of a source wait to be gathered.
func (s *Store) CountWaiting(ctx context.Context, source int64) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT count(*) FROM entries WHERE source_id = ? AND waiting", source).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count entries: %w", err)
	}
	return n, nil
}

// SaveEntries keeps entries of a source, all or none.
func (s *Store) SaveEntries(ctx context.Context, source int64, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	err := s.db.Write(ctx, func(tx *sql.Tx) error {
		for _, e := range entries {
			if err := saveEntry(ctx, tx, source, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep entries: %w", err)
	}
	return nil
}

// saveEntry keeps an entry. One that was gathered meanwhile is not brought back.
func saveEntry(ctx context.Context, tx *sql.Tx, source int64, e Entry) error {
	if e.ID == 0 {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO entries (source_id, identity, link, title, published_at, found_at, content_hash, waiting, body, issue_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))`,
			source, e.Identity, e.Link, e.Title, unix(e.Published), unix(e.Found), e.Hash, e.Waiting, e.Body, e.Issue)
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE entries
		SET identity = ?, link = ?, title = ?, published_at = ?, content_hash = ?, body = CASE WHEN waiting THEN ? ELSE '' END, issue_id = coalesce(issue_id, nullif(?, 0))
		WHERE id = ? AND source_id = ?`,
		e.Identity, e.Link, e.Title, unix(e.Published), e.Hash, e.Body, e.Issue, e.ID, source)
	return err
}

// Also is done in the transaction that archives an issue; nil: nothing.
type Also func(tx *sql.Tx, row archive.Issue, saved archive.Saved) error

func (a Also) do(tx *sql.Tx, row archive.Issue, saved archive.Saved) error {
	if a == nil {
		return nil
	}
	return a(tx, row, saved)
}

// Found is an issue that was made of one entry of a source, and the entry.
type Found struct {
	Source int64
	Entry  Entry
	Issue  *digest.Issue
	From   archive.Origin
}

// SaveIssue puts an issue into the archive as archive.SaveIssue does, together with its
// entry.
func (s *Store) SaveIssue(ctx context.Context, f Found, also Also) (archive.Issue, archive.Saved, error) {
	return s.archive.SaveIssueAnd(ctx, f.Issue, f.From, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) error {
		f.Entry.Issue = row.ID
		if err := saveEntry(ctx, tx, f.Source, f.Entry); err != nil {
			return err
		}
		return also.do(tx, row, saved)
	})
}

// Gathering is an issue to be made of the entries of a source.
type Gathering struct {
	Source  int64
	Entries []Entry
	Up      time.Time // to when they are gathered
	Issue   *digest.Issue
	From    archive.Origin
}

// Gather puts the issue into the archive, and its entries wait no longer: all of this or
// nothing. It fails with ErrGathered if one of the entries is in an issue already.
func (s *Store) Gather(ctx context.Context, g Gathering, also Also) (archive.Issue, error) {
	row, _, err := s.archive.SaveIssueAnd(ctx, g.Issue, g.From, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) error {
		if saved != archive.Added {
			return fmt.Errorf("issue %s: %w", g.Issue.Key, archive.ErrKeyTaken)
		}
		for _, e := range g.Entries {
			result, err := tx.ExecContext(ctx, "UPDATE entries SET waiting = 0, body = '', issue_id = ? WHERE id = ? AND source_id = ? AND waiting", row.ID, e.ID, g.Source)
			if err != nil {
				return err
			}
			if !database.Affected(result, nil) {
				return ErrGathered
			}
		}
		if err := gathered(ctx, tx, g.Source, g.Up); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE sources SET issue_id = ? WHERE id = ?", row.ID, g.Source); err != nil {
			return err
		}
		return also.do(tx, row, saved)
	})
	return row, err
}

// NoteGathered keeps that there was nothing to gather up to a time.
func (s *Store) NoteGathered(ctx context.Context, source int64, up time.Time) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error { return gathered(ctx, tx, source, up) })
}

func gathered(ctx context.Context, tx *sql.Tx, source int64, up time.Time) error {
	_, err := tx.ExecContext(ctx, "UPDATE sources SET gathered_at = max(gathered_at, ?) WHERE id = ?", unix(up), source)
	return err
}

// LastNumber returns the largest number of the issues that the entries of a source were
// gathered into; 0: there is none.
func (s *Store) LastNumber(ctx context.Context, source int64) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT coalesce(max(i.number), 0) FROM issues i WHERE i.id IN (SELECT issue_id FROM entries WHERE source_id = ?)`, source).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("find the last number: %w", err)
	}
	return n, nil
}
