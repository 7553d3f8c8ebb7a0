package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// Ping is what a dead-man's switch has to be told: that a broadcast is good or failed, or that a
// run of the schedule is good although it had nothing to send. What good means is in
// goodruns.go.
type Ping struct {
	Broadcast int64     // 0: it is about a run
	Run       time.Time // when it was due; zero: it is about a broadcast
	Good      bool
}

// pingWord is how broadcasts have it on record.
func pingWord(good bool) string {
	if good {
		return "good"
	}
	return "failed"
}

// recentBroadcasts is how many broadcasts are looked at.
const recentBroadcasts = 50

// pingOf is what there is to tell of a broadcast b: the same as before while it is under way, or
// paused because an admin wants that.
func pingOf(resting ...int64) string {
	return `CASE
		WHEN ` + isGood(resting...) + ` THEN 'good'
		WHEN ` + isOver(resting...) + ` THEN 'failed'
		WHEN b.state = 'paused' AND b.reason NOT IN ('', '` + string(PausedAfterCanary) + `') THEN 'failed'
		ELSE b.pinged END`
}

// SetPings says whether a dead-man's switch is told of broadcasts. It is not told of what was
// over when it was set.
func (s *Store) SetPings(ctx context.Context, on bool) error {
	var was bool
	err := s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pinging)").Scan(&was)
	if err == nil && was != on {
		err = s.write(ctx, func(tx *sql.Tx) error { return setPings(ctx, tx, on) })
	}
	if err != nil {
		return fmt.Errorf("note whether a dead-man's switch is told of broadcasts: %w", err)
	}
	return nil
}

func setPings(ctx context.Context, tx *sql.Tx, on bool) error {
	if !on {
		_, err := tx.ExecContext(ctx, "DELETE FROM pinging")
		return err
	}
	for _, statement := range []string{
		"UPDATE broadcasts AS b SET pinged = " + pingOf(),
		"UPDATE schedule_runs SET pinged = 1",
		"INSERT INTO pinging (only) VALUES (1)",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// DuePings returns what the dead-man's switch does not know at a time, the newest broadcast
// last. resting are the broadcasts of which only readers with a later time are left.
func (s *Store) DuePings(ctx context.Context, at time.Time, resting ...int64) ([]Ping, error) {
	due, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (p Ping, err error) {
		return p, rows.Scan(&p.Broadcast, &p.Good)
	}, `
		SELECT id, ping = 'good'
		FROM (SELECT b.id, b.pinged, `+pingOf(resting...)+` AS ping FROM broadcasts b ORDER BY b.id DESC LIMIT ?)
		WHERE ping <> pinged
		ORDER BY id`, recentBroadcasts)
	if err != nil {
		return nil, fmt.Errorf("read what a dead-man's switch has to be told: %w", err)
	}
	var run int64
	err = s.reads.QueryRowContext(ctx, `
		SELECT coalesce(max(r.scheduled_at), 0)
		FROM (SELECT * FROM schedule_runs WHERE scheduled_at <= ? ORDER BY scheduled_at DESC LIMIT ?) r
		JOIN broadcasts b ON b.id = `+broadcastOfRun+`
		WHERE r.outcome = 'nothing_new' AND r.pinged = 0 AND `+isGood(resting...), at.Unix(), recentRuns).Scan(&run)
	if err != nil {
		return nil, fmt.Errorf("read of which run a dead-man's switch has to be told: %w", err)
	}
	if run > 0 {
		due = append(due, Ping{Run: fromUnix(run), Good: true})
	}
	return due, nil
}

// NotePing notes that the dead-man's switch was told.
func (s *Store) NotePing(ctx context.Context, p Ping) (err error) {
	if p.Broadcast == 0 {
		_, err = database.Exec(ctx, s.write, "UPDATE schedule_runs SET pinged = 1 WHERE outcome = 'nothing_new' AND pinged = 0 AND scheduled_at <= ?", p.Run.Unix())
	} else {
		_, err = database.Exec(ctx, s.write, "UPDATE broadcasts SET pinged = ? WHERE id = ?", pingWord(p.Good), p.Broadcast)
	}
	if err != nil {
		return fmt.Errorf("note what a dead-man's switch was told: %w", err)
	}
	return nil
}
