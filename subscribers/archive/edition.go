package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"

	"digestbot/digest"
)

// An issue is encoded and rendered outside of the transaction that archives it,
// because that takes long and all other writes would wait. But only the transaction
// knows the date of the issue and which of its sections are new, and both are
// rendered. So the transaction is undone if the issue is not rendered that way, and
// runs again when it is.

// edition is an issue as it is to be archived, with all that is made of it.
type edition struct {
	issue    *digest.Issue // nil: nothing is made yet
	encoded  []byte        // JSON; never nil, for the column takes no NULL
	messages []digest.Message
	items    []itemRow
}

// errNotRendered undoes a transaction until its issue is rendered.
var errNotRendered = errors.New("the issue is not rendered yet")

// writeEdition is write for a function that archives an edition of an issue. The
// function calls e.expect with the issue before it returns.
func (a *Archive) writeEdition(ctx context.Context, f func(tx *sql.Tx, e *edition) error) error {
	return a.writeRendered(ctx, a.db.Write, &edition{encoded: []byte{}}, f)
}

// writeRendered is writeEdition that begins with an edition, and writes with write, which is
// such as that of the database.
func (a *Archive) writeRendered(ctx context.Context, write func(context.Context, func(*sql.Tx) error) error, e *edition, f func(tx *sql.Tx, e *edition) error) error {
	for {
		err := write(ctx, func(tx *sql.Tx) error { return f(tx, e) })
		if !errors.Is(err, errNotRendered) {
			return err
		}
		if err := e.render(); err != nil {
			return err
		}
	}
}

// Rendered is an issue with all that is made of it. Rendering takes as long as reading the
// document, and can be done while another issue is saved.
type Rendered struct{ edition edition }

// Render renders an issue for SaveIssueAnd. The issue must not be changed afterwards.
func Render(issue *digest.Issue) (*Rendered, error) {
	r := &Rendered{edition{issue: issue}}
	return r, r.edition.render()
}

// Is reports whether it is that very issue.
func (r *Rendered) Is(issue *digest.Issue) bool { return r.edition.issue == issue }

// likelyEdition returns the edition that an issue probably has: itself, if it is new.
// Rendered beforehand, it spares a transaction that would be undone.
func (a *Archive) likelyEdition(ctx context.Context, issue *digest.Issue, rendered *Rendered) (*edition, error) {
	if rendered != nil && rendered.Is(issue) {
		e := rendered.edition
		return &e, nil
	}
	e := &edition{encoded: []byte{}}
	var known bool
	err := a.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM issues WHERE key = ?)", issue.Key).Scan(&known)
	if err != nil || known {
		return e, err
	}
	e.issue = issue
	return e, e.render()
}

// expect fails with errNotRendered unless the edition is that of the issue.
func (e *edition) expect(issue *digest.Issue) error {
	if reflect.DeepEqual(e.issue, issue) {
		return nil
	}
	e.issue = issue
	return errNotRendered
}

func (e *edition) render() (err error) {
	e.messages, e.items = e.issue.Messages(), itemRows(e.issue)
	e.encoded, err = json.Marshal(e.issue)
	return err
}

// save writes what the edition of an issue consists of: its sections, messages and
// items. before is what the issue was until it was corrected; nil: it is new.
func (e *edition) save(ctx context.Context, tx *sql.Tx, row Issue, issue, before *digest.Issue) error {
	ids, err := saveSections(ctx, tx, issue.Sections)
	if err != nil {
		return err
	}
	if issue, err = markNew(ctx, tx, row, issue, ids, before); err != nil {
		return err
	}
	if err := e.expect(issue); err != nil {
		return err
	}
	byKey := make(map[string]int64)
	for position, id := range ids {
		byKey[issue.Sections[position].Key] = id
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO issue_sections (issue_id, position, section_id)
			VALUES (?, ?, ?)`, row.ID, position, id); err != nil {
			return err
		}
	}
	for position, m := range e.messages {
		var section any // NULL: the cover
		if !m.Cover {
			section = byKey[m.Section]
		}
		list, err := encode(m.List)
		if err != nil {
			return err
		}
		items, err := encode(m.Items)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO messages (issue_id, edition, position, section_id, html, plain, image, headlines, rich, cover_list, untitled, share, items)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			row.ID, row.Edition, position, section, m.HTML, m.Plain, m.Image, m.Headlines, m.Rich, list, m.Untitled, m.Share, items); err != nil {
			return err
		}
	}
	return saveItems(ctx, tx, row.ID, row.Edition, e.items)
}

// encode writes for the database where a cover names sections, or a message has items; "":
// nowhere.
func encode(where interface{ IsZero() bool }) (string, error) {
	if where.IsZero() {
		return "", nil
	}
	text, err := json.Marshal(where)
	return string(text), err
}

// decodeList reads what encode wrote of a cover.
func decodeList(text string) (list digest.CoverList, err error) {
	if text == "" {
		return list, nil
	}
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}
