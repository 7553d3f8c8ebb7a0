package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// News is what admins are to be told of the archive.
type News struct {
	Ahead     []Issue // dated more than a week ahead, the earliest first
	Corrected []Issue // withdrawn; their documents have changed since
}

// NewsForAdmins returns what admins have not been told yet, see MarkNewsTold.
func (a *Archive) NewsForAdmins(ctx context.Context) (n News, err error) {
	n.Ahead, err = a.issues(ctx, `
		WHERE NOT `+withdrawn+` AND `+AheadSQL("published_on")+` AND (id, published_on) NOT IN (SELECT issue_id, published_on FROM told_dates)
		ORDER BY published_on, number, id`)
	if err != nil {
		return News{}, err
	}
	n.Corrected, err = a.issues(ctx, `
		WHERE id IN (
			SELECT w.issue_id
			FROM withdrawn_issues w
			JOIN issues i ON i.id = w.issue_id
			WHERE w.told_edition < i.edition)
		ORDER BY id`)
	return n, err
}

// MarkNewsTold notes that admins have been told.
func (a *Archive) MarkNewsTold(ctx context.Context, n News) error {
	err := a.db.Write(ctx, func(tx *sql.Tx) error {
		for _, issue := range n.Ahead {
			if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO told_dates (issue_id, published_on) VALUES (?, ?)",
				issue.ID, dateText(issue.Date)); err != nil {
				return err
			}
		}
		for _, issue := range n.Corrected {
			if _, err := tx.ExecContext(ctx, "UPDATE withdrawn_issues SET told_edition = ? WHERE issue_id = ?", issue.Edition, issue.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note what admins have been told: %w", err)
	}
	return nil
}
