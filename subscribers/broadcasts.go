package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// Trigger says what set a broadcast off.
type Trigger string

// The triggers of broadcasts.
const (
	Schedule Trigger = "schedule"
	Admin    Trigger = "admin"
)

// BroadcastState says how a broadcast stands.
type BroadcastState string

// The states of a broadcast.
const (
	Running   BroadcastState = "running"
	Paused    BroadcastState = "paused"
	Done      BroadcastState = "done"
	Cancelled BroadcastState = "cancelled"
)

// BroadcastStates are all of them.
var BroadcastStates = []BroadcastState{Running, Paused, Done, Cancelled}

// Broadcast is the sending of one issue to all subscribers.
type Broadcast struct {
	ID          int64
	IssueID     int64
	Edition     int
	Trigger     Trigger
	RequestedBy int64 // Telegram user id of the admin; 0: the schedule
	State       BroadcastState
	Reason      PauseReason
	Subscribers int  // frozen at the start
	Messages    int  // for each of them
	Canary      bool // goes to a few first, then pauses for PausedAfterCanary
	CreatedAt   time.Time
	FinishedAt  time.Time // zero: it is not finished
}

const broadcastColumns = "id, issue_id, edition, trigger, requested_by, state, reason, subscribers, messages, canary, created_at, finished_at"

func scanBroadcast(row interface{ Scan(...any) error }) (b Broadcast, err error) {
	var created, finished int64
	err = row.Scan(&b.ID, &b.IssueID, &b.Edition, &b.Trigger, &b.RequestedBy, &b.State, &b.Reason,
		&b.Subscribers, &b.Messages, &b.Canary, &created, &finished)
	b.CreatedAt, b.FinishedAt = fromUnix(created), fromUnix(finished)
	return b, database.NotFound(err)
}

// findBroadcast returns the first of the broadcasts that which selects, or ErrNotFound.
func findBroadcast(ctx context.Context, q database.Queryer, which string, args ...any) (Broadcast, error) {
	return scanBroadcast(q.QueryRowContext(ctx, "SELECT "+broadcastColumns+" FROM broadcasts "+which, args...))
}

func (s *Store) broadcasts(ctx context.Context, which string) ([]Broadcast, error) {
	return database.Collect(ctx, s.reads, func(rows *sql.Rows) (Broadcast, error) {
		return scanBroadcast(rows)
	}, "SELECT "+broadcastColumns+" FROM broadcasts "+which)
}

// Broadcast returns a broadcast, or ErrNotFound.
func (s *Store) Broadcast(ctx context.Context, id int64) (Broadcast, error) {
	return findBroadcast(ctx, s.reads, "WHERE id = ?", id)
}

// UnfinishedBroadcasts returns the broadcasts that are not finished, in the
// order of their turn: cancelled ones whose books are still open, running ones,
// paused ones, the oldest first.
func (s *Store) UnfinishedBroadcasts(ctx context.Context) ([]Broadcast, error) {
	all, err := s.broadcasts(ctx, "WHERE finished_at = 0 ORDER BY state = 'cancelled' DESC, state = 'running' DESC, id")
	if err != nil {
		return nil, fmt.Errorf("read unfinished broadcasts: %w", err)
	}
	return all, nil
}

// UnreportedBroadcasts returns the finished broadcasts whose end admins do not know
// of, the oldest first.
func (s *Store) UnreportedBroadcasts(ctx context.Context) ([]Broadcast, error) {
	all, err := s.broadcasts(ctx, "WHERE finished_at > 0 AND NOT reported ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("read broadcasts to report: %w", err)
	}
	return all, nil
}

// MarkReported notes that admins know of the end of a broadcast, the one at b.FinishedAt:
// after a retry it ends once more.
func (s *Store) MarkReported(ctx context.Context, b Broadcast) error {
	_, err := database.Exec(ctx, s.write, "UPDATE broadcasts SET reported = 1 WHERE id = ? AND finished_at = ?", b.ID, b.FinishedAt.Unix())
	if err != nil {
		return fmt.Errorf("note that broadcast %d was reported: %w", b.ID, err)
	}
	return nil
}

// LastBroadcast returns the newest broadcast, or ErrNotFound.
func (s *Store) LastBroadcast(ctx context.Context) (Broadcast, error) {
	return findBroadcast(ctx, s.reads, "ORDER BY id DESC LIMIT 1")
}

// BroadcastSince returns the last broadcast of an issue that was started at that
// time or later, or ErrNotFound.
func (s *Store) BroadcastSince(ctx context.Context, issue int64, at time.Time) (Broadcast, error) {
	return findBroadcast(ctx, s.reads, "WHERE issue_id = ? AND created_at >= ? ORDER BY id DESC LIMIT 1", issue, at.Unix())
}

// ArrivedInBroadcast reports whether the database comes from elsewhere, and a broadcast is
// running in it of which something was sent.
func (s *Store) ArrivedInBroadcast(ctx context.Context) (arrived bool, err error) {
	if s.db.WasServed() {
		return false, nil
	}
	err = s.reads.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1
			FROM deliveries
			WHERE broadcast_id IN (SELECT id FROM broadcasts WHERE state = 'running' AND finished_at = 0)
				AND (state <> 'pending' OR next_message > 0 OR attempts > 0))`).Scan(&arrived)
	if err != nil {
		return false, fmt.Errorf("look for broadcasts that began elsewhere: %w", err)
	}
	return arrived, nil
}
