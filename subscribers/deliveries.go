package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"digestbot/digest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// DeliveryState says how a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Delivered DeliveryState = "done"    // every message is settled
	Skipped   DeliveryState = "skipped" // the rest is not sent, see Reason
	Failed    DeliveryState = "failed"  // the rest could not be sent, see Reason
)

// Progress is how far a delivery got. Messages before NextMessage are settled:
// each is sent, muted, covered or uncertain.
type Progress struct {
	NextMessage int
	Attempts    int // how often NextMessage was handed to the network with no answer yet
	State       DeliveryState
	Reason      Reason // why skipped or failed
	Sent        int
	Muted       int
	Covered     int           // their content came within another message, in the compact and rich layouts
	Uncertain   int           // messages with an attempt that got no answer: perhaps sent twice, or not at all
	Layout      digest.Layout // of its first message; empty: it has not begun
	Arrived     []Arrived     // the messages that Telegram has accepted
}

// Delivery is one subscriber's share of an issue.
type Delivery struct {
	IssueID      int64
	SubscriberID int64
	BroadcastID  int64 // 0: the reader asked for it
	Edition      int
	Progress
}

const deliveryColumns = `d.issue_id, d.subscriber_id, coalesce(d.broadcast_id, 0), d.edition,
	d.next_message, d.attempts, d.state, d.reason, d.sent, d.muted, d.covered, d.uncertain, d.layout, d.message_ids`

func scanDelivery(row interface{ Scan(...any) error }) (d Delivery, err error) {
	var ids string
	err = row.Scan(&d.IssueID, &d.SubscriberID, &d.BroadcastID, &d.Edition,
		&d.NextMessage, &d.Attempts, &d.State, &d.Reason, &d.Sent, &d.Muted, &d.Covered, &d.Uncertain, &d.Layout, &ids)
	if err != nil {
		return Delivery{}, database.NotFound(err)
	}
	d.Arrived, err = parseArrived(ids)
	return d, err
}

// PendingDeliveries returns up to limit deliveries of a broadcast that are
// pending and due, for subscribers with an id greater than after, in the order of
// their ids. While a broadcast is a canary, only its canaries are returned.
func (s *Store) PendingDeliveries(ctx context.Context, b Broadcast, after int64, limit int) ([]Delivery, error) {
	pending, err := s.deliveries(ctx, `
		WHERE d.issue_id = ?1 AND d.subscriber_id > ?2 AND d.broadcast_id = ?3 AND d.state = 'pending'
			AND (d.not_before <= ?6 OR d.not_before > ?6 + ?7)
			AND (NOT ?5 OR d.subscriber_id IN (SELECT subscriber_id FROM canaries WHERE broadcast_id = ?3))
		ORDER BY d.subscriber_id
		LIMIT ?4`, b.IssueID, after, b.ID, limit, b.Canary, now(), beyondOwnTime)
	if err != nil {
		return nil, fmt.Errorf("read pending deliveries of broadcast %d: %w", b.ID, err)
	}
	return pending, nil
}

// PendingRequests returns the deliveries that readers asked for and that are not
// finished. Among them are failed deliveries of a broadcast that is over, if their
// readers asked again. Those of withdrawn issues are left out.
func (s *Store) PendingRequests(ctx context.Context) (all []Delivery, err error) {
	for _, where := range []string{ // each has its own index
		"d.broadcast_id IS NULL AND d.state = 'pending'",
		"d.state = 'pending' AND d.not_before > 0 AND d.broadcast_id IN (SELECT id FROM broadcasts WHERE finished_at > 0)",
	} {
		pending, err := s.deliveries(ctx, "WHERE "+where+" AND d.issue_id NOT IN "+archive.WithdrawnSQL)
		if err != nil {
			return nil, fmt.Errorf("read pending requests: %w", err)
		}
		all = append(all, pending...)
	}
	return all, nil
}

func (s *Store) deliveries(ctx context.Context, where string, args ...any) ([]Delivery, error) {
	return database.Collect(ctx, s.reads, func(rows *sql.Rows) (Delivery, error) {
		return scanDelivery(rows)
	}, "SELECT "+deliveryColumns+" FROM deliveries d "+where, args...)
}

// Delivery returns a subscriber's share of an issue, or ErrNotFound.
func (s *Store) Delivery(ctx context.Context, issue, subscriber int64) (Delivery, error) {
	return scanDelivery(s.reads.QueryRowContext(ctx, `
		SELECT `+deliveryColumns+`
		FROM deliveries d
		WHERE d.issue_id = ? AND d.subscriber_id = ?`, issue, subscriber))
}

// RequestDelivery notes that a reader asked for an issue. started is false if there
// is a delivery of the issue to this subscriber already, for whatever reason. Then
// that one is returned, and waits no longer for the reader's own time. It fails with
// ErrWithdrawn if the issue is withdrawn, and with ErrHeld if it waits for approval.
func (s *Store) RequestDelivery(ctx context.Context, issue, subscriber int64) (d Delivery, started bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
			return err
		}
		if err := archive.CheckNotHeld(ctx, tx, issue); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `
			INSERT OR IGNORE INTO deliveries (issue_id, subscriber_id, edition)
			SELECT id, ?, edition
			FROM issues
			WHERE id = ?`, subscriber, issue)
		if err != nil {
			return err
		}
		if started = database.Affected(result, err); !started {
			if err := hasten(ctx, tx, issue, subscriber); err != nil {
				return err
			}
		}
		d, err = scanDelivery(tx.QueryRowContext(ctx, `
			SELECT `+deliveryColumns+`
			FROM deliveries d
			WHERE d.issue_id = ? AND d.subscriber_id = ?`, issue, subscriber))
		return err
	})
	if err != nil {
		return Delivery{}, false, fmt.Errorf("request issue %d for subscriber %d: %w", issue, subscriber, err)
	}
	return d, started, nil
}

// SaveProgress writes how far deliveries got, all in one transaction. A delivery is
// passed over if it is no longer there (its chat was forgotten, or another broadcast
// has taken its place), is no longer pending, or got further already.
func (s *Store) SaveProgress(ctx context.Context, deliveries []Delivery) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		update := tx.StmtContext(ctx, s.progress)
		defer update.Close()
		for i := range deliveries {
			if err := saveProgress(ctx, tx, update, &deliveries[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save progress of %d deliveries: %w", len(deliveries), database.WithCure(err))
	}
	return nil
}

// updateProgress is the statement of saveProgress.
const updateProgress = `
	UPDATE deliveries
	SET next_message = ?1, attempts = ?2, state = ?3, reason = ?4, sent = ?5, muted = ?6, covered = ?7, uncertain = ?8,
		layout = ?9, message_ids = ?10
	WHERE issue_id = ?11 AND subscriber_id = ?12 AND coalesce(broadcast_id, 0) = ?13 AND edition = ?14
		AND state = 'pending' AND (next_message, attempts) <= (?1, ?2)`

func saveProgress(ctx context.Context, tx *sql.Tx, update *sql.Stmt, d *Delivery) error {
	result, err := update.ExecContext(ctx, d.NextMessage, d.Attempts, d.State, d.Reason, d.Sent, d.Muted, d.Covered, d.Uncertain,
		d.Layout, formatArrived(d.Arrived), d.IssueID, d.SubscriberID, d.BroadcastID, d.Edition)
	if !database.Affected(result, err) {
		return err
	}
	if d.State != Pending && (d.Sent > 0 || len(d.Arrived) > 0) {
		if err := confirm(ctx, tx, d.SubscriberID); err != nil {
			return err
		}
	}
	if d.Layout != digest.LayoutMonthly {
		return nil
	}
	return noteMonth(ctx, tx, d)
}

// noteMonth notes that a delivery has brought the headlines of a month. If Telegram has
// never answered, they may not have come, and are due with the next issue. A broadcast that
// was paused for long may bring older ones than a later broadcast did.
func noteMonth(ctx context.Context, tx *sql.Tx, d *Delivery) error {
	if d.Sent == 0 && len(d.Arrived) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE subscribers
		SET month_issue = ?1
		WHERE id = ?2 AND NOT EXISTS (
			SELECT 1
			FROM issues had
			JOIN issues this ON this.id = ?1
			WHERE had.id = month_issue AND had.published_on > this.published_on)`, d.IssueID, d.SubscriberID)
	return err
}

// maxArrived is how many messages a delivery has on record at most when its reader asks for
// more and more copies.
const maxArrived = 400

// AddCopy notes the messages of a copy of an issue that a reader has got, who had it and
// asked once more. Nothing is noted if the delivery is gone or has not ended.
func (s *Store) AddCopy(ctx context.Context, d Delivery) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		known, err := scanDelivery(tx.QueryRowContext(ctx, `
			SELECT `+deliveryColumns+`
			FROM deliveries d
			WHERE d.issue_id = ? AND d.subscriber_id = ? AND d.state <> 'pending'`, d.IssueID, d.SubscriberID))
		if errors.Is(err, ErrNotFound) || err == nil && len(known.Arrived)+len(d.Arrived) > maxArrived {
			return nil
		}
		if err != nil {
			return err
		}
		number := 1
		for _, h := range known.Arrived {
			number = max(number, h.Copy+1)
		}
		for _, h := range d.Arrived {
			h.Edition, h.Layout, h.Copy = d.Edition, d.Layout, number
			known.Arrived = append(known.Arrived, h)
		}
		_, err = tx.ExecContext(ctx, "UPDATE deliveries SET message_ids = ? WHERE issue_id = ? AND subscriber_id = ?",
			formatArrived(known.Arrived), d.IssueID, d.SubscriberID)
		if err != nil {
			return err
		}
		return reviseCopy(ctx, tx, d)
	})
	if err != nil {
		return fmt.Errorf("note a copy of issue %d for subscriber %d: %w", d.IssueID, d.SubscriberID, err)
	}
	return nil
}

// CountInterrupted returns how many deliveries were cut off by a crash while a message
// was on its way.
func (s *Store) CountInterrupted(ctx context.Context) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT count(*)
		FROM deliveries
		WHERE state = 'pending' AND attempts > 0 AND issue_id IN (
			SELECT issue_id FROM broadcasts WHERE finished_at = 0
			UNION
			SELECT issue_id FROM deliveries WHERE broadcast_id IS NULL AND state = 'pending')`).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count interrupted deliveries: %w", err)
	}
	return n, nil
}
