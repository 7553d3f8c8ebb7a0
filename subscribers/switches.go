package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Headings that are in one issue only, such as the title of a week's essay, would
// each leave a switch behind that nobody needs again. So one-off sections share one,
// "Other". See [archive.OneOffSQL] for what is one-off.
//
//   - While the archive has a single issue, each section has its switch: only that issue
//     shows readers what there is to choose from.
//   - A section that comes a second time has a switch of its own from then on, which is
//     on. Readers who switched Other off get it.
//   - A reader who muted a section by its own switch keeps it muted when it becomes
//     one-off, and keeps the switch. Switched on, it is like the other one-off sections:
//     it arrives unless Other is off.

// Switch is a section with a subscriber's choice.
type Switch struct {
	archive.Section
	Muted bool
	Other bool // stands for all one-off sections; Section is empty
}

// Switches returns the sections a subscriber can switch: those of the newest
// issue in its order, then others the subscriber has muted, by name, then the
// one for one-off sections.
func (s *Store) Switches(ctx context.Context, subscriber int64) ([]Switch, error) {
	all, err := switches(ctx, s.reads, subscriber)
	if err != nil {
		return nil, fmt.Errorf("read sections of subscriber %d: %w", subscriber, err)
	}
	return all, nil
}

func switches(ctx context.Context, q database.Queryer, subscriber int64) ([]Switch, error) {
	all, err := database.Collect(ctx, q, func(rows *sql.Rows) (w Switch, err error) {
		return w, rows.Scan(&w.ID, &w.Key, &w.Name, &w.Emoji, &w.Muted)
	}, `
		WITH newest AS (
			SELECT section_id, min(position) AS position
			FROM issue_sections
			WHERE issue_id = (`+archive.NewestSQL()+`)
			GROUP BY section_id
		)
		SELECT s.id, s.key, s.name, s.emoji, m.section_id IS NOT NULL
		FROM sections s
		LEFT JOIN newest n ON n.section_id = s.id
		LEFT JOIN muted_sections m ON m.section_id = s.id AND m.subscriber_id = ?
		WHERE m.section_id IS NOT NULL OR n.section_id IS NOT NULL AND NOT `+archive.OneOffSQL("s.id")+`
		ORDER BY n.position IS NULL, n.position, s.name`, subscriber)
	if err != nil {
		return nil, err
	}
	other, ok, err := otherSwitch(ctx, q, subscriber)
	if ok {
		all = append(all, other)
	}
	return all, err
}

// SetMuted switches one section off (muted) or on for a subscriber. If it was merged
// into another one, that one is switched. It fails with ErrNotFound if there is no
// such section or subscriber.
func (s *Store) SetMuted(ctx context.Context, subscriber, section int64, muted bool) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		var meant int64
		err := tx.QueryRowContext(ctx, `
			SELECT coalesce(merged_into, id)
			FROM sections
			WHERE id = ? AND EXISTS (SELECT 1 FROM subscribers WHERE id = ?)`, section, subscriber).Scan(&meant)
		if err != nil {
			return database.NotFound(err)
		}
		return setMuted(ctx, tx, subscriber, meant, muted)
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
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		all, err := switches(ctx, tx, subscriber)
		if err != nil {
			return err
		}
		for _, w := range all {
			if w.Other {
				err = setOtherMuted(ctx, tx, subscriber, muted)
			} else {
				err = setMuted(ctx, tx, subscriber, w.ID, muted)
			}
			if err != nil {
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

// otherSwitch returns the switch of all one-off sections. ok is false while there are
// no such sections, unless the switch is off.
func otherSwitch(ctx context.Context, q database.Queryer, subscriber int64) (w Switch, ok bool, err error) {
	w.Other = true
	err = q.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM muted_other WHERE subscriber_id = ?),
			(SELECT count(*) FROM issues) > 1 AND EXISTS (
				SELECT 1
				FROM issue_sections
				GROUP BY section_id
				HAVING count(DISTINCT issue_id) = 1)`, subscriber).Scan(&w.Muted, &ok)
	return w, ok || w.Muted, err
}

// SetOtherMuted switches all one-off sections off (muted) or on for a
// subscriber, including those of future issues. It fails with ErrNotFound if
// there is no such subscriber.
func (s *Store) SetOtherMuted(ctx context.Context, subscriber int64, muted bool) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		var known bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM subscribers WHERE id = ?)", subscriber).Scan(&known)
		if err != nil {
			return err
		}
		if !known {
			return ErrNotFound
		}
		return setOtherMuted(ctx, tx, subscriber, muted)
	})
	if err != nil {
		return fmt.Errorf("mute other sections for subscriber %d: %w", subscriber, err)
	}
	return nil
}

func setOtherMuted(ctx context.Context, tx *sql.Tx, subscriber int64, muted bool) error {
	statement := "DELETE FROM muted_other WHERE subscriber_id = ?"
	if muted {
		statement = "INSERT OR IGNORE INTO muted_other (subscriber_id) VALUES (?)"
	}
	_, err := tx.ExecContext(ctx, statement, subscriber)
	return err
}
