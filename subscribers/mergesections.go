package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/archive"
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

// Merging is what MergeSections does, or has done.
type Merging struct {
	From, Into archive.CountedSection
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
	m.From, m.Into, m.Done, err = archive.FindMerging(ctx, q, from, into)
	if err != nil || m.Done {
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
// readers' choices and for the headings of future issues, and records who
// did. It changes nothing if that was done before. See PlanMerging for its
// errors.
func (s *Store) MergeSections(ctx context.Context, by Actor, from, into int64) (m Merging, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		if m, err = planMerging(ctx, tx, from, into); err != nil || m.Done {
			return err
		}
		for _, step := range mergeChoices {
			if _, err := tx.ExecContext(ctx, step, from, into); err != nil {
				return err
			}
		}
		if err := archive.MergeSections(ctx, tx, from, into); err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedMerge, On: Subject{Section: from}, Facts: Facts{From: m.From.Name, To: m.Into.Name}})
	})
	if err != nil {
		return Merging{}, fmt.Errorf("merge section %d into %d: %w", from, into, err)
	}
	return m, nil
}

// mergeChoices are the steps that make what subscribers have chosen for section ?1
// their choice for section ?2.
var mergeChoices = []string{
	`INSERT OR IGNORE INTO muted_sections (subscriber_id, section_id)
		SELECT subscriber_id, ?2
		FROM muted_sections
		WHERE section_id = ?1`,
	"DELETE FROM muted_sections WHERE section_id = ?1 AND ?1 <> ?2",
	"UPDATE OR IGNORE section_topics SET section_id = ?2 WHERE section_id = ?1",
	"DELETE FROM section_topics WHERE section_id = ?1 AND ?1 <> ?2", // a group with topics for both keeps one
}
