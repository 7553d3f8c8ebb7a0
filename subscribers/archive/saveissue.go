package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// Saved says what SaveIssue did.
type Saved string

// The outcomes of SaveIssue.
const (
	Added     Saved = "added"
	Unchanged Saved = "unchanged"
	Corrected Saved = "corrected" // the archive had it with another text
)

// SaveIssue puts an issue into the archive under its key, together with the
// document it was read from. The same document again changes nothing. Another
// text under the same key corrects the issue: deliveries that have begun go on
// with the old text, later ones get the new one. It fails with ErrKeyTaken if the key
// belongs to an issue with a different title and a different date: then the two are
// not the same issue.
func (a *Archive) SaveIssue(ctx context.Context, issue *digest.Issue, name string, document []byte) (Issue, Saved, error) {
	var row Issue
	var saved Saved
	err := a.writeEdition(ctx, func(tx *sql.Tx, e *edition) (err error) {
		row, saved, err = saveIssue(ctx, tx, issue, source{name: name, document: document, edition: e})
		return err
	})
	if err != nil {
		return Issue{}, "", fmt.Errorf("save issue %s from %s: %w", issue.Key, name, err)
	}
	return row, saved, nil
}

// source is where an issue came from and what is made of it.
type source struct {
	name     string
	document []byte
	edition  *edition
}

func saveIssue(ctx context.Context, tx *sql.Tx, issue *digest.Issue, src source) (Issue, Saved, error) {
	var document, parsed []byte
	var id int64
	var name string
	err := tx.QueryRowContext(ctx, "SELECT id, document_name, document, digest FROM issues WHERE key = ?", issue.Key).
		Scan(&id, &name, &document, &parsed)
	switch err = database.NotFound(err); {
	case err == database.ErrNotFound: //nolint:errorlint // NotFound returns it bare
		row, err := insertIssue(ctx, tx, issue, src)
		return row, Added, err
	case err != nil:
		return Issue{}, "", err
	case bytes.Equal(document, src.document):
		if name != src.name { // it was renamed, and has to be found by its new name
			if _, err := tx.ExecContext(ctx, "UPDATE issues SET document_name = ? WHERE id = ?", src.name, id); err != nil {
				return Issue{}, "", err
			}
		}
		row, err := findIssue(ctx, tx, "id = ?", id)
		return row, Unchanged, err
	}
	var before digest.Issue
	if err := json.Unmarshal(parsed, &before); err != nil {
		return Issue{}, "", err
	}
	issue, err = keepDate(ctx, tx, id, issue, &before)
	if err != nil {
		return Issue{}, "", err
	}
	if before.Title != issue.Title && !before.Date.Equal(issue.Date) {
		return Issue{}, "", fmt.Errorf("%w: key %q is %q of %s, from %s; add a line \"key: …\" to the front matter of this document",
			ErrKeyTaken, issue.Key, before.Title, before.Date.Format(time.DateOnly), name)
	}
	row, err := correctIssue(ctx, tx, id, issue, &before, src)
	return row, Corrected, err
}

// DateOf returns the date under which a new issue is archived: its own, else that of
// the last change of its document, else today.
func DateOf(issue *digest.Issue) time.Time {
	now := time.Now()
	switch {
	case !issue.Date.IsZero():
		return issue.Date
	case issue.Modified.IsZero(), issue.Modified.After(now): // a clock that is ahead
		return now.UTC()
	}
	return issue.Modified.UTC()
}

func insertIssue(ctx context.Context, tx *sql.Tx, issue *digest.Issue, src source) (Issue, error) {
	row, err := scanIssue(tx.QueryRowContext(ctx, `
		INSERT INTO issues (key, number, title, published_on, document_name, document, digest, added_at)
		VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?)
		RETURNING `+issueColumns,
		issue.Key, issue.Number, issue.Title, DateOf(issue).Format(time.DateOnly), src.name, src.document, src.edition.encoded, time.Now().Unix()))
	if err != nil {
		return Issue{}, err
	}
	return row, src.edition.save(ctx, tx, row, issue, nil)
}

func correctIssue(ctx context.Context, tx *sql.Tx, id int64, issue, before *digest.Issue, src source) (Issue, error) {
	var date any // NULL: keep what is there
	if !issue.Date.IsZero() {
		date = issue.Date.Format(time.DateOnly)
	}
	row, err := scanIssue(tx.QueryRowContext(ctx, `
		UPDATE issues
		SET number = nullif(?, 0), title = ?, published_on = coalesce(?, published_on), edition = edition + 1,
			document_name = ?, document = ?, digest = ?, corrected_at = ?
		WHERE id = ?
		RETURNING `+issueColumns,
		issue.Number, issue.Title, date, src.name, src.document, src.edition.encoded, time.Now().Unix(), id))
	if err != nil {
		return Issue{}, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM issue_sections WHERE issue_id = ?", id); err != nil {
		return Issue{}, err
	}
	return row, src.edition.save(ctx, tx, row, issue, before)
}
