package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/subscribers/database"
)

// A broadcast is good if it is done, so its books balance, and nobody failed to get the issue
// but for a fault of Telegram's. Those who blocked the bot did not fail.
//
// A broadcast of which only those are left who have chosen a later time is good as well if
// nobody failed.
//
// A run of the schedule is good if its broadcast is, or if it had nothing to send because an
// admin had sent the newest issue since the run before, and that broadcast is good.

// isGood is true for a broadcast b that is good. resting are those of which only readers with
// a later time are left. Failed deliveries have an index of their own.
func isGood(resting ...int64) string {
	return `(` + isOver(resting...) + `
		AND NOT EXISTS (
			SELECT 1 FROM deliveries d
			WHERE d.issue_id = b.issue_id AND d.broadcast_id = b.id AND d.state = 'failed' AND d.reason <> '` + string(ReasonServerError) + `')
		AND NOT EXISTS (
			SELECT 1 FROM totals t
			WHERE t.broadcast_id = b.id AND t.outcome = 'failed' AND t.messages > 0 AND t.reason <> '` + string(ReasonServerError) + `'))`
}

// isOver is true for a broadcast b that is done, but for readers with a later time.
func isOver(resting ...int64) string {
	ids := make([]string, len(resting))
	for i, id := range resting {
		ids[i] = strconv.FormatInt(id, 10)
	}
	return `(b.state = 'done' AND b.finished_at > 0 OR b.state = 'running' AND b.id IN (` + strings.Join(ids, ", ") + `))`
}

// broadcastOfRun selects the id of the broadcast by which the readers of a run r have got
// their issue.
const broadcastOfRun = `CASE r.outcome
	WHEN 'nothing_new' THEN (
		SELECT max(id)
		FROM broadcasts
		WHERE issue_id = r.issue_id AND trigger = 'admin' AND created_at > (SELECT coalesce(max(scheduled_at), 0) FROM schedule_runs WHERE scheduled_at < r.scheduled_at))
	ELSE r.broadcast_id END`

// recentRuns is how many runs are looked at.
const recentRuns = 50

// LastGoodRun returns when the newest good run up to a time was due; zero: none of the last
// fifty is good. resting are the broadcasts of which only readers with a later time are left.
func (s *Store) LastGoodRun(ctx context.Context, by time.Time, resting ...int64) (time.Time, error) {
	var due int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT coalesce(max(r.scheduled_at), 0)
		FROM (SELECT * FROM schedule_runs WHERE scheduled_at <= ? ORDER BY scheduled_at DESC LIMIT ?) r
		JOIN broadcasts b ON b.id = `+broadcastOfRun+`
		WHERE `+isGood(resting...), by.Unix(), recentRuns).Scan(&due)
	if err != nil {
		return time.Time{}, fmt.Errorf("read last good run: %w", err)
	}
	return fromUnix(due), nil
}

// LastGoodBroadcast returns when the last good broadcast ended; zero: there was none.
func (s *Store) LastGoodBroadcast(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT b.finished_at
		FROM broadcasts b
		WHERE `+isGood()+`
		ORDER BY b.finished_at DESC
		LIMIT 1`).Scan(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("read last good broadcast: %w", err)
	}
	return fromUnix(at), nil
}

// LastRecordedRun returns the schedule's newest run on record up to a time. Its outcome is
// empty if that is the creation of the database; ErrNotFound: nothing is on record.
func (s *Store) LastRecordedRun(ctx context.Context, by time.Time) (ScheduleRun, error) {
	var r ScheduleRun
	var due int64
	err := s.reads.QueryRowContext(ctx, `
		SELECT scheduled_at, outcome, coalesce(issue_id, 0), told
		FROM schedule_runs
		WHERE scheduled_at <= ?
		ORDER BY scheduled_at DESC
		LIMIT 1`, by.Unix()).Scan(&due, &r.Outcome, &r.IssueID, &r.Told)
	if err := database.NotFound(err); err != nil {
		return r, fmt.Errorf("read last recorded run: %w", err)
	}
	r.Due = fromUnix(due)
	return r, nil
}
