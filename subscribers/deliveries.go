package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DeliveryState tells how a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Delivered DeliveryState = "done"    // every message is settled
	Skipped   DeliveryState = "skipped" // the rest is not sent: Reason
	Failed    DeliveryState = "failed"  // the rest could not be sent: Reason
)

// Progress is how far a delivery got. Messages before NextMessage are settled:
// each is sent, muted or uncertain.
type Progress struct {
	NextMessage int
	Attempts    int // how often NextMessage was handed to the network with no answer yet
	State       DeliveryState
	Reason      string // why skipped or failed
	Sent        int
	Muted       int
	Uncertain   int   // messages with an attempt that got no answer: perhaps sent twice, or not at all
	MessageIDs  []int // Telegram's ids of the messages that were accepted
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
	d.next_message, d.attempts, d.state, d.reason, d.sent, d.muted, d.uncertain, d.message_ids`

func scanDelivery(row interface{ Scan(...any) error }) (d Delivery, err error) {
	var ids string
	err = row.Scan(&d.IssueID, &d.SubscriberID, &d.BroadcastID, &d.Edition,
		&d.NextMessage, &d.Attempts, &d.State, &d.Reason, &d.Sent, &d.Muted, &d.Uncertain, &ids)
	if err != nil {
		return Delivery{}, notFound(err)
	}
	d.MessageIDs, err = parseIDs(ids)
	return d, err
}

func parseIDs(ids string) ([]int, error) {
	var parsed []int
	for field := range strings.FieldsSeq(ids) {
		id, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("message ids %q: %w", ids, err)
		}
		parsed = append(parsed, id)
	}
	return parsed, nil
}

func formatIDs(ids []int) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(id))
	}
	return b.String()
}

// PendingDeliveries returns up to limit deliveries of a broadcast that are
// pending, for subscribers with an id greater than after, by subscriber id.
// While a broadcast is a canary these are only its canaries.
func (s *Store) PendingDeliveries(ctx context.Context, b Broadcast, after int64, limit int) ([]Delivery, error) {
	pending, err := s.deliveries(ctx, `
		WHERE d.issue_id = ?1 AND d.subscriber_id > ?2 AND d.broadcast_id = ?3 AND d.state = 'pending'
			AND (NOT ?5 OR d.subscriber_id IN (SELECT subscriber_id FROM canaries WHERE broadcast_id = ?3))
		ORDER BY d.subscriber_id
		LIMIT ?4`, b.IssueID, after, b.ID, limit, b.Canary)
	if err != nil {
		return nil, fmt.Errorf("read pending deliveries of broadcast %d: %w", b.ID, err)
	}
	return pending, nil
}

// PendingRequests returns the deliveries that readers asked for and that are
// not finished.
func (s *Store) PendingRequests(ctx context.Context) ([]Delivery, error) {
	pending, err := s.deliveries(ctx, "WHERE d.broadcast_id IS NULL AND d.state = 'pending'")
	if err != nil {
		return nil, fmt.Errorf("read pending requests: %w", err)
	}
	return pending, nil
}

func (s *Store) deliveries(ctx context.Context, where string, args ...any) ([]Delivery, error) {
	return collect(ctx, s.reads, func(rows *sql.Rows) (Delivery, error) {
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

// RequestDelivery notes that a reader asked for an issue. started is false
// when there is a delivery of the issue to this subscriber already, whoever
// set it off; then that one is returned.
func (s *Store) RequestDelivery(ctx context.Context, issue, subscriber int64) (d Delivery, started bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT OR IGNORE INTO deliveries (issue_id, subscriber_id, edition)
			SELECT id, ?, edition
			FROM issues
			WHERE id = ?`, subscriber, issue)
		if err != nil {
			return err
		}
		started = affected(result, err)
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

// SaveProgress writes how far deliveries got, all in one transaction. A
// delivery that no longer exists (its chat was forgotten) is passed over.
func (s *Store) SaveProgress(ctx context.Context, deliveries []Delivery) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		update, err := tx.PrepareContext(ctx, `
			UPDATE deliveries
			SET crashes = CASE next_message WHEN ?1 THEN crashes ELSE 0 END,
				next_message = ?1, attempts = ?, state = ?, reason = ?, sent = ?, muted = ?, uncertain = ?, message_ids = ?
			WHERE issue_id = ? AND subscriber_id = ?`)
		if err != nil {
			return err
		}
		defer update.Close()
		for i := range deliveries {
			d := &deliveries[i]
			if _, err := update.ExecContext(ctx, d.NextMessage, d.Attempts, d.State, d.Reason, d.Sent, d.Muted, d.Uncertain,
				formatIDs(d.MessageIDs), d.IssueID, d.SubscriberID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save progress of %d deliveries: %w", len(deliveries), err)
	}
	return nil
}

// maxCrashes is how often a message is sent again because the program was
// killed while it was on its way. A message may be lost each time, so it is
// worth more than one attempt; but a program that dies of an answer, and is
// started again and again, must not go on for ever.
const maxCrashes = 10

// Recover prepares the deliveries that a crash cut off while they repeated a
// message: it may be repeated once more. It is for the start of the program,
// when nothing is on its way. It returns how many deliveries were cut off.
func (s *Store) Recover(ctx context.Context) (interrupted int, err error) {
	const cutOff = `
		state = 'pending' AND attempts > 0 AND issue_id IN (
			SELECT issue_id FROM broadcasts WHERE finished_at = 0
			UNION
			SELECT issue_id FROM deliveries WHERE broadcast_id IS NULL AND state = 'pending')`
	err = s.write(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM deliveries WHERE "+cutOff).Scan(&interrupted); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE deliveries
			SET attempts = 1, crashes = crashes + 1
			WHERE attempts > 1 AND crashes < ? AND `+cutOff, maxCrashes)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("recover interrupted deliveries: %w", err)
	}
	return interrupted, nil
}

// Recipient is what must be known of a subscriber to send it something.
type Recipient struct {
	Subscriber
	Muted map[int64]bool // ids of the sections it has muted
}

// Recipient returns the subscriber with that id, or ErrNotFound.
func (s *Store) Recipient(ctx context.Context, subscriber int64) (Recipient, error) {
	recipients, err := s.Recipients(ctx, subscriber, subscriber)
	if err == nil && len(recipients) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Recipient{}, fmt.Errorf("read subscriber %d: %w", subscriber, err)
	}
	return recipients[subscriber], nil
}

// Recipients returns the subscribers with ids from first to last, by id.
func (s *Store) Recipients(ctx context.Context, first, last int64) (map[int64]Recipient, error) {
	type row struct {
		sub     Subscriber
		section int64
	}
	rows, err := collect(ctx, s.reads, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(append(r.sub.fields(), &r.section)...)
	}, `
		SELECT `+subscriberColumns+`, coalesce(section_id, 0)
		FROM subscribers
		LEFT JOIN muted_sections ON subscriber_id = id
		WHERE id BETWEEN ? AND ?`, first, last)
	if err != nil {
		return nil, err
	}
	recipients := make(map[int64]Recipient)
	for _, r := range rows {
		recipient, ok := recipients[r.sub.ID]
		if !ok {
			recipient = Recipient{Subscriber: r.sub}
		}
		if r.section != 0 {
			if recipient.Muted == nil {
				recipient.Muted = make(map[int64]bool)
			}
			recipient.Muted[r.section] = true
		}
		recipients[r.sub.ID] = recipient
	}
	return recipients, nil
}

// Reaches returns nil when the recipient is to get the delivery's next
// message, else the reason why the rest is skipped: the chat left, was lost, or
// paused (ErrOnPause), after the broadcast had begun. A reader who asked gets
// what it asked for.
func (r Recipient) Reaches(d *Delivery) error {
	switch {
	case r.State == On && d.BroadcastID != 0 && r.IsPaused(time.Now()):
		return ErrOnPause
	case r.State == On, d.BroadcastID == 0 && r.State == Off:
		return nil
	case r.Reason != "":
		return errors.New(r.Reason)
	default:
		return errors.New("unsubscribed")
	}
}
