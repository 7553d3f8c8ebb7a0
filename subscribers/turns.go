package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// PauseBroadcast pauses a running broadcast. changed is false if it was not
// running: somebody else was faster, or it is over.
func (s *Store) PauseBroadcast(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turn(ctx, turn{id: id, from: Running, to: Paused, by: by})
}

// HoldBroadcast is a pause by the program itself, also of a cancelled broadcast
// if its books are still open.
func (s *Store) HoldBroadcast(ctx context.Context, id int64, reason PauseReason) (changed bool, err error) {
	return s.turnFrom(ctx, []BroadcastState{Running, Cancelled}, turn{id: id, to: Paused, by: Actor{User: Program}, reason: reason})
}

// ResumeBroadcast lets a paused broadcast go on. If it was paused for
// PausedAfterCanary, it goes to everybody then.
func (s *Store) ResumeBroadcast(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turn(ctx, turn{id: id, from: Paused, to: Running, by: by})
}

// CancelBroadcast ends a running or paused broadcast for good. What has not been
// sent counts as skipped.
func (s *Store) CancelBroadcast(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turnFrom(ctx, []BroadcastState{Running, Paused}, turn{id: id, to: Cancelled, by: by})
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

// turn is a change of a broadcast's state.
type turn struct {
	id       int64
	from, to BroadcastState
	by       Actor
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
	var issue int64
	if err := tx.QueryRowContext(ctx, "SELECT issue_id FROM broadcasts WHERE id = ?", t.id).Scan(&issue); err != nil {
		return false, err
	}
	deed := map[BroadcastState]Deed{Paused: DeedPause, Running: DeedResume, Cancelled: DeedCancel}[t.to]
	return true, Audit(ctx, tx, AuditEntry{By: t.by, Deed: deed, On: Subject{Issue: issue, Broadcast: t.id}, Facts: Facts{Reason: t.reason.String()}})
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
