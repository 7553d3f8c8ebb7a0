package subscribers

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/subscribers/search"
)

// Item is an item of an issue in the archive.
type Item struct {
	ID      int64 // until the issue is corrected
	Issue   Issue
	Section string // name of its section as the issue writes it; empty: the issue has no sections
	Title   string // in one line; empty: an untitled item
	Text    string // of the body, without markup
	Link    string // http(s) address of what it is about; empty: none
}

// item returns an item by its id, or ErrNotFound.
func (s *Store) item(ctx context.Context, id int64) (item Item, err error) {
	row := s.reads.QueryRowContext(ctx, `
		SELECT i.id, i.section, i.title, i.text, i.link, n.id, n.key, coalesce(n.number, 0), n.title, n.published_on, n.edition,
			n.id IN `+withdrawnIDs+`
		FROM items i
		JOIN issues n ON n.id = i.issue_id
		WHERE i.id = ?`, id)
	item.Issue, err = scanIssue(leading{row, []any{&item.ID, &item.Section, &item.Title, &item.Text, &item.Link}})
	return item, err
}

// leading scans columns in front of those that another scan asks for.
type leading struct {
	row   *sql.Row
	first []any
}

func (l leading) Scan(rest ...any) error { return l.row.Scan(append(l.first, rest...)...) }

// saveItems makes the items of an issue those of its newest edition.
func saveItems(ctx context.Context, tx *sql.Tx, id int64, edition int, issue *digest.Issue) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE issue_id = ?", id); err != nil {
		return err
	}
	position := 0
	for i := range issue.Sections {
		section := &issue.Sections[i]
		for _, found := range itemsOf(section) {
			title, text := "", bounded(found.Text())
			if len(found.Title) > 0 {
				title = bounded(found.Headline())
			}
			if title == "" && text == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO items (issue_id, position, section, title, text, link, title_fold, text_fold)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				id, position, section.Name, title, text, linkOf(found), search.Fold(title), search.Fold(text)); err != nil {
				return err
			}
			position++
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO searchable (issue_id, edition, revision)
		VALUES (?, ?, (SELECT coalesce(max(revision), 0) + 1 FROM searchable))
		ON CONFLICT (issue_id) DO UPDATE SET edition = excluded.edition, revision = excluded.revision`, id, edition)
	return err
}

// maxItemText is how much of an item is searched and shown, in bytes. One that
// is longer is a document that was not understood.
const maxItemText = 256 << 10

func bounded(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxItemText)], "")
}

// itemsOf returns everything there is to find in a section, in its order: its
// items, and what stands around them.
func itemsOf(section *digest.Section) []digest.Item {
	items := []digest.Item{{Body: section.Intro}}
	for _, item := range section.Items {
		items = append(items, digest.Item{Body: item.Lead}, item)
	}
	return append(items, digest.Item{Body: section.Outro})
}

// linkOf returns what an item is about: what its title links to, or else the
// only thing that it links to.
func linkOf(item digest.Item) string {
	title := digest.Item{Title: item.Title}
	links := title.Links()
	if len(links) == 0 {
		links = item.Links()
		if len(links) != 1 {
			return ""
		}
	}
	if !utf8.ValidString(links[0]) || strings.ContainsFunc(links[0], unicode.IsControl) {
		return ""
	}
	return links[0]
}

// fillItems reads the items of issues that were archived by a version without
// them.
func (s *Store) fillItems(ctx context.Context) error {
	const unread = "SELECT id FROM issues WHERE (id, edition) NOT IN (SELECT issue_id, edition FROM searchable)"
	var some bool
	if err := s.reads.QueryRowContext(ctx, "SELECT EXISTS ("+unread+")").Scan(&some); err != nil || !some {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		ids, err := collect(ctx, tx, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }, unread)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := fillItemsOf(ctx, tx, id); err != nil {
				return fmt.Errorf("read items of issue %d: %w", id, err)
			}
		}
		return nil
	})
}

func fillItemsOf(ctx context.Context, tx *sql.Tx, id int64) error {
	var edition int
	var parsed []byte
	if err := tx.QueryRowContext(ctx, "SELECT edition, digest FROM issues WHERE id = ?", id).Scan(&edition, &parsed); err != nil {
		return err
	}
	var issue digest.Issue
	if err := json.Unmarshal(parsed, &issue); err != nil {
		return err
	}
	return saveItems(ctx, tx, id, edition, &issue)
}
