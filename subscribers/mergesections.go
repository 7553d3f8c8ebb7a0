package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"digestbot/subscribers/database"
)

// When a section is renamed, an admin merges the old one into the new one, and
// they are one from then on: in the archive, for readers, and in future issues with
// either heading. What readers get follows from their own choices:
//
//   - A reader who had muted one of the two has the merged section muted. That
//     reader did not want it, and one tap brings it back; a section that was switched
//     off must not come. This is also true if the old one was muted before the new
//     one existed.
//   - A reader who had muted neither gets it.
//   - Whether the switch Other is for the merged section is decided as for any: if
//     two one-off sections become one that two issues have, it gets its own switch,
//     which is on.
//
// The merged section keeps the new name. Merging cannot be undone.

// ArchivedSection is a section with the number of issues that have it.
type ArchivedSection struct {
	Section
	Issues int // 0: a correction took it out of the last
}

// archivedSections selects sections, each with the number of its issues. newest is
// the age of the newest of these; the newest issue of the archive has age 1.
const archivedSections = `
	WITH ages AS (
		SELECT id AS issue, row_number() OVER (ORDER BY published_on DESC, number DESC, id DESC) AS age
		FROM issues
	)
	SELECT s.id, s.key, s.name, s.emoji, count(DISTINCT o.issue_id), min(age) AS newest, o.position
	FROM sections s
	LEFT JOIN issue_sections o ON o.section_id = s.id
	LEFT JOIN ages ON issue = o.issue_id
	WHERE s.merged_into IS NULL`

func scanArchivedSection(row interface{ Scan(...any) error }) (a ArchivedSection, err error) {
	var newest, position sql.NullInt64
	return a, row.Scan(&a.ID, &a.Key, &a.Name, &a.Emoji, &a.Issues, &newest, &position)
}

// ArchivedSections returns all sections: those of the newest issue in its order, then
// those of the issue before, and so on. Sections that were merged into another one are
// left out.
func (s *Store) ArchivedSections(ctx context.Context) ([]ArchivedSection, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (ArchivedSection, error) {
		return scanArchivedSection(rows)
	}, archivedSections+`
		GROUP BY s.id
		ORDER BY newest IS NULL, newest, o.position, s.name, s.id`) // the position is that of the minimum: sqlite.org/lang_select.html#bareagg
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", err)
	}
	return all, nil
}

// Merging is what MergeSections does, or has done.
type Merging struct {
	From, Into ArchivedSection
	// FromOnly counts the subscribers that have muted From and not Into,
	// IntoOnly the reverse: for them something changes.
	FromOnly, IntoOnly int
	Done               bool // From was merged into Into before; the rest is zero except for the names
}

// PlanMerging returns what MergeSections would do. It fails with ErrNotFound if one
// of the sections is not there, or not any more, and with ErrSameSection.
func (s *Store) PlanMerging(ctx context.Context, from, into int64) (Merging, error) {
	m, err := planMerging(ctx, s.reads, from, into)
	if err != nil {
		return Merging{}, fmt.Errorf("plan merging section %d into %d: %w", from, into, err)
	}
	return m, nil
}

func planMerging(ctx context.Context, q database.Queryer, from, into int64) (m Merging, err error) {
	if from == into {
		return m, ErrSameSection
	}
	find := func(id int64) (ArchivedSection, error) {
		a, err := scanArchivedSection(q.QueryRowContext(ctx, archivedSections+" AND s.id = ? GROUP BY s.id", id))
		return a, database.NotFound(err)
	}
	if m.Into, err = find(into); err != nil {
		return m, err
	}
	m.From, err = find(from)
	if errors.Is(err, ErrNotFound) {
		m.Done = true
		err = q.QueryRowContext(ctx, "SELECT id, key, name, emoji FROM sections WHERE id = ? AND merged_into = ?", from, into).
			Scan(&m.From.ID, &m.From.Key, &m.From.Name, &m.From.Emoji)
		return m, database.NotFound(err)
	}
	if err != nil {
		return m, err
	}
	err = q.QueryRowContext(ctx, `
		WITH muters AS (
			SELECT max(section_id = ?1) AS of_from, max(section_id = ?2) AS of_into
			FROM muted_sections
			WHERE section_id IN (?1, ?2)
			GROUP BY subscriber_id
		)
		SELECT count(*) FILTER (WHERE NOT of_into), count(*) FILTER (WHERE NOT of_from)
		FROM muters`, from, into).Scan(&m.FromOnly, &m.IntoOnly)
	return m, err
}

// MergeSections makes one section part of another, in the archive, in the
// readers' choices and for the headings of future issues, and records that the
// admin did. It changes nothing if that was done before. See PlanMerging for its
// errors.
func (s *Store) MergeSections(ctx context.Context, admin, from, into int64) (m Merging, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		if m, err = planMerging(ctx, tx, from, into); err != nil || m.Done {
			return err
		}
		if err := mergeSections(ctx, tx, from, into); err != nil {
			return err
		}
		return audit(ctx, tx, admin, "merge sections", fmt.Sprintf("section %d %q into %d %q", from, m.From.Name, into, m.Into.Name))
	})
	if err != nil {
		return Merging{}, fmt.Errorf("merge section %d into %d: %w", from, into, err)
	}
	return m, nil
}

// mergeSteps make section ?1 part of section ?2. A test checks that every table with
// sections is among them.
var mergeSteps = []string{
	`INSERT OR IGNORE INTO muted_sections (subscriber_id, section_id)
		SELECT subscriber_id, ?2
		FROM muted_sections
		WHERE section_id = ?1`,
	"DELETE FROM muted_sections WHERE section_id = ?1 AND ?1 <> ?2",
	"UPDATE issue_sections SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE messages SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE OR IGNORE section_topics SET section_id = ?2 WHERE section_id = ?1",
	"DELETE FROM section_topics WHERE section_id = ?1 AND ?1 <> ?2", // a group with topics for both keeps one
	"UPDATE sections SET merged_into = ?2 WHERE ?1 IN (id, merged_into)",
}

func mergeSections(ctx context.Context, tx *sql.Tx, from, into int64) error {
	for _, step := range mergeSteps {
		if _, err := tx.ExecContext(ctx, step, from, into); err != nil {
			return err
		}
	}
	return nil
}
