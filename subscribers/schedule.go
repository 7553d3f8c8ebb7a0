package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// What the schedule sends depends on what was sent, never on a clock: it is the
// newest issue, unless that had its turn. Runs are recorded to know what was missed
// during downtime, and to tell admins of each once. A clock that is ahead leaves
// runs on record whose time has not come. So a run takes place when the clock comes
// to its time by itself, whatever is on record.

// RunOutcome says what a run of the schedule led to.
type RunOutcome string

// The outcomes of runs.
const (
	RunStarted    RunOutcome = "started"     // a broadcast
	RunNoIssue    RunOutcome = "no_issue"    // the archive is empty
	RunNothingNew RunOutcome = "nothing_new" // the newest issue had its turn, see hadItsTurn; its broadcast may be under way, paused or cancelled
	RunNobody     RunOutcome = "nobody"      // nobody is there to receive the newest issue
	RunMissed     RunOutcome = "missed"      // it came too late
	RunHeld       RunOutcome = "held"        // the newest issue waits for approval, and no other is to be sent
	RunUnsure     RunOutcome = "unsure"      // it is on record, but the newest issue came after that and before its time

	RunRestored     RunOutcome = "restored"      // no run: a backup was brought back then
	RunAfterRestore RunOutcome = "after_restore" // the newest issue may have been sent after that backup was made
)

// RunOutcomes are all of them.
var RunOutcomes = []RunOutcome{RunStarted, RunNoIssue, RunNothingNew, RunNobody, RunMissed, RunHeld, RunUnsure, RunAfterRestore}

// ScheduleRun is a run of the schedule as it is on record.
type ScheduleRun struct {
	Due       time.Time
	AsOf      time.Time  // of RunRestored: when the backup was made
	Outcome   RunOutcome // empty: recorded by an older version, or the creation of the database
	IssueID   int64      // the newest issue at that time; 0: there was none
	Told      bool       // admins need not be told of it; a broadcast has its own report, which leaves out issues that were passed over
	Broadcast Broadcast  // the one it started; ID 0: none
}

// RunSchedule records that the schedule fired for the time it was due, in place
// of any record of that time. It starts the broadcast of the newest issue unless
// that had its turn or would reach nobody.
func (s *Store) RunSchedule(ctx context.Context, due time.Time) (ScheduleRun, error) {
	return s.decideRun(ctx, due, runSchedule)
}

// CatchUpSchedule is RunSchedule for a run that was passed over. If the run is on
// record, the record is returned.
func (s *Store) CatchUpSchedule(ctx context.Context, due time.Time) (ScheduleRun, error) {
	return s.decideRun(ctx, due, unlessRecorded(runSchedule))
}

// GiveUpSchedule records that a run came too late to be made up for, unless it is
// on record. Admins are not told of a run that would have sent nothing.
func (s *Store) GiveUpSchedule(ctx context.Context, due time.Time) (ScheduleRun, error) {
	return s.decideRun(ctx, due, unlessRecorded(giveUpRun))
}

// beginSchedule counts the creation of the database as a run of the schedule: what was
// due before is not made up for, what is missed from now on is.
func beginSchedule(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "INSERT OR IGNORE INTO schedule_runs (scheduled_at, fired_at) VALUES (?1, ?1)", now())
	return err
}

type runDecision func(ctx context.Context, tx *sql.Tx, due time.Time) (ScheduleRun, error)

func (s *Store) decideRun(ctx context.Context, due time.Time, decide runDecision) (r ScheduleRun, err error) {
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		r, err = decide(ctx, tx, due)
		return err
	})
	if err != nil {
		return ScheduleRun{}, fmt.Errorf("run schedule of %s: %w", due.Format(time.RFC3339), err)
	}
	return r, nil
}

func runSchedule(ctx context.Context, tx *sql.Tx, due time.Time) (ScheduleRun, error) {
	r, err := whatIsDue(ctx, tx, due)
	if err != nil {
		return r, err
	}
	if r.Outcome == RunStarted {
		if r.Broadcast, err = startBroadcast(ctx, tx, r.IssueID, start{trigger: Schedule, due: due}); err != nil {
			return r, err
		}
	}
	return r, recordRun(ctx, tx, r)
}

func giveUpRun(ctx context.Context, tx *sql.Tx, due time.Time) (ScheduleRun, error) {
	r, err := whatIsDue(ctx, tx, due)
	if err != nil {
		return r, err
	}
	if r.Outcome == RunStarted {
		r.Outcome = RunMissed
	} else {
		r.Told = true
	}
	return r, recordRun(ctx, tx, r)
}

// unlessRecorded is decide for a run that is not on record. One that is on record
// stays as it is, unless the record is proved to be older than its time: then nobody
// knows whether the run took place, and admins have to decide.
func unlessRecorded(decide runDecision) runDecision {
	return func(ctx context.Context, tx *sql.Tx, due time.Time) (ScheduleRun, error) {
		r := ScheduleRun{Due: due}
		var unsure bool
		err := tx.QueryRowContext(ctx, `
			SELECT outcome, coalesce(issue_id, 0), told, `+recordedTooEarly()+`
			FROM schedule_runs
			WHERE scheduled_at = ?`, due.Unix()).Scan(&r.Outcome, &r.IssueID, &r.Told, &unsure)
		if errors.Is(err, sql.ErrNoRows) {
			return decide(ctx, tx, due)
		}
		if err != nil || !unsure {
			return r, err
		}
		if r, err = whatIsDue(ctx, tx, due); err != nil || r.Outcome != RunStarted {
			return ScheduleRun{Due: due, Outcome: r.Outcome, Told: true}, err
		}
		r.Outcome = RunUnsure
		return r, recordRun(ctx, tx, r)
	}
}

// recordedTooEarly is true for a run if the newest issue, which has not had its turn,
// was there at its time, but not yet when it was recorded.
func recordedTooEarly() string {
	return `EXISTS (
		SELECT 1
		FROM issues
		WHERE id = (` + archive.NewestSQL() + `) AND id > archive AND added_at < scheduled_at AND NOT ` + hadItsTurn() + `)`
}

// whatIsDue decides what a run does now.
func whatIsDue(ctx context.Context, q database.Queryer, due time.Time) (ScheduleRun, error) {
	r, err := whatIsListed(ctx, q, due)
	if err != nil || r.Outcome == RunStarted {
		return r, err
	}
	var waiting int64
	err = q.QueryRowContext(ctx, archive.HeldNewestSQL()).Scan(&waiting)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return r, nil
	case err != nil:
		return r, err
	}
	return ScheduleRun{Due: due, Outcome: RunHeld, IssueID: waiting}, nil
}

// whatIsListed decides what a run does with the issues that readers are shown.
func whatIsListed(ctx context.Context, q database.Queryer, due time.Time) (ScheduleRun, error) {
	r := ScheduleRun{Due: due, Outcome: RunStarted}
	var before bool
	err := q.QueryRowContext(ctx, `
		SELECT id, `+hadItsTurn()+`
		FROM issues
		WHERE id = (`+archive.NewestSQL()+`)`).Scan(&r.IssueID, &before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.Outcome = RunNoIssue
		return r, nil
	case err != nil:
		return r, err
	case before:
		r.Outcome = RunNothingNew
		return r, nil
	}
	receivers, err := audience(ctx, q, r.IssueID)
	if err != nil {
		return r, err
	}
	maybe, err := maybeSentBefore(ctx, q, r.IssueID)
	switch {
	case receivers == 0:
		r.Outcome = RunNobody
	case maybe:
		r.Outcome = RunAfterRestore
	}
	return r, err
}

// HadItsTurn reports whether the schedule does not send an issue: it was broadcast, or a newer
// one was, or it is only archive.
func (s *Store) HadItsTurn(ctx context.Context, issue int64) (had bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT "+hadItsTurn()+" FROM issues WHERE id = ?", issue).Scan(&had)
	if err := database.NotFound(err); err != nil {
		return false, fmt.Errorf("find out whether issue %d was sent: %w", issue, err)
	}
	return had, nil
}

// WasBroadcast reports whether there was a broadcast of an issue.
func (s *Store) WasBroadcast(ctx context.Context, issue int64) (was bool, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM broadcasts WHERE issue_id = ?)", issue).Scan(&was)
	if err != nil {
		return false, fmt.Errorf("find out whether issue %d was broadcast: %w", issue, err)
	}
	return was, nil
}

// hadItsTurn is true for an issue that the schedule does not send: it is only archive, or it
// was broadcast before, or a newer one was, which is withdrawn now. Then readers have
// had their issue, and an older one does not take its place.
func hadItsTurn() string {
	return `(issues.id IN ` + archive.ArchiveOnlySQL + `
		OR EXISTS (SELECT 1 FROM broadcasts WHERE issue_id = issues.id)
		OR EXISTS (
			SELECT 1
			FROM withdrawn_issues w
			JOIN broadcasts b ON b.issue_id = w.issue_id
			JOIN issues o ON o.id = w.issue_id
			WHERE NOT ` + archive.AheadSQL("o.published_on") + `
				AND (o.published_on, coalesce(o.number, 0), o.id) > (issues.published_on, coalesce(issues.number, 0), issues.id)))`
}

// recordRun puts a run on record, in place of what is there.
func recordRun(ctx context.Context, tx *sql.Tx, r ScheduleRun) error {
	_, err := tx.ExecContext(ctx, `
		INSERT OR REPLACE INTO schedule_runs (scheduled_at, fired_at, broadcast_id, outcome, issue_id, told, archive)
		VALUES (?, ?, nullif(?, 0), ?, nullif(?, 0), ?, (SELECT coalesce(max(id), 0) FROM issues))`,
		r.Due.Unix(), now(), r.Broadcast.ID, r.Outcome, r.IssueID, r.Told)
	return err
}

// LastScheduleRun returns when the schedule's last run up to a time was due. Before
// the first run that is when the database was made; zero: that was later. It leaves
// out runs that may not have taken place.
func (s *Store) LastScheduleRun(ctx context.Context, by time.Time) (time.Time, error) {
	var due int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT coalesce(max(scheduled_at), 0)
		FROM schedule_runs
		WHERE scheduled_at <= ? AND NOT `+recordedTooEarly(), by.Unix()).Scan(&due)
	if err != nil {
		return time.Time{}, fmt.Errorf("read last schedule run: %w", err)
	}
	return fromUnix(due), nil
}

// TakeUntoldRuns returns the newest of the runs that admins have not been told of,
// the oldest first, and marks all runs before them as told.
func (s *Store) TakeUntoldRuns(ctx context.Context, limit int) (runs []ScheduleRun, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE schedule_runs
			SET told = 1
			WHERE told = 0 AND scheduled_at NOT IN (SELECT scheduled_at FROM schedule_runs WHERE told = 0 ORDER BY scheduled_at DESC LIMIT ?)`,
			limit); err != nil {
			return err
		}
		runs, err = database.Collect(ctx, tx, func(rows *sql.Rows) (r ScheduleRun, err error) {
			var due, fired int64
			err = rows.Scan(&due, &fired, &r.Outcome, &r.IssueID)
			r.Due = fromUnix(due)
			if r.Outcome == RunRestored {
				r.AsOf = fromUnix(fired)
			}
			return r, err
		}, "SELECT scheduled_at, fired_at, outcome, coalesce(issue_id, 0) FROM schedule_runs WHERE told = 0 ORDER BY scheduled_at")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read runs that admins do not know of: %w", err)
	}
	return runs, nil
}

// MarkRunTold notes that admins know of the run that was due then.
func (s *Store) MarkRunTold(ctx context.Context, due time.Time) error {
	_, err := database.Exec(ctx, s.write, "UPDATE schedule_runs SET told = 1 WHERE scheduled_at = ?", due.Unix())
	if err != nil {
		return fmt.Errorf("note that admins know of the run of %s: %w", due.Format(time.RFC3339), err)
	}
	return nil
}

// PassedOver returns the newest of the issues between one that is broadcast and the
// one that was broadcast before it. They never were: the schedule sends only the
// newest issue.
func (s *Store) PassedOver(ctx context.Context, issue int64, limit int) ([]archive.Issue, error) {
	var before int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT o.id
		FROM issues o
		JOIN issues its ON its.id = ?
		WHERE o.id IN (SELECT issue_id FROM broadcasts)
			AND (o.published_on, coalesce(o.number, 0), o.id) < (its.published_on, coalesce(its.number, 0), its.id)
		ORDER BY o.published_on DESC, o.number DESC, o.id DESC
		LIMIT 1`, issue).Scan(&before)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("find the broadcast before that of issue %d: %w", issue, err)
	}
	return s.IssuesBetween(ctx, before, issue, limit)
}
