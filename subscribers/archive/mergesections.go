package archive

import (
	"context"
	"database/sql"
	"errors"

	"digestbot/subscribers/database"
)

// FindMerging returns the sections of which one is to become part of the other. done is
// true if it was merged into it before; then from has only its name. The error is
// ErrNotFound if one of the sections is not there, or not any more, or ErrSameSection.
func FindMerging(ctx context.Context, q database.Queryer, fromID, intoID int64) (from, into CountedSection, done bool, err error) {
	if fromID == intoID {
		return from, into, false, ErrSameSection
	}
	find := func(id int64) (CountedSection, error) {
		c, err := scanCountedSection(q.QueryRowContext(ctx, countedSections+" AND s.id = ? GROUP BY s.id", id))
		return c, database.NotFound(err)
	}
	if into, err = find(intoID); err != nil {
		return from, into, false, err
	}
	from, err = find(fromID)
	if !errors.Is(err, database.ErrNotFound) {
		return from, into, false, err
	}
	err = q.QueryRowContext(ctx, "SELECT id, key, name, emoji FROM sections WHERE id = ? AND merged_into = ?", fromID, intoID).
		Scan(&from.ID, &from.Key, &from.Name, &from.Emoji)
	return from, into, true, database.NotFound(err)
}

// mergeSteps make section ?1 part of section ?2.
var mergeSteps = []string{
	"UPDATE issue_sections SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE messages SET section_id = ?2 WHERE section_id = ?1",
	"UPDATE sections SET merged_into = ?2 WHERE ?1 IN (id, merged_into)",
	// Whoever remembers what is in the archive notices it by the newest revision.
	"UPDATE searchable SET revision = (SELECT max(revision) + 1 FROM searchable) WHERE issue_id = (SELECT max(issue_id) FROM searchable)",
}

// MergeSections makes a section part of another, in all issues and for the headings of
// future ones. What else is kept for the section is the caller's to change.
func MergeSections(ctx context.Context, tx *sql.Tx, from, into int64) error {
	for _, step := range mergeSteps {
		if _, err := tx.ExecContext(ctx, step, from, into); err != nil {
			return err
		}
	}
	return nil
}
