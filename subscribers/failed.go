package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// A reader whose delivery has failed does not have the issue. The delivery goes on
// when the reader asks once more, when an admin retries it, or with the next broadcast
// of the issue. It goes on from the message that failed, so that nobody gets a section
// twice.

// Failure is how many deliveries of an issue have failed for a reason.
type Failure struct {
	IssueID     int64
	BroadcastID int64 // 0: the readers asked for it
	Reason      Reason
	Subscribers int
}

// FailedDeliveries returns the failures of all issues that were not tried again
// since, those of the newest issue and the most frequent reason first.
func (s *Store) FailedDeliveries(ctx context.Context) ([]Failure, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (f Failure, err error) {
		return f, rows.Scan(&f.IssueID, &f.BroadcastID, &f.Reason, &f.Subscribers)
	}, `
		SELECT issue_id, coalesce(broadcast_id, 0), reason, count(*)
		FROM deliveries
		WHERE state = 'failed'
		GROUP BY issue_id, broadcast_id, reason
		ORDER BY issue_id DESC, count(*) DESC, reason`)
	if err != nil {
		return nil, fmt.Errorf("count failed deliveries: %w", err)
	}
	return all, nil
}

// FailedBefore returns how many of the Audience of an issue are subscribers to whom
// it could not be delivered before.
func (s *Store) FailedBefore(ctx context.Context, issue int64) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT count(*)
		FROM deliveries d
		WHERE d.issue_id = ? AND d.state = 'failed' AND (`+givenUp+` OR `+cutShort+`)
			AND d.subscriber_id IN (SELECT id FROM subscribers WHERE `+receiving+`)`, issue, now()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count failed deliveries of issue %d: %w", issue, err)
	}
	return n, nil
}

const (
	// unfinished selects the deliveries that failed, or whose broadcast was cancelled. One
	// whose messages are being revised does not go on before that is over.
	unfinished = `((d.state = 'failed' OR d.state = 'skipped' AND d.reason = '` + string(ReasonCancelled) + `') AND d.revising <= 0)`
	// givenUp selects those of them of which nothing was sent, and those that were recalled.
	givenUp = `(d.next_message = 0 AND ` + unfinished + ` OR d.state = 'skipped' AND d.reason = '` + string(ReasonRecalled) + `')`
	// cutShort selects those of them of which a part was sent, and that can go on: after
	// a correction nobody knows which message is the next one.
	cutShort = `(d.next_message > 0 AND ` + unfinished + ` AND d.edition = (SELECT edition FROM issues WHERE id = d.issue_id)
		AND d.next_message < (SELECT count(*) FROM messages m WHERE m.issue_id = d.issue_id AND m.edition = d.edition))`
)

// adopt takes over deliveries for a new broadcast: those that ended before their readers
// had the issue. It returns how many of them go on. They stay in the books of the old
// broadcast.
func adopt(ctx context.Context, tx *sql.Tx, b *Broadcast) (goOn int, err error) {
	const mine = `d.issue_id = ? AND d.subscriber_id IN (SELECT id FROM subscribers WHERE ` + receiving + `) AND `
	at := now()
	if err := aggregate(ctx, tx, mine+givenUp, b.IssueID, at); err != nil {
		return 0, err
	}
	if err := aggregate(ctx, tx, mine+cutShort, b.IssueID, at); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM deliveries AS d WHERE "+mine+givenUp, b.IssueID, at); err != nil {
		return 0, err
	}
	return database.RowsChanged(tx.ExecContext(ctx, `
		UPDATE deliveries AS d
		SET broadcast_id = ?, state = 'pending', reason = '', attempts = 0, not_before = 0
		WHERE `+mine+cutShort, b.ID, b.IssueID, at))
}

// RetryFailed makes the failed deliveries of a broadcast pending again, each from the
// message that failed. The broadcast is done, or running: it may wait days for
// readers with a time of their own. Failed deliveries to readers who asked for the
// issue become pending, too; they are PendingRequests then. n is the number of all;
// 0: nothing changed. It fails with ErrWithdrawn if the issue is withdrawn.
func (s *Store) RetryFailed(ctx context.Context, id int64, by Actor) (n int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var issue int64 // 0: there is no such broadcast
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(issue_id), 0) FROM broadcasts WHERE id = ?", id).Scan(&issue); err != nil {
			return err
		}
		if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
			return err
		}
		of, err := retry(ctx, tx, `
			d.issue_id = (SELECT issue_id FROM broadcasts WHERE id = ?1 AND state IN ('done', 'running')) AND d.broadcast_id = ?1`, id)
		if err != nil {
			return err
		}
		if of > 0 {
			if _, err := tx.ExecContext(ctx, "UPDATE broadcasts SET state = 'running', finished_at = 0, reported = 0 WHERE id = ?", id); err != nil {
				return err
			}
		}
		asked, err := retry(ctx, tx, "d.issue_id = (SELECT issue_id FROM broadcasts WHERE id = ?1) AND d.broadcast_id IS NULL", id)
		if n = of + asked; n == 0 || err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedRetry, On: Subject{Issue: issue, Broadcast: id}, Facts: Facts{Count: n}})
	})
	if err != nil {
		return 0, fmt.Errorf("retry failed deliveries of broadcast %d: %w", id, err)
	}
	return n, nil
}

// RetryRequests is RetryFailed, but only for readers who asked for an issue.
func (s *Store) RetryRequests(ctx context.Context, issue int64, by Actor) (n int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
			return err
		}
		if n, err = retry(ctx, tx, "d.issue_id = ?1 AND d.broadcast_id IS NULL", issue); n == 0 || err != nil {
			return err
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: DeedRetry, On: Subject{Issue: issue}, Facts: Facts{Count: n}})
	})
	if err != nil {
		return 0, fmt.Errorf("retry failed requests of issue %d: %w", issue, err)
	}
	return n, nil
}

// retry makes failed deliveries pending again. The condition, with its parameter ?1,
// selects them.
func retry(ctx context.Context, tx *sql.Tx, condition string, of int64) (int, error) {
	return database.RowsChanged(tx.ExecContext(ctx, `
		UPDATE deliveries AS d
		SET state = 'pending', reason = '', attempts = 0,
			not_before = ?2, -- where NextOwnTime looks
			edition = CASE WHEN broadcast_id IS NULL AND next_message = 0 THEN (SELECT edition FROM issues WHERE id = issue_id) ELSE edition END
		WHERE d.state = 'failed' AND d.revising <= 0 AND `+condition, of, now()))
}

// AskAgainFor makes the failed delivery of a reader who asks once more pending again,
// from the message that failed. If the issue was corrected since, the request begins
// anew. ok is false if the delivery has not failed, or if it cannot begin anew because
// it is in the books of a broadcast.
func (s *Store) AskAgainFor(ctx context.Context, issue, subscriber int64) (ok bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		const mine = "d.issue_id = ?1 AND d.subscriber_id = ?2 AND d.state = 'failed' AND d.revising <= 0 AND "
		result, err := tx.ExecContext(ctx, `
			DELETE FROM deliveries AS d
			WHERE `+mine+"d.broadcast_id IS NULL AND NOT "+cutShort, issue, subscriber)
		if err != nil {
			return err
		}
		if ok = database.Affected(result, err); ok {
			_, err = tx.ExecContext(ctx, `
				INSERT INTO deliveries (issue_id, subscriber_id, edition)
				SELECT id, ?2, edition
				FROM issues
				WHERE id = ?1`, issue, subscriber)
			return err
		}
		result, err = tx.ExecContext(ctx, `
			UPDATE deliveries AS d
			SET state = 'pending', reason = '', attempts = 0, not_before = ?3
			WHERE `+mine+"d.edition = (SELECT edition FROM issues WHERE id = d.issue_id)", issue, subscriber, now())
		ok = database.Affected(result, err)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("ask again for issue %d for subscriber %d: %w", issue, subscriber, err)
	}
	return ok, nil
}
