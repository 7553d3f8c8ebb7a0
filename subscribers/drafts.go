package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// DraftState says how far a draft got.
type DraftState string

// The states of drafts.
const (
	DraftOpen      DraftState = "open"      // its parts are coming
	DraftReady     DraftState = "ready"     // its document is complete
	DraftSaved     DraftState = "saved"     // it is in the archive
	DraftDiscarded DraftState = "discarded" // nobody wants it
)

// Draft is a document that an admin has sent, and that is not in the archive before
// somebody says so.
type Draft struct {
	ID       int64
	User     int64 // who sent it
	Message  int   // the id of the message that brought it, or began it
	Name     string
	State    DraftState
	Document []byte // nil unless it is ready
	Issue    int64  // what it was saved as; 0: nothing
	Changed  time.Time
}

// Part is what one message brings to a draft.
type Part struct {
	Message int    // its id
	Name    string // of a file; empty: Content is a text as HTML
	Content []byte
}

// Errors of drafts.
var (
	// ErrDecided: the draft was saved or discarded before.
	ErrDecided = errors.New("the draft was decided about before")
	// ErrExists: the archive has the issue, and it was not to be replaced.
	ErrExists = errors.New("the archive has this issue already")
)

const (
	// draftMemory is how long drafts are kept that nobody decides about.
	draftMemory = 14 * 24 * time.Hour
	// decidedMemory is how long it is known what became of a draft.
	decidedMemory = 90 * 24 * time.Hour
)

const draftColumns = "id, user_id, message_id, name, state, document, coalesce(issue_id, 0), changed_at"

func scanDraft(row interface{ Scan(...any) error }) (d Draft, err error) {
	var changed int64
	err = row.Scan(&d.ID, &d.User, &d.Message, &d.Name, &d.State, &d.Document, &d.Issue, &changed)
	d.Changed = fromUnix(changed)
	return d, database.NotFound(err)
}

// AddDraft keeps a new draft with its user, message, name, state and document. The same
// message again, after a crash, changes nothing. It returns the draft as it is kept. It also
// forgets old drafts.
func (s *Store) AddDraft(ctx context.Context, d Draft) (kept Draft, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := forgetDrafts(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT OR IGNORE INTO drafts (user_id, message_id, name, state, document, changed_at)
			VALUES (?, ?, ?, ?, ?, ?)`, d.User, d.Message, d.Name, d.State, nonNil(d.Document), now()); err != nil {
			return err
		}
		kept, err = scanDraft(tx.QueryRowContext(ctx, "SELECT "+draftColumns+" FROM drafts WHERE user_id = ? AND message_id = ?", d.User, d.Message))
		return err
	})
	if err != nil {
		return Draft{}, fmt.Errorf("keep draft of %d: %w", d.User, err)
	}
	return kept, nil
}

// nonNil is for columns that take no NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// ForgetDrafts forgets the drafts that nobody has decided about for two weeks, and what became
// of older ones.
func (s *Store) ForgetDrafts(ctx context.Context) error {
	if err := s.write(ctx, func(tx *sql.Tx) error { return forgetDrafts(ctx, tx) }); err != nil {
		return fmt.Errorf("forget old drafts: %w", err)
	}
	return nil
}

func forgetDrafts(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM drafts WHERE changed_at < ?1 AND state IN ('open', 'ready') OR changed_at < ?2",
		time.Now().Add(-draftMemory).Unix(), time.Now().Add(-decidedMemory).Unix())
	return err
}

// OpenDraftOf returns the draft of which a person is sending the parts, or ErrNotFound.
func (s *Store) OpenDraftOf(ctx context.Context, user int64) (Draft, error) {
	d, err := scanDraft(s.reads.QueryRowContext(ctx, "SELECT "+draftColumns+" FROM drafts WHERE user_id = ? AND state = 'open' AND changed_at >= ?",
		user, time.Now().Add(-draftMemory).Unix()))
	if err != nil {
		return Draft{}, fmt.Errorf("find open draft of %d: %w", user, err)
	}
	return d, nil
}

// Draft returns a draft by its id, or ErrNotFound.
func (s *Store) Draft(ctx context.Context, id int64) (Draft, error) {
	d, err := scanDraft(s.reads.QueryRowContext(ctx, "SELECT "+draftColumns+" FROM drafts WHERE id = ?", id))
	if err != nil {
		return Draft{}, fmt.Errorf("find draft %d: %w", id, err)
	}
	return d, nil
}

// PutPart adds a part to an open draft, or replaces the one of the same message. It fails
// with ErrDecided if the draft is not open any more.
func (s *Store) PutPart(ctx context.Context, draft int64, p Part) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		open, err := database.RowsChanged(tx.ExecContext(ctx, "UPDATE drafts SET changed_at = ? WHERE id = ? AND state = 'open'", now(), draft))
		if err == nil && open == 0 {
			err = ErrDecided
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO draft_parts (draft_id, message_id, name, content) VALUES (?, ?, ?, ?)",
			draft, p.Message, p.Name, nonNil(p.Content))
		return err
	})
	if err != nil {
		return fmt.Errorf("add to draft %d: %w", draft, err)
	}
	return nil
}

// Parts returns the parts of an open draft in the order of their messages.
func (s *Store) Parts(ctx context.Context, draft int64) ([]Part, error) {
	parts, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (p Part, err error) {
		return p, rows.Scan(&p.Message, &p.Name, &p.Content)
	}, "SELECT message_id, name, content FROM draft_parts WHERE draft_id = ? ORDER BY message_id", draft)
	if err != nil {
		return nil, fmt.Errorf("read parts of draft %d: %w", draft, err)
	}
	return parts, nil
}

// CompleteDraft gives an open draft its document. It fails with ErrDecided if the draft is
// not open any more.
func (s *Store) CompleteDraft(ctx context.Context, draft int64, name string, document []byte) (d Draft, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM draft_parts WHERE draft_id = ?", draft); err != nil {
			return err
		}
		d, err = scanDraft(tx.QueryRowContext(ctx, `
			UPDATE drafts
			SET state = 'ready', name = ?, document = ?, changed_at = ?
			WHERE id = ? AND state = 'open'
			RETURNING `+draftColumns, name, nonNil(document), now(), draft))
		return decided(err)
	})
	if err != nil {
		return Draft{}, fmt.Errorf("complete draft %d: %w", draft, err)
	}
	return d, nil
}

// decided turns "not found in that state" into ErrDecided.
func decided(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrDecided
	}
	return err
}

// DiscardDraft forgets the document of a draft. It fails with ErrDecided if that was saved
// or discarded before.
func (s *Store) DiscardDraft(ctx context.Context, draft int64, by Actor) (d Draft, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		d, err = scanDraft(tx.QueryRowContext(ctx, `
			UPDATE drafts
			SET state = 'discarded', document = x'', changed_at = ?
			WHERE id = ? AND state IN ('open', 'ready')
			RETURNING `+draftColumns, now(), draft))
		if err != nil {
			return decided(err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM draft_parts WHERE draft_id = ?", draft); err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedDiscard, Facts: Facts{From: d.Name}})
	})
	if err != nil {
		return Draft{}, fmt.Errorf("discard draft %d: %w", draft, err)
	}
	return d, nil
}

// SaveDraft puts the issue of a draft into the archive, where readers have it at once. It
// takes the place of an issue with the same key only if replace says so, which also holds
// for one that has another title and another date. It fails with ErrExists otherwise, and
// with ErrDecided if the draft was saved or discarded before.
func (s *Store) SaveDraft(ctx context.Context, draft int64, issue *digest.Issue, from archive.Origin, by Actor) (archive.Issue, archive.Saved, error) {
	return s.SaveIssueAnd(ctx, issue, from, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) error {
		if saved == archive.Corrected && !from.Replaces {
			return ErrExists
		}
		_, err := scanDraft(tx.QueryRowContext(ctx, `
			UPDATE drafts
			SET state = 'saved', document = x'', issue_id = ?, changed_at = ?
			WHERE id = ? AND state = 'ready'
			RETURNING `+draftColumns, row.ID, now(), draft))
		if err != nil {
			return decided(err)
		}
		_, approved, err := archive.Approve(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		deed := DeedAdd
		switch {
		case saved == archive.Corrected:
			deed = DeedReplace
		case saved == archive.Unchanged && approved:
			deed = DeedApprove
		case saved == archive.Unchanged: // another admin has put the same document there
			return nil
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: deed, On: Subject{Issue: row.ID}})
	})
}

// Untold is an issue that a source has added or corrected.
type Untold struct {
	Issue   int64
	Source  string
	Outcome archive.Saved
}

// NoteUntold keeps that admins are to be told of an issue.
func (s *Store) NoteUntold(ctx context.Context, u Untold) error {
	_, err := database.Exec(ctx, s.write, "INSERT OR REPLACE INTO untold_issues (issue_id, source, outcome) VALUES (?, ?, ?)", u.Issue, u.Source, u.Outcome)
	if err != nil {
		return fmt.Errorf("note issue %d for admins: %w", u.Issue, err)
	}
	return nil
}

// UntoldIssues returns the issues that admins are to be told of.
func (s *Store) UntoldIssues(ctx context.Context) ([]Untold, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (u Untold, err error) {
		return u, rows.Scan(&u.Issue, &u.Source, &u.Outcome)
	}, "SELECT issue_id, source, outcome FROM untold_issues ORDER BY issue_id")
	if err != nil {
		return nil, fmt.Errorf("read issues for admins: %w", err)
	}
	return all, nil
}

// MarkIssueTold notes that admins know of an issue.
func (s *Store) MarkIssueTold(ctx context.Context, issue int64) error {
	_, err := database.Exec(ctx, s.write, "DELETE FROM untold_issues WHERE issue_id = ?", issue)
	if err != nil {
		return fmt.Errorf("note that admins know of issue %d: %w", issue, err)
	}
	return nil
}
