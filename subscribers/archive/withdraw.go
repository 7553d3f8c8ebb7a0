package archive

import (
	"context"
	"database/sql"
	"time"

	"digestbot/subscribers/database"
)

// A withdrawn issue is kept, with all that is known of its deliveries, but nobody
// finds it any more: it is never the newest, is in no list and no search, and is sent
// to nobody. A source that still has its document does not bring it back, even if the
// document changes. Only Restore does.

const (
	// WithdrawnSQL are the ids of the issues that are withdrawn.
	WithdrawnSQL = "(SELECT issue_id FROM withdrawn_issues)"
	// withdrawn is true for an issue that is.
	withdrawn = "id IN " + WithdrawnSQL
)

// Withdraw takes an issue back. changed is false if it was withdrawn before. The error
// is ErrNotFound if there is no such issue. One that is held waits for nothing any more.
func Withdraw(ctx context.Context, tx *sql.Tx, issue int64) (row Issue, changed bool, err error) {
	if _, err := tx.ExecContext(ctx, "DELETE FROM held_issues WHERE issue_id = ?", issue); err != nil {
		return Issue{}, false, err
	}
	return changeHidden(ctx, tx, issue, `
		INSERT OR IGNORE INTO withdrawn_issues (issue_id, withdrawn_at, told_edition)
		SELECT id, ?2, edition
		FROM issues
		WHERE id = ?1`, issue, time.Now().Unix())
}

// Restore undoes Withdraw. changed is false if the issue was not withdrawn.
func Restore(ctx context.Context, tx *sql.Tx, issue int64) (row Issue, changed bool, err error) {
	return changeHidden(ctx, tx, issue, "DELETE FROM withdrawn_issues WHERE issue_id = ?", issue)
}

// changeHidden makes a change and returns the issue after it. Searches, also those
// of other processes, read a changed issue anew.
func changeHidden(ctx context.Context, tx *sql.Tx, issue int64, change string, args ...any) (row Issue, changed bool, err error) {
	result, err := tx.ExecContext(ctx, change, args...)
	if err != nil {
		return Issue{}, false, err
	}
	if changed = database.Affected(result, err); changed {
		if _, err := tx.ExecContext(ctx, `
			UPDATE searchable
			SET revision = (SELECT max(revision) + 1 FROM searchable)
			WHERE issue_id = ?`, issue); err != nil {
			return Issue{}, false, err
		}
	}
	row, err = findIssue(ctx, tx, "id = ?", issue)
	return row, changed, err
}

// CheckNotWithdrawn fails with ErrWithdrawn if an issue is withdrawn.
func CheckNotWithdrawn(ctx context.Context, q database.Queryer, issue int64) error {
	var isWithdrawn bool
	err := q.QueryRowContext(ctx, "SELECT ? IN "+WithdrawnSQL, issue).Scan(&isWithdrawn)
	if err == nil && isWithdrawn {
		err = ErrWithdrawn
	}
	return err
}
