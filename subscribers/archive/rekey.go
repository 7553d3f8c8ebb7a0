package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// Rekey gives an issue of the archive the key and number that its document has now. A
// newer version of the program may find a number that an older one did not, and the
// issue would be archived, and sent, a second time. It is the same issue if it came
// from a document of that name and has the same title and date, or, if the document
// holds one issue only, if the document is the same byte for byte. siblings are the
// keys of all issues that the document holds now: their issues are others.
func (a *Archive) Rekey(ctx context.Context, issue *digest.Issue, name string, document []byte, siblings []string) error {
	old, err := a.formerly(ctx, issue, name, document, siblings)
	if err != nil || old == 0 {
		return err
	}
	err = a.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE issues SET key = ?, number = nullif(?, 0) WHERE id = ?", issue.Key, issue.Number, old)
		return err
	})
	if err != nil {
		return fmt.Errorf("give issue %d the key %s: %w", old, issue.Key, err)
	}
	return nil
}

// formerly returns the only issue that this one was under another key; 0: none or
// several.
func (a *Archive) formerly(ctx context.Context, issue *digest.Issue, name string, document []byte, siblings []string) (id int64, err error) {
	if _, err := findIssue(ctx, a.reads, "key = ?", issue.Key); !errors.Is(err, database.ErrNotFound) {
		return 0, err
	}
	rows, err := a.issues(ctx, `WHERE document_name = ? AND (? AND document = ? OR title <> '' AND title = ? AND published_on = ?)`,
		name, len(siblings) == 1, document, issue.Title, issue.Date.Format(time.DateOnly))
	if err != nil {
		return 0, err
	}
	rows = slices.DeleteFunc(rows, func(row Issue) bool { return slices.Contains(siblings, row.Key) })
	if len(rows) != 1 {
		return 0, nil
	}
	return rows[0].ID, nil
}
