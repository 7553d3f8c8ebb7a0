package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/subscribers/database"
	"digestbot/subscribers/search"
)

// Item is an item of an issue in the archive.
type Item struct {
	ID        int64 // until the issue is corrected
	Issue     Issue
	Position  int    // in this edition of the issue, see OpenItem
	Section   string // name of its section as the issue writes it; empty: the issue has no sections
	SectionID int64  // 0: there is no section, or it has another name by now
	Title     string // in one line; empty: an untitled item
	Text      string // of the body, without markup
	Link      string // http(s) address of what it is about; empty: none
}

// item returns an item by its id, or ErrNotFound.
func (a *Archive) item(ctx context.Context, id int64) (item Item, err error) {
	row := a.reads.QueryRowContext(ctx, `
		SELECT i.id, i.position, i.section, i.title, i.text, i.link, n.id, n.key, coalesce(n.number, 0), n.title, n.published_on, n.edition,
			n.id IN `+WithdrawnSQL+`, n.id IN `+HeldSQL+`
		FROM items i
		JOIN issues n ON n.id = i.issue_id
		WHERE i.id = ?`, id)
	item.Issue, err = scanIssue(leading{row, []any{&item.ID, &item.Position, &item.Section, &item.Title, &item.Text, &item.Link}})
	if err != nil {
		return item, err
	}
	item.SectionID, err = sectionOf(ctx, a.reads, digest.SectionKey(item.Section))
	return item, err
}

// leading scans columns that come before those of another scan.
type leading struct {
	row   *sql.Row
	first []any
}

func (l leading) Scan(rest ...any) error { return l.row.Scan(append(l.first, rest...)...) }

// itemRow is an item as the database has it.
type itemRow struct{ section, title, text, link, titleFold, textFold string }

// entry is an item of an issue that searches can find.
type entry struct {
	section     int // position of its section in the issue
	item        digest.Item
	title, text string // as in Item
}

// entriesOf returns the items of an issue that have a title or a text. An item's position
// is that among them.
func entriesOf(issue *digest.Issue) (all []entry) {
	for n := range issue.Sections {
		for _, found := range itemsOf(&issue.Sections[n]) {
			e := entry{section: n, item: found, text: bounded(found.Text())}
			if len(found.Title) > 0 {
				e.title = bounded(found.Headline())
			}
			if e.title != "" || e.text != "" {
				all = append(all, e)
			}
		}
	}
	return all
}

// itemRows returns the rows of an issue's entries.
func itemRows(issue *digest.Issue) (all []itemRow) {
	for _, e := range entriesOf(issue) {
		all = append(all, itemRow{
			issue.Sections[e.section].Name, e.title, e.text, linkOf(e.item), search.Fold(e.title), search.Fold(e.text),
		})
	}
	return all
}

// WholeItem is an item with all that is in it.
type WholeItem struct {
	digest.Item
	Section   string // as in Item
	SectionID int64
}

// OpenItem returns the item at a position of an edition of an issue. The error is
// ErrNotFound if the issue has another edition by now, or no such item.
func (a *Archive) OpenItem(ctx context.Context, issue int64, edition, position int) (WholeItem, error) {
	item, err := a.openItem(ctx, issue, edition, position)
	if err != nil {
		return item, fmt.Errorf("open item %d of issue %d: %w", position, issue, database.NotFound(err))
	}
	return item, nil
}

func (a *Archive) openItem(ctx context.Context, issue int64, edition, position int) (w WholeItem, err error) {
	var encoded []byte
	err = a.reads.QueryRowContext(ctx, "SELECT digest FROM issues WHERE id = ? AND edition = ?", issue, edition).Scan(&encoded)
	if err != nil {
		return w, err
	}
	var whole digest.Issue
	if err := json.Unmarshal(encoded, &whole); err != nil {
		return w, err
	}
	entries := entriesOf(&whole)
	if position < 0 || position >= len(entries) {
		return w, database.ErrNotFound
	}
	e := entries[position]
	w.Item, w.Section = e.item, whole.Sections[e.section].Name
	err = a.reads.QueryRowContext(ctx, "SELECT section_id FROM issue_sections WHERE issue_id = ? AND position = ?", issue, e.section).Scan(&w.SectionID)
	return w, err
}

// saveItems makes the items of an issue those of an edition, its newest.
func saveItems(ctx context.Context, tx *sql.Tx, id int64, edition int, items []itemRow) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE issue_id = ?", id); err != nil {
		return err
	}
	for position, i := range items {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO items (issue_id, position, section, title, text, link, title_fold, text_fold)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, position, i.section, i.title, i.text, i.link, i.titleFold, i.textFold); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO searchable (issue_id, edition, revision)
		VALUES (?, ?, (SELECT coalesce(max(revision), 0) + 1 FROM searchable))
		ON CONFLICT (issue_id) DO UPDATE SET edition = excluded.edition, revision = excluded.revision`, id, edition)
	return err
}

// maxItemText is how much of an item is searched and shown, in bytes. A longer item
// comes from a document that was not understood.
const maxItemText = 256 << 10

func bounded(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxItemText)], "")
}

// itemsOf returns everything that can be found in a section, in its order: its items,
// and the text around them as items without a title.
func itemsOf(section *digest.Section) []digest.Item {
	items := []digest.Item{{Body: section.Intro}}
	for _, item := range section.Items {
		items = append(items, digest.Item{Body: item.Lead}, item)
	}
	return append(items, digest.Item{Body: section.Outro})
}

// linkOf returns the address of what an item is about: the first in its title or text;
// empty: there is none. What an untitled item with several is about is not known.
func linkOf(item digest.Item) string {
	links := item.Links()
	if len(links) == 0 || len(links) > 1 && len(item.Title) == 0 {
		return ""
	}
	if !utf8.ValidString(links[0]) || strings.ContainsFunc(links[0], unicode.IsControl) {
		return ""
	}
	return links[0]
}

// fillItems saves the items of issues that were archived by a version without them.
func (a *Archive) fillItems(ctx context.Context) error {
	type unread struct {
		id      int64
		edition int
		items   []itemRow
	}
	all, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (u unread, err error) {
		var encoded []byte
		if err := rows.Scan(&u.id, &u.edition, &encoded); err != nil {
			return u, err
		}
		var issue digest.Issue
		if err := json.Unmarshal(encoded, &issue); err != nil {
			return u, fmt.Errorf("read items of issue %d: %w", u.id, err)
		}
		u.items = itemRows(&issue)
		return u, nil
	}, "SELECT id, edition, digest FROM issues WHERE (id, edition) NOT IN (SELECT issue_id, edition FROM searchable)")
	if err != nil || len(all) == 0 {
		return err
	}
	return a.db.Write(ctx, func(tx *sql.Tx) error {
		for _, u := range all {
			var current bool // else another process has just corrected the issue, and saved its items
			if err := tx.QueryRowContext(ctx, "SELECT edition = ? FROM issues WHERE id = ?", u.edition, u.id).Scan(&current); err != nil {
				return err
			}
			if !current {
				continue
			}
			if err := saveItems(ctx, tx, u.id, u.edition, u.items); err != nil {
				return fmt.Errorf("save items of issue %d: %w", u.id, err)
			}
		}
		return nil
	})
}
