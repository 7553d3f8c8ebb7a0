package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// When a section is renamed, an admin merges the old one into the new one, and
// they are one from then on: in the archive, in future issues whichever of the
// two headings they have, and for readers. What readers get follows from their
// own choices:
//
//   - whoever had muted either of the two has the merged section muted. Not to
//     get something is what they asked for, and one tap brings it back; to be
//     sent what one switched off is a promise broken. That holds as well for a
//     reader who muted the old one before the new one existed.
//   - whoever had muted neither gets it.
//   - what Other switches is decided for the merged section as for any: when two
//     one-off sections become one that two issues have, it has its own switch,
//     and it is on.
//
// The name is the other's and stays so. It cannot be undone.

// ArchivedSection is a section with the number of issues that have it.
type ArchivedSection struct {
	Section
	Issues int // 0: a correction took it out of the last
}

// archivedSections selects sections, each with the number of its issues. newest
// is the age of the youngest of these, 1 for the archive's newest issue.
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

// ArchivedSections returns all sections there are: those of the newest issue in
// its order, then those of the one before, and so on. Sections that were merged
// into another are none.
func (s *Store) ArchivedSections(ctx context.Context) ([]ArchivedSection, error) {
	all, err := collect(ctx, s.reads, func(rows *sql.Rows) (ArchivedSection, error) {
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
	Done               bool // From was merged into Into before; the rest is zero but for the names
}

// PlanMerging tells what MergeSections would do. It fails with ErrNotFound when
// one of the sections is not there, or not any more, and with ErrSameSection.
func (s *Store) PlanMerging(ctx context.Context, from, into int64) (Merging, error) {
	m, err := planMerging(ctx, s.reads, from, into)
	if err != nil {
		return Merging{}, fmt.Errorf("plan merging section %d into %d: %w", from, into, err)
	}
	return m, nil
}

func planMerging(ctx context.Context, q queryer, from, into int64) (m Merging, err error) {
	if from == into {
		return m, ErrSameSection
	}
	find := func(id int64) (ArchivedSection, error) {
		a, err := scanArchivedSection(q.QueryRowContext(ctx, archivedSections+" AND s.id = ? GROUP BY s.id", id))
		return a, notFound(err)
	}
	if m.Into, err = find(into); err != nil {
		return m, err
	}
	m.From, err = find(from)
	if errors.Is(err, ErrNotFound) {
		m.Done = true
		err = q.QueryRowContext(ctx, "SELECT id, key, name, emoji FROM sections WHERE id = ? AND merged_into = ?", from, into).
			Scan(&m.From.ID, &m.From.Key, &m.From.Name, &m.From.Emoji)
		return m, notFound(err)
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
// admin did. It changes nothing when that has been done before; see
// PlanMerging for its errors.
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

// mergeSteps make section ?1 part of section ?2. A test sees to it that every
// table that names sections is among them.
var mergeSteps = []string{
	`INSERT OR IGNORE INTO muted_sections (subscriber_id, section_id)
		SELECT subscriber_id, ?2
		FROM muted_sections
		WHERE section_id = ?1`,
	"DELETE FROM muted_sections WHERE section_id = ?1 AND ?1 <> ?2",
	"UPDATE issue_sections SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE messages SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE OR IGNORE section_topics SET section_id = ?2 WHERE section_id = ?1",
	"DELETE FROM section_topics WHERE section_id = ?1 AND ?1 <> ?2", // of a group with a topic for each: one stays
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
