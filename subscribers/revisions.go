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

// A revision changes messages of an issue that have arrived: a correction gives them the
// text of a newer edition, a recall deletes them. It is frozen, paused, cancelled and
// accounted for as a broadcast is. An issue has one that is not over; a newer one takes its
// place.

// RevisionKind is what a revision does.
type RevisionKind string

// The kinds of revisions.
const (
	Correction RevisionKind = "correction"
	Recall     RevisionKind = "recall"
)

// Revision is a correction or a recall of the messages of an issue.
type Revision struct {
	ID          int64
	IssueID     int64
	Kind        RevisionKind
	Edition     int   // of the text that messages get; of a recall: the newest when it began
	RequestedBy int64 // Telegram user id
	State       BroadcastState
	Reason      PauseReason
	Subscribers int // frozen at the start
	CreatedAt   time.Time
	FinishedAt  time.Time // zero: it is not finished
	Reported    bool      // admins know of its end
}

// ErrNothingToRevise says that nobody has messages that a revision would change.
var ErrNothingToRevise = errors.New("nobody has messages of this issue that would change")

const revisionColumns = "id, issue_id, kind, edition, requested_by, state, reason, subscribers, created_at, finished_at, reported"

func scanRevision(row interface{ Scan(...any) error }) (r Revision, err error) {
	var created, finished int64
	err = row.Scan(&r.ID, &r.IssueID, &r.Kind, &r.Edition, &r.RequestedBy, &r.State, &r.Reason, &r.Subscribers, &created, &finished, &r.Reported)
	r.CreatedAt, r.FinishedAt = fromUnix(created), fromUnix(finished)
	return r, database.NotFound(err)
}

func findRevision(ctx context.Context, q database.Queryer, which string, args ...any) (Revision, error) {
	return scanRevision(q.QueryRowContext(ctx, "SELECT "+revisionColumns+" FROM revisions "+which, args...))
}

func (s *Store) revisions(ctx context.Context, which string) ([]Revision, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (Revision, error) {
		return scanRevision(rows)
	}, "SELECT "+revisionColumns+" FROM revisions "+which)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	return all, nil
}

// Revision returns a revision, or ErrNotFound.
func (s *Store) Revision(ctx context.Context, id int64) (Revision, error) {
	return findRevision(ctx, s.reads, "WHERE id = ?", id)
}

// LastRevision returns the newest revision of an issue, or ErrNotFound.
func (s *Store) LastRevision(ctx context.Context, issue int64) (Revision, error) {
	return findRevision(ctx, s.reads, "WHERE issue_id = ? ORDER BY id DESC LIMIT 1", issue)
}

// UnfinishedRevisions returns the revisions that are not finished in the order of their
// turn: cancelled ones whose books are still open, running ones, paused ones, the oldest
// first.
func (s *Store) UnfinishedRevisions(ctx context.Context) ([]Revision, error) {
	return s.revisions(ctx, "WHERE finished_at = 0 ORDER BY state = 'cancelled' DESC, state = 'running' DESC, id")
}

// UnreportedRevisions returns the finished revisions whose end admins do not know of, the
// oldest first.
func (s *Store) UnreportedRevisions(ctx context.Context) ([]Revision, error) {
	return s.revisions(ctx, "WHERE finished_at > 0 AND NOT reported ORDER BY id")
}

// MarkRevisionReported notes that admins know of the end of a revision.
func (s *Store) MarkRevisionReported(ctx context.Context, id int64) error {
	_, err := database.Exec(ctx, s.write, "UPDATE revisions SET reported = 1 WHERE id = ?", id)
	if err != nil {
		return fmt.Errorf("note that revision %d was reported: %w", id, err)
	}
	return nil
}

// StartCorrection freezes who has messages of an older edition of an issue, or is about to
// get some, and starts the correction of these messages. A correction of the same edition
// that is under way is returned, with started false; one of an older edition is cancelled.
// It fails with ErrNothingToRevise if there are no such messages, and with ErrWithdrawn.
func (s *Store) StartCorrection(ctx context.Context, issue int64, by Actor) (r Revision, started bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		started = false
		if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
			return err
		}
		r, err = findRevision(ctx, tx, "WHERE issue_id = ? AND finished_at = 0 AND state <> 'cancelled' ORDER BY id DESC LIMIT 1", issue)
		if err == nil {
			var newest int
			if err := tx.QueryRowContext(ctx, "SELECT edition FROM issues WHERE id = ?", issue).Scan(&newest); err != nil || r.Edition == newest {
				return err
			}
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		started = true
		r, err = startRevision(ctx, tx, issue, Correction, by)
		return err
	})
	if err != nil {
		return Revision{}, false, fmt.Errorf("start the correction of issue %d: %w", issue, err)
	}
	return r, started, nil
}

// StartRecall withdraws an issue, as WithdrawIssue does, and starts to delete its messages.
// A recall that is under way is returned, with started false. It fails with
// ErrNothingToRevise if nobody has messages; then the issue is not withdrawn.
func (s *Store) StartRecall(ctx context.Context, issue int64, by Actor) (r Revision, started bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		started = false
		r, err = findRevision(ctx, tx, "WHERE issue_id = ? AND finished_at = 0 AND kind = 'recall' AND state <> 'cancelled'", issue)
		if err == nil || !errors.Is(err, ErrNotFound) {
			return err
		}
		if _, err := withdraw(ctx, tx, issue, by); err != nil {
			return err
		}
		started = true
		r, err = startRevision(ctx, tx, issue, Recall, by)
		return err
	})
	if err != nil {
		return Revision{}, false, fmt.Errorf("start the recall of issue %d: %w", issue, err)
	}
	return r, started, nil
}

func startRevision(ctx context.Context, tx *sql.Tx, issue int64, kind RevisionKind, by Actor) (Revision, error) {
	if err := cancelRevisions(ctx, tx, issue, by); err != nil {
		return Revision{}, err
	}
	r, err := scanRevision(tx.QueryRowContext(ctx, `
		INSERT INTO revisions (issue_id, kind, edition, requested_by, state, created_at)
		SELECT id, ?, edition, ?, 'running', ?
		FROM issues
		WHERE id = ?
		RETURNING `+revisionColumns, kind, by.User, now(), issue))
	if err != nil {
		return Revision{}, err
	}
	var known bool // of somebody which messages they have, or are to get
	if err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM deliveries d WHERE d.issue_id = ?1 AND (`+revisedSQL+`) AND (d.edition < ?2 OR ?3 = 'recall'))`,
		issue, r.Edition, kind).Scan(&known); err != nil {
		return Revision{}, err
	}
	if !known {
		return Revision{}, ErrNothingToRevise
	}
	r.Subscribers, err = database.RowsChanged(tx.ExecContext(ctx, `
		INSERT INTO revised (revision_id, subscriber_id, messages)
		SELECT ?1, d.subscriber_id, `+arrivedSQL+` + iif(?4 = 'recall', d.uncertain, 0)
		FROM deliveries d
		WHERE d.issue_id = ?2 AND ((`+revisedSQL+`) AND d.edition < ?3 OR ?4 = 'recall' AND (`+revisedSQL+` OR d.uncertain > 0))
		ORDER BY d.subscriber_id`, r.ID, issue, r.Edition, kind))
	if err != nil {
		return Revision{}, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE revisions SET subscribers = ? WHERE id = ?", r.Subscribers, r.ID); err != nil {
		return Revision{}, err
	}
	deed := DeedCorrect
	if kind == Recall {
		deed = DeedRecall
	}
	return r, Audit(ctx, tx, AuditEntry{By: by, Deed: deed, On: Subject{Issue: issue}, Facts: Facts{Count: r.Subscribers}})
}

// revisedSQL says that a delivery has messages on record, or is under way.
const revisedSQL = "d.message_ids <> '' OR d.state = 'pending'"

// arrivedSQL is how many messages a delivery has on record.
const arrivedSQL = "iif(d.message_ids = '', 0, 1 + length(d.message_ids) - length(replace(d.message_ids, ' ', '')))"

// CountArrived returns how many subscribers have messages of an issue on record, and how
// many messages.
func (s *Store) CountArrived(ctx context.Context, issue int64) (subscribers, messages int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT count(*), coalesce(sum(`+arrivedSQL+`), 0)
		FROM deliveries d
		WHERE d.issue_id = ? AND d.message_ids <> ''`, issue).Scan(&subscribers, &messages)
	if err != nil {
		return 0, 0, fmt.Errorf("count who has messages of issue %d: %w", issue, err)
	}
	return subscribers, messages, nil
}

// OutdatedEdition returns the edition of an issue that readers have: that of its last
// correction, or else the oldest that arrived; 0 if that is the newest, or nothing has arrived.
func (s *Store) OutdatedEdition(ctx context.Context, issue archive.Issue) (edition int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT max(d.oldest, coalesce(
			(SELECT max(edition) FROM revisions WHERE issue_id = ?1 AND kind = 'correction' AND state = 'done'), 0))
		FROM (SELECT min(edition) AS oldest FROM deliveries WHERE issue_id = ?1 AND message_ids <> '') d
		WHERE d.oldest IS NOT NULL`, issue.ID).Scan(&edition)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("find the edition of issue %d that was sent: %w", issue.ID, err)
	case edition >= issue.Edition:
		return 0, nil
	}
	return edition, nil
}

// cancelRevisions cancels the revisions of an issue that are not over.
func cancelRevisions(ctx context.Context, tx *sql.Tx, issue int64, by Actor) error {
	open, err := database.Collect(ctx, tx, func(rows *sql.Rows) (id int64, err error) {
		return id, rows.Scan(&id)
	}, "SELECT id FROM revisions WHERE issue_id = ? AND finished_at = 0 AND state IN ('running', 'paused')", issue)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := turnRevision(ctx, tx, revisionTurn{id: id, from: "'running', 'paused'", to: Cancelled, by: by}); err != nil {
			return err
		}
	}
	return nil
}

// PauseRevision pauses a running revision. changed is false if it was not running.
func (s *Store) PauseRevision(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turnRevision(ctx, revisionTurn{id: id, from: "'running'", to: Paused, by: by})
}

// HoldRevision is a pause by the program itself, also of a cancelled revision if its books
// are still open.
func (s *Store) HoldRevision(ctx context.Context, id int64, reason PauseReason) (changed bool, err error) {
	return s.turnRevision(ctx, revisionTurn{id: id, from: "'running', 'cancelled'", to: Paused, by: Actor{User: Program}, reason: reason})
}

// ResumeRevision lets a paused revision go on.
func (s *Store) ResumeRevision(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turnRevision(ctx, revisionTurn{id: id, from: "'paused'", to: Running, by: by})
}

// CancelRevision ends a revision that is not over. What was not done counts as skipped.
func (s *Store) CancelRevision(ctx context.Context, id int64, by Actor) (changed bool, err error) {
	return s.turnRevision(ctx, revisionTurn{id: id, from: "'running', 'paused'", to: Cancelled, by: by})
}

// revisionTurn is a change of a revision's state.
type revisionTurn struct {
	id     int64
	from   string // the states, in SQL
	to     BroadcastState
	by     Actor
	reason PauseReason
}

func (s *Store) turnRevision(ctx context.Context, t revisionTurn) (changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		changed, err = turnRevision(ctx, tx, t)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("set the state of revision %d to %s: %w", t.id, t.to, err)
	}
	return changed, nil
}

func turnRevision(ctx context.Context, tx *sql.Tx, t revisionTurn) (changed bool, err error) {
	var issue int64
	err = tx.QueryRowContext(ctx, `
		UPDATE revisions
		SET state = ?, reason = ?
		WHERE id = ? AND finished_at = 0 AND state IN (`+t.from+`)
		RETURNING issue_id`, t.to, t.reason, t.id).Scan(&issue)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	deed := map[BroadcastState]Deed{Paused: DeedPauseRevision, Running: DeedResumeRevision, Cancelled: DeedCancelRevision}[t.to]
	return true, Audit(ctx, tx, AuditEntry{By: t.by, Deed: deed, On: Subject{Issue: issue}, Facts: Facts{Reason: t.reason.String()}})
}
