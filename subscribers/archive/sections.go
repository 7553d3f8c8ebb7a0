package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// Section is a named part of issues that readers can switch on or off.
type Section struct {
	ID    int64
	Key   string // digest.Section.Key
	Name  string // as the newest issue with the section writes it
	Emoji string
}

// Section returns the section with that id, or ErrNotFound.
func (a *Archive) Section(ctx context.Context, id int64) (section Section, err error) {
	err = a.reads.QueryRowContext(ctx, "SELECT id, key, name, emoji FROM sections WHERE id = ?", id).
		Scan(&section.ID, &section.Key, &section.Name, &section.Emoji)
	if err != nil {
		return Section{}, fmt.Errorf("read section %d: %w", id, database.NotFound(err))
	}
	return section, nil
}

// CountedSection is a section with the number of issues that have it.
type CountedSection struct {
	Section
	Issues int // 0: a correction took it out of the last
}

// countedSections selects sections, each with the number of its issues. newest is
// the age of the newest of these; the newest issue of the archive has age 1.
const countedSections = `
	WITH ages AS (
		SELECT id AS issue, row_number() OVER (` + newestFirst + `) AS age
		FROM issues
	)
	SELECT s.id, s.key, s.name, s.emoji, count(DISTINCT o.issue_id), min(age) AS newest, o.position
	FROM sections s
	LEFT JOIN issue_sections o ON o.section_id = s.id
	LEFT JOIN ages ON issue = o.issue_id
	WHERE s.merged_into IS NULL`

func scanCountedSection(row interface{ Scan(...any) error }) (c CountedSection, err error) {
	var newest, position sql.NullInt64
	return c, row.Scan(&c.ID, &c.Key, &c.Name, &c.Emoji, &c.Issues, &newest, &position)
}

// CountedSections returns all sections: those of the newest issue in its order, then
// those of the issue before, and so on. Sections that were merged into another one are
// left out.
func (a *Archive) CountedSections(ctx context.Context) ([]CountedSection, error) {
	all, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (CountedSection, error) {
		return scanCountedSection(rows)
	}, countedSections+`
		GROUP BY s.id
		ORDER BY newest IS NULL, newest, o.position, s.name, s.id`) // the position is that of the minimum: sqlite.org/lang_select.html#bareagg
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", err)
	}
	return all, nil
}

// saveSections makes sure that every section of an issue has a row, and returns their
// ids in the order of the issue. In place of a section that was merged into another
// one, it returns that one. Names follow the newest document.
func saveSections(ctx context.Context, tx *sql.Tx, sections []digest.Section) ([]int64, error) {
	ids := make([]int64, len(sections))
	for i, section := range sections {
		err := tx.QueryRowContext(ctx, `
			INSERT INTO sections (key, name, emoji)
			VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET name = excluded.name, emoji = excluded.emoji
			RETURNING coalesce(merged_into, id)`, section.Key, section.Name, section.Emoji).Scan(&ids[i])
		if err != nil {
			return nil, fmt.Errorf("save section %q: %w", section.Name, err)
		}
	}
	return ids, nil
}

// EnsureSection returns the id of the section with that name, or of the one that it was
// merged into. If it is not known, it is now, though no issue has it yet.
func EnsureSection(ctx context.Context, tx *sql.Tx, name string) (id int64, isNew bool, err error) {
	key := digest.SectionKey(name)
	id, err = sectionOf(ctx, tx, key)
	if err != nil || id != 0 {
		return id, false, err
	}
	plain, emoji := digest.SplitEmoji(name)
	err = tx.QueryRowContext(ctx, "INSERT INTO sections (key, name, emoji) VALUES (?, ?, ?) RETURNING id", key, cmp.Or(plain, name), emoji).Scan(&id)
	return id, true, err
}

// sectionOf returns the id of the section with a key, or of the one that it was merged
// into; 0: there is none.
func sectionOf(ctx context.Context, q database.Queryer, key string) (id int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT coalesce(merged_into, id) FROM sections WHERE key = ?", key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
