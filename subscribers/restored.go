package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// A database that was brought back from a backup does not know what was done since. So the
// program sends nothing from it by itself that may have arrived: broadcasts and revisions
// that were under way wait for an admin, and so does the schedule with each issue that is
// dated before the restore. What single readers waited for is given up; they can ask again.

// Restored is what became of a database that was brought back from a backup.
type Restored struct {
	AsOf       time.Time // nothing later is in it
	Broadcasts int       // that are paused now
	Revisions  int       // that are paused now
	Requests   int       // of readers, for issues, that are given up
	Greetings  int       // of imported subscribers, that are given up
}

// SettleRestored makes a database that was brought back from a backup made at asOf wait
// where it would repeat what was done since. If asOf is zero, it is when the database was last written.
func (s *Store) SettleRestored(ctx context.Context, asOf time.Time) (r Restored, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) (err error) {
		r = Restored{AsOf: asOf}
		if r.AsOf.IsZero() {
			if r.AsOf, err = lastWritten(ctx, tx); err != nil {
				return err
			}
		}
		why := PauseReason{Kind: PausedAfterRestore, Detail: r.AsOf.UTC().Format(time.RFC3339)}
		for _, do := range []struct {
			changed   *int
			statement string
			args      []any
		}{
			// Also what was paused: somebody may have let it go on since. A canary that is over
			// is not begun again, as when it is resumed.
			{&r.Broadcasts, `
				UPDATE broadcasts
				SET state = 'paused', reason = ?1, canary = CASE WHEN state = 'paused' AND reason = ?2 THEN 0 ELSE canary END
				WHERE state IN ('running', 'paused') AND finished_at = 0`, []any{why, PausedAfterCanary}},
			{&r.Revisions, "UPDATE revisions SET state = 'paused', reason = ? WHERE state IN ('running', 'paused') AND finished_at = 0", []any{why}},
			{&r.Requests, `
				UPDATE deliveries
				SET state = 'skipped', reason = '` + string(ReasonCancelled) + `', attempts = 0,
					uncertain = uncertain + (attempts > 0), next_message = next_message + (attempts > 0)
				WHERE broadcast_id IS NULL AND state = 'pending'`, nil},
			{&r.Greetings, "UPDATE subscribers SET greeting = 0 WHERE greeting > 0", nil},
		} {
			if *do.changed, err = database.RowsChanged(tx.ExecContext(ctx, do.statement, do.args...)); err != nil {
				return err
			}
		}
		if err := recordRestore(ctx, tx, r.AsOf); err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: Actor{User: CommandLine}, Deed: DeedRestoreBackup, Facts: Facts{From: why.Detail}})
	})
	if err != nil {
		return Restored{}, fmt.Errorf("settle what was restored: %w", err)
	}
	return r, nil
}

// recordRestore puts a restore on record among the runs of the schedule: what was due before
// is not made up for, and admins are told at the next start.
func recordRestore(ctx context.Context, tx *sql.Tx, asOf time.Time) error {
	due, err := whatIsListed(ctx, tx, time.Now())
	if err != nil {
		return err
	}
	issue := due.IssueID
	if due.Outcome != RunStarted && due.Outcome != RunAfterRestore {
		issue = 0
	}
	_, err = tx.ExecContext(ctx, `
		INSERT OR REPLACE INTO schedule_runs (scheduled_at, fired_at, outcome, issue_id, told, archive)
		VALUES (?, ?, ?, nullif(?, 0), 0, (SELECT coalesce(max(id), 0) FROM issues))`,
		now(), asOf.Unix(), RunRestored, issue)
	return err
}

// lastWritten returns when something was last written to a database, as far as that shows.
func lastWritten(ctx context.Context, tx *sql.Tx) (time.Time, error) {
	var at int64
	err := tx.QueryRowContext(ctx, `
		SELECT max(
			coalesce((SELECT max(at) FROM heartbeat), 0),
			coalesce((SELECT max(at) FROM audit), 0),
			coalesce((SELECT max(received_at) FROM updates), 0),
			coalesce((SELECT max(updated_at) FROM subscribers), 0),
			coalesce((SELECT max(max(created_at, finished_at)) FROM broadcasts), 0))`).Scan(&at)
	return fromUnix(at), err
}

// farthestZone is by how much the clocks of a place are ahead of UTC at most.
const farthestZone = 14 * time.Hour

// maybeSentBefore reports whether an issue may have been sent by the program that wrote the
// database after it was backed up, because it is dated up to the day on which the backup was brought back.
func maybeSentBefore(ctx context.Context, q database.Queryer, issue int64) (maybe bool, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT i.published_on <= date(r.scheduled_at + ?, 'unixepoch')
		FROM issues i
		JOIN schedule_runs r ON r.outcome = ?
		WHERE i.id = ?
		ORDER BY r.scheduled_at DESC
		LIMIT 1`, int(farthestZone.Seconds()), RunRestored, issue).Scan(&maybe)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return maybe, err
}
