package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// Headings that are in one issue only, such as the title of a week's essay, would
// each leave a switch behind that nobody needs again. They share one, "Other". A
// section is one-off if exactly one issue has it and the archive has another issue.
// So
//
//   - while the archive has a single issue, nothing is one-off: only that issue
//     shows readers what there is to choose from;
//   - a section that comes a second time is not one-off any more, and has a switch
//     of its own from then on, which is on; readers who switched Other off get it;
//   - a new section that will come every week is one-off in its first issue;
//   - a correction that takes a heading out of all issues but one makes it
//     one-off, and merging sections can end that.
//
// A reader who muted a section by its own switch keeps it muted when it becomes
// one-off, and keeps the switch. Switched on, it is like the other one-off sections:
// it arrives unless Other is off.

// oneOff is true if the section whose id is in that column is one-off.
func oneOff(section string) string {
	return `(
		(SELECT count(DISTINCT o.issue_id) FROM issue_sections o WHERE o.section_id = ` + section + `) = 1
		AND (SELECT count(*) FROM issues) > 1)`
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

// Mutes reports whether the recipient does not want a message of an issue.
func (r Recipient) Mutes(m Message) bool {
	return r.Muted[m.SectionID] || m.OneOff && r.MutesOther
}
