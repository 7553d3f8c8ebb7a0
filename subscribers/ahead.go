package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/digest"
)

// An issue dated more than a week ahead, by a slip or on purpose, is neither shown nor
// sent until its date is near: it is compared whenever issues are read, and nothing
// has to be changed when the time has come. Admins are told of it once.

// IsAhead reports whether an issue is dated more than a week ahead.
func (i Issue) IsAhead() bool { return i.Date.After(digest.LastDate(time.Now())) }

// IssuesAhead returns the issues dated more than a week ahead that are not withdrawn,
// the earliest first: at most limit.
func (s *Store) IssuesAhead(ctx context.Context, limit int) ([]Issue, error) {
	return s.issues(ctx, "WHERE NOT "+withdrawn+" AND "+ahead()+" ORDER BY published_on, number, id LIMIT ?", limit)
}

// News is what admins are to be told of the archive.
type News struct {
	Ahead     []Issue // dated more than a week ahead, the earliest first
	Corrected []Issue // withdrawn, but their documents have changed since
}

// NewsForAdmins returns what admins have not been told, see NewsTold.
func (s *Store) NewsForAdmins(ctx context.Context) (n News, err error) {
	n.Ahead, err = s.issues(ctx, `
		WHERE NOT `+withdrawn+` AND `+ahead()+` AND (id, published_on) NOT IN (SELECT issue_id, published_on FROM told_dates)
		ORDER BY published_on, number, id`)
	if err != nil {
		return News{}, err
	}
	n.Corrected, err = s.issues(ctx, `
		WHERE id IN (
			SELECT w.issue_id
			FROM withdrawn_issues w
			JOIN issues i ON i.id = w.issue_id
			WHERE w.told_edition < i.edition)
		ORDER BY id`)
	return n, err
}

// NewsTold notes that admins have been told.
func (s *Store) NewsTold(ctx context.Context, n News) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
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
