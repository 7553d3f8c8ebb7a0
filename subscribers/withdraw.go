package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// A withdrawn issue is kept, with all that is known of its deliveries, but nobody
// finds it any more: it is never the newest, is in no list and no search, and is sent
// to nobody. A source that still has its document does not bring it back, even if the
// document changes. Only RestoreIssue does.

const (
	// withdrawnIDs are the ids of the issues that are withdrawn.
	withdrawnIDs = "(SELECT issue_id FROM withdrawn_issues)"
	// withdrawn is true for an issue that is.
	withdrawn = "id IN " + withdrawnIDs
)

// Withdrawal is what withdrawing an issue did.
type Withdrawal struct {
	Issue     Issue
	Changed   bool // false: it was withdrawn before
	Cancelled int  // broadcasts that were under way
	Reached   int  // subscribers that have got something of it, as far as is known yet
}

// WithdrawIssue takes an issue back: it goes to nobody from now on, and its broadcasts
// that are under way are cancelled. Messages that were sent stay where they are. A
// second call changes nothing. admin is 0 on the command line. The error is ErrNotFound
// if there is no such issue.
func (s *Store) WithdrawIssue(ctx context.Context, issue, admin int64) (w Withdrawal, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if w, err = withdraw(ctx, tx, issue, admin); err != nil || !w.Changed {
			return err
		}
		return audit(ctx, tx, admin, "withdraw", fmt.Sprintf("issue %d", issue))
	})
	if err != nil {
		return Withdrawal{}, fmt.Errorf("withdraw issue %d: %w", issue, err)
	}
	return w, nil
}

func withdraw(ctx context.Context, tx *sql.Tx, issue, admin int64) (w Withdrawal, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT OR IGNORE INTO withdrawn_issues (issue_id, withdrawn_at, told_edition)
		SELECT id, ?, edition
		FROM issues
		WHERE id = ?`, now(), issue)
	if err != nil {
		return Withdrawal{}, err
	}
	if w.Changed = database.Affected(result, err); w.Changed {
		if err := noteRevision(ctx, tx, issue); err != nil {
			return Withdrawal{}, err
		}
		if w.Cancelled, err = cancelAll(ctx, tx, issue, admin); err != nil {
			return Withdrawal{}, err
		}
	}
	if w.Issue, err = findIssue(ctx, tx, "id = ?", issue); err != nil {
		return Withdrawal{}, err
	}
	w.Reached, err = reached(ctx, tx, issue)
	return w, err
}

// cancelAll cancels the broadcasts of an issue that are not over.
func cancelAll(ctx context.Context, tx *sql.Tx, issue, admin int64) (n int, err error) {
	open, err := database.Collect(ctx, tx, func(rows *sql.Rows) (t turn, err error) {
		t.to, t.admin = Cancelled, admin
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
// issue to the subscribers who have not got it. A second call changes nothing.
func (s *Store) RestoreIssue(ctx context.Context, issue, admin int64) (row Issue, changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM withdrawn_issues WHERE issue_id = ?", issue)
		if err != nil {
			return err
		}
		if row, err = findIssue(ctx, tx, "id = ?", issue); err != nil {
			return err
		}
		if changed = database.Affected(result, err); !changed {
			return nil
		}
		if err := noteRevision(ctx, tx, issue); err != nil {
			return err
		}
		return audit(ctx, tx, admin, "restore", fmt.Sprintf("issue %d", issue))
	})
	if err != nil {
		return Issue{}, false, fmt.Errorf("restore issue %d: %w", issue, err)
	}
	return row, changed, nil
}

// noteRevision makes searches, also those of other processes, read an issue anew.
func noteRevision(ctx context.Context, tx *sql.Tx, issue int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE searchable
		SET revision = (SELECT max(revision) + 1 FROM searchable)
		WHERE issue_id = ?`, issue)
	return err
}

// checkNotWithdrawn fails with ErrWithdrawn if an issue is withdrawn. The issue is an
// expression of SQL with id as its parameter.
func checkNotWithdrawn(ctx context.Context, q database.Queryer, issue string, id int64) error {
	var isWithdrawn bool
	err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM withdrawn_issues WHERE issue_id = "+issue+")", id).Scan(&isWithdrawn)
	if err == nil && isWithdrawn {
		err = ErrWithdrawn
	}
	return err
}
