package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Source says what set a broadcast off.
type Source string

// The sources of broadcasts.
const (
	Schedule Source = "schedule"
	Admin    Source = "admin"
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

// Broadcast is the sending of one issue to all subscribers.
type Broadcast struct {
	ID          int64
	IssueID     int64
	Edition     int
	Source      Source
	RequestedBy int64 // Telegram user id of the admin; 0: the schedule
	State       BroadcastState
	Reason      PauseReason
	Subscribers int  // frozen at the start
	Messages    int  // for each of them
	Canary      bool // goes to a few first, then pauses for PausedAfterCanary
	CreatedAt   time.Time
	FinishedAt  time.Time // zero: it is not finished
}

const broadcastColumns = "id, issue_id, edition, source, requested_by, state, reason, subscribers, messages, canary, created_at, finished_at"

func scanBroadcast(row interface{ Scan(...any) error }) (b Broadcast, err error) {
	var created, finished int64
	err = row.Scan(&b.ID, &b.IssueID, &b.Edition, &b.Source, &b.RequestedBy, &b.State, &b.Reason,
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

// StartBroadcast freezes who receives the issue and starts its broadcast, in one
// transaction. It goes to every subscriber that is on and does not have the issue
// yet, from a broadcast or because it asked. A subscriber that could not get all of
// it gets the rest. StartBroadcast fails with ErrNothingToSend if there are no such
// subscribers, with ErrRunning while another broadcast of the issue is not finished,
// with ErrFolded if the issue is so old that it is not known any more who has it, and
// with ErrWithdrawn if it is withdrawn.
func (s *Store) StartBroadcast(ctx context.Context, issue, admin int64) (Broadcast, error) {
	return s.startByAdmin(ctx, issue, admin, nil)
}

// StartCanary is StartBroadcast with a canary: the issue goes to n subscribers,
// beginning with the chats of first, and then waits for ResumeBroadcast.
func (s *Store) StartCanary(ctx context.Context, issue, admin int64, n int, first []int64) (Broadcast, error) {
	return s.startByAdmin(ctx, issue, admin, func(tx *sql.Tx, b *Broadcast) error {
		return chooseCanaries(ctx, tx, b, n, first)
	})
}

func (s *Store) startByAdmin(ctx context.Context, issue, admin int64, prepare func(*sql.Tx, *Broadcast) error) (Broadcast, error) {
	var b Broadcast
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		b, err = startBroadcast(ctx, tx, issue, start{source: Admin, admin: admin, due: time.Now()})
		if err == nil && b.Subscribers == 0 {
			err = ErrNothingToSend
		}
		if err == nil && prepare != nil {
			err = prepare(tx, &b)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, admin, "broadcast", fmt.Sprintf("issue %d to %d subscribers", issue, b.Subscribers))
	})
	if err != nil {
		return Broadcast{}, fmt.Errorf("start broadcast of issue %d: %w", issue, err)
	}
	return b, nil
}

// start is how a broadcast comes about.
type start struct {
	source Source
	admin  int64
	due    time.Time // readers with a time of their own get the issue at their first time from then on
}

func startBroadcast(ctx context.Context, tx *sql.Tx, issue int64, how start) (Broadcast, error) {
	if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
		return Broadcast{}, err
	}
	var unfinished, folded bool
	err := tx.QueryRowContext(ctx, `
		SELECT coalesce(max(finished_at = 0), 0), coalesce(max(folded), 0)
		FROM broadcasts
		WHERE issue_id = ?`, issue).Scan(&unfinished, &folded)
	switch {
	case err != nil:
		return Broadcast{}, err
	case unfinished:
		return Broadcast{}, ErrRunning
	case folded:
		return Broadcast{}, ErrFolded
	}
	b, err := scanBroadcast(tx.QueryRowContext(ctx, `
		INSERT INTO broadcasts (issue_id, edition, source, requested_by, state, subscribers, messages, created_at)
		SELECT id, edition, ?2, ?3, 'running', 0,
			(SELECT count(*) FROM messages m WHERE m.issue_id = issues.id AND m.edition = issues.edition), ?4
		FROM issues
		WHERE id = ?1
		RETURNING `+broadcastColumns, issue, how.source, how.admin, now()))
	if err != nil {
		return Broadcast{}, err
	}
	err = freeze(ctx, tx, &b, how.due)
	return b, err
}

// freeze writes a delivery for everybody who is to receive the broadcast.
func freeze(ctx context.Context, tx *sql.Tx, b *Broadcast, due time.Time) error {
	goOn, err := adopt(ctx, tx, b)
	if err != nil {
		return err
	}
	var frozen int
	err = withOwnTimes(ctx, tx, due, func() (err error) {
		frozen, err = database.RowsChanged(tx.ExecContext(ctx, `
			INSERT OR IGNORE INTO deliveries (issue_id, subscriber_id, broadcast_id, edition, not_before)
			SELECT ?, id, ?, ?, `+ownTime+`
			FROM subscribers
			WHERE `+receiving+`
			ORDER BY id`, b.IssueID, b.ID, b.Edition, now()))
		return err
	})
	if err != nil {
		return err
	}
	b.Subscribers = frozen + goOn
	_, err = tx.ExecContext(ctx, "UPDATE broadcasts SET subscribers = ? WHERE id = ?", b.Subscribers, b.ID)
	return err
}

func chooseCanaries(ctx context.Context, tx *sql.Tx, b *Broadcast, n int, first []int64) error {
	choose := `
		INSERT INTO canaries (broadcast_id, subscriber_id)
		SELECT d.broadcast_id, d.subscriber_id
		FROM deliveries d
		WHERE d.issue_id = ?1 AND d.broadcast_id = ?2
			AND NOT EXISTS (SELECT 1 FROM canaries c WHERE c.broadcast_id = ?2 AND c.subscriber_id = d.subscriber_id)
			AND (?3 = 0 OR d.subscriber_id IN (SELECT id FROM subscribers WHERE chat_id = ?3))
		ORDER BY d.subscriber_id
		LIMIT max(0, ?4 - (SELECT count(*) FROM canaries c WHERE c.broadcast_id = ?2))`
	for _, chat := range append(slices.Clone(first), 0) { // 0: anybody
		if _, err := tx.ExecContext(ctx, choose, b.IssueID, b.ID, chat, n); err != nil {
			return err
		}
	}
	b.Canary = true
	// The readers who look whether it is right must not keep others waiting.
	if _, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = 0
		WHERE issue_id = ? AND subscriber_id IN (SELECT subscriber_id FROM canaries WHERE broadcast_id = ?)`, b.IssueID, b.ID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE broadcasts SET canary = 1 WHERE id = ?", b.ID)
	return err
}

// Audience returns how many subscribers a broadcast of the issue would go to.
func (s *Store) Audience(ctx context.Context, issue int64) (int, error) {
	n, err := audience(ctx, s.reads, issue)
	if err != nil {
		return 0, fmt.Errorf("count the audience of issue %d: %w", issue, err)
	}
	return n, nil
}

func audience(ctx context.Context, q database.Queryer, issue int64) (n int, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT count(*)
		FROM subscribers s
		WHERE `+receiving+` AND NOT EXISTS (
			SELECT 1
			FROM deliveries d
			WHERE d.issue_id = ? AND d.subscriber_id = s.id AND NOT (`+givenUp+` OR `+cutShort+`))`, now(), issue).Scan(&n)
	return n, err
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

// PauseBroadcast pauses a running broadcast. changed is false if it was not
// running: somebody else was faster, or it is over.
func (s *Store) PauseBroadcast(ctx context.Context, id, admin int64) (changed bool, err error) {
	return s.turn(ctx, turn{id: id, from: Running, to: Paused, admin: admin})
}

// HoldBroadcast is a pause by the program itself, also of a cancelled broadcast
// if its books are still open.
func (s *Store) HoldBroadcast(ctx context.Context, id int64, reason PauseReason) (changed bool, err error) {
	return s.turnFrom(ctx, []BroadcastState{Running, Cancelled}, turn{id: id, to: Paused, reason: reason})
}

// ResumeBroadcast lets a paused broadcast go on. If it was paused for
// PausedAfterCanary, it goes to everybody then.
func (s *Store) ResumeBroadcast(ctx context.Context, id, admin int64) (changed bool, err error) {
	return s.turn(ctx, turn{id: id, from: Paused, to: Running, admin: admin})
}

// CancelBroadcast ends a running or paused broadcast for good. What has not been
// sent counts as skipped.
func (s *Store) CancelBroadcast(ctx context.Context, id, admin int64) (changed bool, err error) {
	return s.turnFrom(ctx, []BroadcastState{Running, Paused}, turn{id: id, to: Cancelled, admin: admin})
}

// turnFrom is turn for a broadcast that is in one of the states.
func (s *Store) turnFrom(ctx context.Context, states []BroadcastState, t turn) (changed bool, err error) {
	for _, t.from = range states {
		if changed, err := s.turn(ctx, t); changed || err != nil {
			return changed, err
		}
	}
	return false, nil
}

// turn is a change of a broadcast's state, made by an admin or, with admin 0,
// by the program itself.
type turn struct {
	id       int64
	from, to BroadcastState
	admin    int64
	reason   PauseReason
}

func (s *Store) turn(ctx context.Context, t turn) (changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		changed, err = t.make(ctx, tx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("set the state of broadcast %d to %s: %w", t.id, t.to, err)
	}
	return changed, nil
}

// make makes the change. The broadcast of a withdrawn issue does not go on.
func (t turn) make(ctx context.Context, tx *sql.Tx) (changed bool, err error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE broadcasts
		SET state = ?1, reason = ?2, canary = CASE reason WHEN ?3 THEN 0 ELSE canary END
		WHERE id = ?4 AND state = ?5 AND finished_at = 0
			AND NOT (?1 = 'running' AND issue_id IN `+archive.WithdrawnSQL+`)`,
		t.to, t.reason, PausedAfterCanary, t.id, t.from)
	if changed = database.Affected(result, err); !changed {
		return false, err
	}
	return true, audit(ctx, tx, t.admin, string(t.to), fmt.Sprintf("broadcast %d %s", t.id, t.reason))
}

// FinishBroadcast closes the books of a broadcast that was cancelled, or has nothing
// pending any more, and returns them. It leaves the broadcast open and fails with
// ErrNotOver if a reader has just asked for a delivery that had failed, and with
// ErrUnbalanced if the books do not add up.
func (s *Store) FinishBroadcast(ctx context.Context, id int64) (Books, error) {
	var books Books
	err := s.write(ctx, func(tx *sql.Tx) error {
		b, err := findBroadcast(ctx, tx, "WHERE id = ?", id)
		if err != nil {
			return err
		}
		if b.State == Cancelled {
			if err := abandon(ctx, tx, b); err != nil {
				return err
			}
		}
		var due bool
		if err := tx.QueryRowContext(ctx, `
			SELECT EXISTS (SELECT 1 FROM deliveries WHERE broadcast_id = ? AND not_before > 0 AND state = 'pending')`, id).Scan(&due); err != nil {
			return err
		}
		if due {
			return ErrNotOver
		}
		if books, err = readBooks(ctx, tx, b); err != nil {
			return err
		}
		if err := books.Check(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE broadcasts
			SET state = CASE state WHEN 'cancelled' THEN state ELSE 'done' END, finished_at = ?
			WHERE id = ? AND finished_at = 0`, now(), id)
		return err
	})
	if err != nil {
		return books, fmt.Errorf("finish broadcast %d: %w", id, err)
	}
	return books, nil
}

// abandon ends the pending deliveries of a cancelled broadcast. A message is
// uncertain if a crash cut off its answer, as always.
func abandon(ctx context.Context, tx *sql.Tx, b Broadcast) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET state = 'skipped', reason = '`+string(ReasonCancelled)+`', attempts = 0,
			uncertain = uncertain + (attempts > 0), next_message = next_message + (attempts > 0)
		WHERE issue_id = ? AND broadcast_id = ? AND state = 'pending'`, b.IssueID, b.ID)
	return err
}

// audit records what an admin did.
func audit(ctx context.Context, tx *sql.Tx, user int64, action, detail string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO audit (at, user_id, action, detail) VALUES (?, ?, ?, ?)", now(), user, action, detail)
	return err
}
