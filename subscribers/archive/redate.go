package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"digestbot/digest"
)

// RedateIssue gives an issue another date, which its cover shows as well. The issue
// keeps it as long as its document has the date it has now; a correction of the
// document with another date ends that. It returns the issue before and after; they
// are the same if it had that date already. If not, also is called in the same
// transaction, with the issue before.
func (a *Archive) RedateIssue(ctx context.Context, issue int64, date time.Time, also func(tx *sql.Tx, before Issue) error) (before, after Issue, err error) {
	err = a.writeEdition(ctx, func(tx *sql.Tx, e *edition) error {
		if before, err = findIssue(ctx, tx, "id = ?", issue); err != nil {
			return err
		}
		if after = before; before.Date.Equal(date) {
			return nil
		}
		if after, err = redate(ctx, tx, before, date, e); err != nil {
			return err
		}
		// Somebody has looked at it, and may want it to be the newest.
		if _, err := tx.ExecContext(ctx, "DELETE FROM archive_only WHERE issue_id = ?", issue); err != nil {
			return err
		}
		return also(tx, before)
	})
	if err != nil {
		return Issue{}, Issue{}, fmt.Errorf("redate issue %d: %w", issue, err)
	}
	return before, after, nil
}

func redate(ctx context.Context, tx *sql.Tx, row Issue, date time.Time, e *edition) (Issue, error) {
	var parsed []byte
	if err := tx.QueryRowContext(ctx, "SELECT digest FROM issues WHERE id = ?", row.ID).Scan(&parsed); err != nil {
		return Issue{}, err
	}
	var was digest.Issue
	if err := json.Unmarshal(parsed, &was); err != nil {
		return Issue{}, err
	}
	issue := was
	issue.Date = date
	for _, change := range []struct {
		statement string
		args      []any
	}{
		// Only before the first change does the issue have the date of its document.
		{"INSERT OR IGNORE INTO redated_issues (issue_id, document_date) VALUES (?, ?)", []any{row.ID, dateText(was.Date)}},
		{"UPDATE issues SET published_on = ?, digest = ?, edition = edition + 1 WHERE id = ?", []any{dateText(date), e.encoded, row.ID}},
		{"UPDATE withdrawn_issues SET told_edition = ? WHERE issue_id = ?", []any{row.Edition + 1, row.ID}},
		{"INSERT OR REPLACE INTO told_dates (issue_id, published_on) VALUES (?, ?)", []any{row.ID, dateText(date)}},
		{"DELETE FROM issue_sections WHERE issue_id = ?", []any{row.ID}},
	} {
		if _, err := tx.ExecContext(ctx, change.statement, change.args...); err != nil {
			return Issue{}, err
		}
	}
	row, err := findIssue(ctx, tx, "id = ?", row.ID)
	if err != nil {
		return Issue{}, err
	}
	return row, e.save(ctx, tx, row, &issue, &was)
}

// keepDate returns a corrected issue with the date that RedateIssue gave it, unless
// its document has got another date since, which counts from now on. before is the
// issue as it was.
func keepDate(ctx context.Context, tx *sql.Tx, id int64, issue, before *digest.Issue) (*digest.Issue, error) {
	var document string
	err := tx.QueryRowContext(ctx, "SELECT document_date FROM redated_issues WHERE issue_id = ?", id).Scan(&document)
	if errors.Is(err, sql.ErrNoRows) {
		return issue, nil
	}
	if err != nil {
		return nil, err
	}
	if !issue.Date.IsZero() && dateText(issue.Date) != document {
		_, err := tx.ExecContext(ctx, "DELETE FROM redated_issues WHERE issue_id = ?", id)
		return issue, err
	}
	kept := *issue
	kept.Date = before.Date
	return &kept, nil
}

// dateText returns a date as the database has it; empty: it is not known.
func dateText(date time.Time) string {
	if date.IsZero() {
		return ""
	}
	return date.Format(time.DateOnly)
}
