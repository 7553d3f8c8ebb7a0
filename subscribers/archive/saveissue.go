package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
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
	return a.SaveIssueAnd(ctx, issue, Origin{Name: name, Document: document}, nil)
}

// Origin is where an issue comes from.
type Origin struct {
	Name     string // of the document
	Document []byte
	// Replaces says that the issue takes the place of the one under its key, even if that
	// has another title and another date.
	Replaces bool
	// Repeatable says that a loss of power may undo it, because the document is still where
	// it was found, and what is there is saved again.
	Repeatable bool
	// Rendered is the issue rendered beforehand; nil: it is rendered when that is needed.
	Rendered *Rendered
}

// SaveIssueAnd is SaveIssue that does something else in the same transaction; nil: nothing.
// An error of that undoes all. It may be called more than once.
func (a *Archive) SaveIssueAnd(ctx context.Context, issue *digest.Issue, from Origin, also func(tx *sql.Tx, row Issue, saved Saved) error) (Issue, Saved, error) {
	var row Issue
	var saved Saved
	likely, err := a.likelyEdition(ctx, issue, from.Rendered)
	if err != nil {
		return Issue{}, "", fmt.Errorf("save issue %s from %s: %w", issue.Key, from.Name, err)
	}
	write := a.db.Write
	if from.Repeatable {
		write = a.db.WriteUnsynced
	}
	err = a.writeRendered(ctx, write, likely, func(tx *sql.Tx, e *edition) (err error) {
		row, saved, err = saveIssue(ctx, tx, issue, source{Origin: from, edition: e})
		if err == nil && also != nil {
			err = also(tx, row, saved)
		}
		return err
	})
	if err != nil {
		return Issue{}, "", fmt.Errorf("save issue %s from %s: %w", issue.Key, from.Name, err)
	}
	return row, saved, nil
}

// Rehearsal is what the archive would have if an issue were saved.
type Rehearsal struct {
	Issue    Issue // its id is that of no issue, or of the one that would be corrected
	Saved    Saved
	Messages []Message // the ids of sections that the archive does not have yet mean nothing
}

// errRehearsed undoes a rehearsal.
var errRehearsed = errors.New("it was a rehearsal")

// Rehearse returns what SaveIssueAnd would make of an issue, and changes nothing.
func (a *Archive) Rehearse(ctx context.Context, issue *digest.Issue, from Origin) (r Rehearsal, err error) {
	_, _, err = a.SaveIssueAnd(ctx, issue, from, func(tx *sql.Tx, row Issue, saved Saved) (err error) {
		r = Rehearsal{Issue: row, Saved: saved}
		if r.Messages, err = a.messages(ctx, tx, row.ID, row.Edition); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return r, err
}

// source is where an issue came from and what is made of it.
type source struct {
	Origin
	edition *edition
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
	case bytes.Equal(document, src.Document):
		if name != src.Name { // it was renamed, and has to be found by its new name
			if _, err := tx.ExecContext(ctx, "UPDATE issues SET document_name = ? WHERE id = ?", src.Name, id); err != nil {
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
	if !src.Replaces && before.Title != issue.Title && !before.Date.Equal(issue.Date) {
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
		issue.Key, issue.Number, issue.Title, DateOf(issue).Format(time.DateOnly), src.Name, src.Document, src.edition.encoded, time.Now().Unix()))
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
		issue.Number, issue.Title, date, src.Name, src.Document, src.edition.encoded, time.Now().Unix(), id))
	if err != nil {
		return Issue{}, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM issue_sections WHERE issue_id = ?", id); err != nil {
		return Issue{}, err
	}
	return row, src.edition.save(ctx, tx, row, issue, before)
}
