package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Withdrawal is what withdrawing an issue did.
type Withdrawal struct {
	Issue     archive.Issue
	Changed   bool // false: it was withdrawn before
	Cancelled int  // broadcasts that were under way
	Reached   int  // subscribers that have got something of it, as far as is known yet
}

// WithdrawIssue takes an issue back: it goes to nobody from now on, and its broadcasts
// that are under way are cancelled. Messages that were sent stay where they are. A
// second call changes nothing. The error is ErrNotFound if there is no such issue.
func (s *Store) WithdrawIssue(ctx context.Context, issue int64, by Actor) (w Withdrawal, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		w, err = withdraw(ctx, tx, issue, by)
		return err
	})
	if err != nil {
		return Withdrawal{}, fmt.Errorf("withdraw issue %d: %w", issue, err)
	}
	return w, nil
}

func withdraw(ctx context.Context, tx *sql.Tx, issue int64, by Actor) (w Withdrawal, err error) {
	if w.Issue, w.Changed, err = archive.Withdraw(ctx, tx, issue); err != nil {
		return w, err
	}
	if w.Reached, err = reached(ctx, tx, issue); err != nil || !w.Changed {
		return w, err
	}
	if w.Cancelled, err = cancelAll(ctx, tx, issue, by); err != nil {
		return w, err
	}
	if err := cancelRevisions(ctx, tx, issue, by); err != nil {
		return w, err
	}
	return w, Audit(ctx, tx, AuditEntry{By: by, Deed: DeedWithdraw, On: Subject{Issue: issue}})
}

// cancelAll cancels the broadcasts of an issue that are not over.
func cancelAll(ctx context.Context, tx *sql.Tx, issue int64, by Actor) (n int, err error) {
	open, err := database.Collect(ctx, tx, func(rows *sql.Rows) (t turn, err error) {
		t.to, t.by = Cancelled, by
		return t, rows.Scan(&t.id, &t.from)
	}, "SELECT id, state FROM broadcasts WHERE issue_id = ? AND finished_at = 0 AND state IN ('running', 'paused')", issue)
	if err != nil {
		return 0, err
	}
	for _, t := range open {
		if _, err := t.make(ctx, tx); err != nil {
			return 0, err
		}
	}
	return len(open), nil
}

// CountReached returns how many subscribers have got something of an issue, as far as it
// is on record, which it is not for old broadcasts.
func (s *Store) CountReached(ctx context.Context, issue int64) (int, error) {
	return reached(ctx, s.reads, issue)
}

func reached(ctx context.Context, q database.Queryer, issue int64) (n int, err error) {
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE issue_id = ? AND sent + uncertain > 0", issue).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count who has issue %d: %w", issue, err)
	}
	return n, nil
}

// RestoreIssue undoes WithdrawIssue. Broadcasts stay cancelled; another one brings the
// issue to the subscribers who have not got it, or from whom it was recalled. A second call changes nothing.
func (s *Store) RestoreIssue(ctx context.Context, issue int64, by Actor) (row archive.Issue, changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if row, changed, err = archive.Restore(ctx, tx, issue); err != nil || !changed {
			return err
		}
		if err := cancelRevisions(ctx, tx, issue, by); err != nil { // a recall that is under way
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedRestore, On: Subject{Issue: issue}})
	})
	if err != nil {
		return archive.Issue{}, false, fmt.Errorf("restore issue %d: %w", issue, err)
	}
	return row, changed, nil
}

// RedateIssue is the archive's RedateIssue, and records who did it.
func (s *Store) RedateIssue(ctx context.Context, issue int64, date time.Time, by Actor) (before, after archive.Issue, err error) {
	return s.Archive.RedateIssue(ctx, issue, date, func(tx *sql.Tx, before archive.Issue) error {
		dates := Facts{From: before.Date.Format(time.DateOnly), To: date.Format(time.DateOnly)}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedRedate, On: Subject{Issue: issue}, Facts: dates})
	})
}
