package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/digest"
)

// Section is a named part of issues that readers can switch on or off.
type Section struct {
	ID    int64
	Key   string // digest.Section.Key
	Name  string // as the newest issue that has it writes it
	Emoji string
}

// Switch is a section with a subscriber's choice.
type Switch struct {
	Section
	Muted bool
}

// Switches returns the sections a subscriber can switch: those of the newest
// issue in its order, then those the subscriber has muted, by name.
func (s *Store) Switches(ctx context.Context, subscriber int64) ([]Switch, error) {
	switches, err := collect(ctx, s.reads, func(rows *sql.Rows) (w Switch, err error) {
		return w, rows.Scan(&w.ID, &w.Key, &w.Name, &w.Emoji, &w.Muted)
	}, `
		WITH newest AS (
			SELECT section_id, position
			FROM issue_sections
			WHERE issue_id = (`+newestIssue+`)
		)
		SELECT s.id, s.key, s.name, s.emoji, m.section_id IS NOT NULL
		FROM sections s
		LEFT JOIN newest n ON n.section_id = s.id
		LEFT JOIN muted_sections m ON m.section_id = s.id AND m.subscriber_id = ?
		WHERE n.section_id IS NOT NULL OR m.section_id IS NOT NULL
		ORDER BY n.position IS NULL, n.position, s.name`, subscriber)
	if err != nil {
		return nil, fmt.Errorf("read sections of subscriber %d: %w", subscriber, err)
	}
	return switches, nil
}

// SetMuted switches one section off (muted) or on for a subscriber. It fails
// with ErrNotFound when there is no such section or subscriber.
func (s *Store) SetMuted(ctx context.Context, subscriber, section int64, muted bool) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		var known bool
		err := tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM sections WHERE id = ?)
				AND EXISTS (SELECT 1 FROM subscribers WHERE id = ?)`, section, subscriber).Scan(&known)
		if err != nil {
			return err
		}
		if !known {
			return ErrNotFound
		}
		return setMuted(ctx, tx, subscriber, section, muted)
	})
	if err != nil {
		return fmt.Errorf("mute section %d for subscriber %d: %w", section, subscriber, err)
	}
	return nil
}

func setMuted(ctx context.Context, tx *sql.Tx, subscriber, section int64, muted bool) error {
	statement := "DELETE FROM muted_sections WHERE subscriber_id = ? AND section_id = ?"
	if muted {
		statement = "INSERT OR IGNORE INTO muted_sections (subscriber_id, section_id) VALUES (?, ?)"
	}
	_, err := tx.ExecContext(ctx, statement, subscriber, section)
	return err
}

// SetAllMuted switches all sections that Switches returns off or on.
func (s *Store) SetAllMuted(ctx context.Context, subscriber int64, muted bool) error {
	switches, err := s.Switches(ctx, subscriber)
	if err != nil {
		return err
	}
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		for _, w := range switches {
			if err := setMuted(ctx, tx, subscriber, w.ID, muted); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("mute all sections for subscriber %d: %w", subscriber, err)
	}
	return nil
}

// saveSections makes sure every section of an issue has a row, and returns
// their ids in the order of the issue. Names follow the newest document.
func saveSections(ctx context.Context, tx *sql.Tx, sections []digest.Section) ([]int64, error) {
	ids := make([]int64, len(sections))
	for i, section := range sections {
		err := tx.QueryRowContext(ctx, `
			INSERT INTO sections (key, name, emoji)
			VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET name = excluded.name, emoji = excluded.emoji
			RETURNING id`, section.Key, section.Name, section.Emoji).Scan(&ids[i])
		if err != nil {
			return nil, fmt.Errorf("save section %q: %w", section.Name, err)
		}
	}
	return ids, nil
}
