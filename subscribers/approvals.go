package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/digest"
	"digestbot/subscribers/archive"
)

// Holding says whether an issue that was found waits for approval.
type Holding struct {
	New bool // one that is new does
	// InsteadOf is an issue of the same first look at a source, which is held: only the newer
	// of the two is, because the older is archive. 0: there is none.
	InsteadOf int64
	// Archive says that it was in its source before the bot was, so the schedule does not send
	// it.
	Archive bool
}

// SaveFound is SaveIssue for an issue that was found in a source. It may be held until
// ApproveIssue.
func (s *Store) SaveFound(ctx context.Context, issue *digest.Issue, from archive.Origin, how Holding) (archive.Issue, archive.Saved, error) {
	held := false
	row, saved, err := s.SaveIssueAnd(ctx, issue, from, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) (err error) {
		held, err = how.Hold(ctx, tx, row.ID, saved)
		return err
	})
	row.Held = row.Held || held
	return row, saved, err
}

// Hold holds an issue that is being saved, if it has to wait, and reports whether it did.
func (h Holding) Hold(ctx context.Context, tx *sql.Tx, issue int64, saved archive.Saved) (held bool, err error) {
	switch {
	case saved != archive.Added:
		return false, nil
	case h.Archive:
		return false, archive.KeepAsArchive(ctx, tx, issue)
	case !h.New:
		return false, nil
	case h.InsteadOf == 0:
		return true, archive.Hold(ctx, tx, issue)
	}
	newer, err := archive.IsNewer(ctx, tx, issue, h.InsteadOf)
	if err != nil {
		return false, err
	}
	if !newer {
		return false, archive.KeepAsArchive(ctx, tx, issue)
	}
	if _, _, err := archive.Approve(ctx, tx, h.InsteadOf); err != nil {
		return false, err
	}
	if err := archive.KeepAsArchive(ctx, tx, h.InsteadOf); err != nil {
		return false, err
	}
	return true, archive.Hold(ctx, tx, issue)
}

// ApproveIssue lets readers have an issue that was held. changed is false if it was not.
// The error is ErrNotFound if there is no such issue, and ErrChanged if it is held and has
// another edition than the one that somebody has seen.
func (s *Store) ApproveIssue(ctx context.Context, issue int64, edition int, by Actor) (row archive.Issue, changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if row, changed, err = archive.Approve(ctx, tx, issue); err != nil || !changed {
			return err
		}
		if row.Edition != edition {
			return ErrChanged
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedApprove, On: Subject{Issue: issue}})
	})
	if err != nil {
		return archive.Issue{}, false, fmt.Errorf("approve issue %d: %w", issue, err)
	}
	return row, changed, nil
}
