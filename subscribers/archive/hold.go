package archive

import (
	"context"
	"database/sql"
	"time"

	"digestbot/subscribers/database"
)

// A held issue was found in a source and waits until an admin approves it. Until then
// readers neither see it nor get it. Admins find it by its name.

const (
	// HeldSQL are the ids of the issues that are held.
	HeldSQL = "(SELECT issue_id FROM held_issues)"
	// held is true for an issue that is.
	held = "id IN " + HeldSQL
	// hidden is true for an issue that somebody keeps from readers.
	hidden = "(" + withdrawn + " OR " + held + ")"
)

// Hold keeps an issue from readers until it is approved.
func Hold(ctx context.Context, tx *sql.Tx, issue int64) error {
	_, _, err := changeHidden(ctx, tx, issue, "INSERT OR IGNORE INTO held_issues (issue_id, held_at) VALUES (?, ?)", issue, time.Now().Unix())
	return err
}

// Approve undoes Hold. changed is false if the issue was not held. The error is
// ErrNotFound if there is no such issue.
func Approve(ctx context.Context, tx *sql.Tx, issue int64) (row Issue, changed bool, err error) {
	return changeHidden(ctx, tx, issue, "DELETE FROM held_issues WHERE issue_id = ?", issue)
}

// ArchiveOnlySQL are the ids of the issues that the schedule does not send by itself: they were
// in a source of which new issues wait for approval before the bot was, and nobody has
// approved them.
const ArchiveOnlySQL = "(SELECT issue_id FROM archive_only)"

// KeepAsArchive keeps the schedule from sending an issue. Readers find it.
func KeepAsArchive(ctx context.Context, tx *sql.Tx, issue int64) error {
	_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO archive_only (issue_id) VALUES (?)", issue)
	return err
}

// CheckNotHeld fails with ErrHeld if an issue is held.
func CheckNotHeld(ctx context.Context, q database.Queryer, issue int64) error {
	var isHeld bool
	err := q.QueryRowContext(ctx, "SELECT ? IN "+HeldSQL, issue).Scan(&isHeld)
	if err == nil && isHeld {
		err = ErrHeld
	}
	return err
}

// IsNewer reports whether an issue is newer than another one.
func IsNewer(ctx context.Context, q database.Queryer, issue, than int64) (newer bool, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT (SELECT published_on, coalesce(number, 0), id FROM issues WHERE id = ?1)
			> (SELECT published_on, coalesce(number, 0), id FROM issues WHERE id = ?2)`, issue, than).Scan(&newer)
	return newer, err
}

// HeldNewestSQL selects the id of the newest held issue if it is newer than all that
// readers are shown.
func HeldNewestSQL() string {
	return `SELECT id FROM issues
		WHERE ` + held + ` AND NOT ` + AheadSQL("published_on") + `
			AND NOT EXISTS (
				SELECT 1
				FROM issues shown
				WHERE shown.id = (` + NewestSQL() + `)
					AND (shown.published_on, coalesce(shown.number, 0), shown.id) > (issues.published_on, coalesce(issues.number, 0), issues.id))
		` + newestFirst + ` LIMIT 1`
}

// Held is an issue that waits for approval.
type Held struct {
	Issue
	Since       time.Time // when it was found
	RemindedFor time.Time // the last run of the schedule before which admins were reminded; zero: none
	Reminders   int       // how often before that run
}

// HeldNewest returns the issue that the next run would send if it were approved, or
// ErrNotFound.
func (a *Archive) HeldNewest(ctx context.Context) (h Held, err error) {
	if h.Issue, err = findIssue(ctx, a.reads, "id = ("+HeldNewestSQL()+")"); err != nil {
		return Held{}, err
	}
	var since, run int64
	err = a.reads.QueryRowContext(ctx, "SELECT held_at, reminded_for, reminders FROM held_issues WHERE issue_id = ?", h.ID).
		Scan(&since, &run, &h.Reminders)
	if h.Since = time.Unix(since, 0); run != 0 {
		h.RemindedFor = time.Unix(run, 0)
	}
	return h, database.NotFound(err)
}

// NoteReminder notes that admins were reminded of an issue before a run so many times.
func (a *Archive) NoteReminder(ctx context.Context, issue int64, run time.Time, reminders int) error {
	_, err := database.Exec(ctx, a.db.Write, "UPDATE held_issues SET reminded_for = ?, reminders = ? WHERE issue_id = ?", run.Unix(), reminders, issue)
	return err
}
