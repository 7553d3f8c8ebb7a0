package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"digestbot/subscribers/database"
)

// RevisedState says how a revision stands for a subscriber.
type RevisedState string

// The states. A row that has begun is worked on from the beginning after a crash.
const (
	RevisedPending RevisedState = "pending"
	RevisedBegun   RevisedState = "begun"
	RevisedDone    RevisedState = "done"    // every message is accounted for
	RevisedSkipped RevisedState = "skipped" // the rest is not, see Reason
)

// Revised is a subscriber's share of a revision.
type Revised struct {
	RevisionID, SubscriberID int64
	State                    RevisedState
	Reason                   Reason // why the rest was skipped
	Messages, Wanted         int    // messages to be changed, and to be added
	Tally
	Adding, Attempts int // an additional message that was handed to the network with no answer yet: its position, -1 if there is none
}

// Tally is what became of messages in a revision.
type Tally struct {
	Edited, Unchanged, Deleted, Added int
	Uncertain                         int    // additional ones with an attempt that got no answer
	Missing                           int    // not there any more
	Unknown                           int    // nobody knows which messages of the issue they are, or where; in a recall also those that may have arrived
	Late                              int    // too old to be deleted
	Failed                            int    // refused in every form
	Fault                             Reason // why
}

// Sum returns of how many messages it is known what became of them.
func (t Tally) Sum() int {
	return t.Edited + t.Unchanged + t.Deleted + t.Added + t.Uncertain + t.Missing + t.Unknown + t.Late + t.Failed
}

const (
	revisedColumns = `r.revision_id, r.subscriber_id, r.state, r.reason, r.messages, r.wanted, r.edited, r.unchanged, r.deleted,
		r.added, r.uncertain, r.missing, r.unknown, r.late, r.failed, r.fault, r.adding, r.attempts`
	// accounted is Tally.Sum of a row.
	accounted = "r.edited + r.unchanged + r.deleted + r.added + r.uncertain + r.missing + r.unknown + r.late + r.failed"
)

func scanRevised(row interface{ Scan(...any) error }) (r Revised, err error) {
	err = row.Scan(&r.RevisionID, &r.SubscriberID, &r.State, &r.Reason, &r.Messages, &r.Wanted, &r.Edited, &r.Unchanged, &r.Deleted,
		&r.Added, &r.Uncertain, &r.Missing, &r.Unknown, &r.Late, &r.Failed, &r.Fault, &r.Adding, &r.Attempts)
	return r, database.NotFound(err)
}

// PendingRevised returns up to limit subscribers, with ids greater than after, whose
// messages a revision has still to change and can: their delivery is not under way.
func (s *Store) PendingRevised(ctx context.Context, r Revision, after int64, limit int) (all []int64, err error) {
	all, err = database.Collect(ctx, s.reads, func(rows *sql.Rows) (id int64, err error) {
		return id, rows.Scan(&id)
	}, `
		SELECT r.subscriber_id
		FROM revised r
		LEFT JOIN deliveries d ON d.issue_id = ?1 AND d.subscriber_id = r.subscriber_id
		WHERE r.revision_id = ?2 AND r.subscriber_id > ?3 AND r.state IN ('pending', 'begun') AND coalesce(d.state, 'done') <> 'pending'
		ORDER BY r.subscriber_id
		LIMIT ?4`, r.IssueID, r.ID, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read what is pending of revision %d: %w", r.ID, err)
	}
	return all, nil
}

// CountPendingRevised returns for how many subscribers a revision is not over.
func (s *Store) CountPendingRevised(ctx context.Context, r Revision) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, `
		SELECT count(*)
		FROM revised
		WHERE revision_id = ? AND state IN ('pending', 'begun')`, r.ID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is pending of revision %d: %w", r.ID, err)
	}
	return n, nil
}

// Share is what a revision works on for one subscriber.
type Share struct {
	Revised
	Delivery Delivery
	// CutShort says that an earlier revision was cut short here, or a crash did that to
	// this one: a message may have a text that is not on record.
	CutShort bool
	LeftOut  *LeftOut // nil: nothing is known
}

// LeftOut is what a chat is not to get of an issue: sections that were muted when it came.
// It is found out once, because a revision that is cut short leaves nothing to find it out
// from.
type LeftOut struct {
	Copy     int // of which it is true
	Sections []int64
}

func parseLeftOut(text string) (*LeftOut, error) {
	var l LeftOut
	for n, field := range strings.Fields(text) {
		id, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("what is left out, %q: %w", text, err)
		}
		if n == 0 {
			l.Copy = int(id)
			continue
		}
		l.Sections = append(l.Sections, id)
	}
	return &l, nil
}

func (l LeftOut) String() string {
	return strings.Trim(fmt.Sprint(append([]int64{int64(l.Copy)}, l.Sections...)), "[]")
}

// BeginRevised begins to change the messages of a subscriber. From then on the delivery
// does not go on until FinishRevised. ok is false if that is under way again, or if there
// is nothing to do any more. count returns how many messages there are to be changed.
func (s *Store) BeginRevised(ctx context.Context, r Revision, subscriber int64, count func(Delivery) int) (share Share, ok bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		share, ok = Share{}, false
		row, err := scanRevised(tx.QueryRowContext(ctx, `
			SELECT `+revisedColumns+`
			FROM revised r
			JOIN revisions v ON v.id = r.revision_id
			WHERE r.revision_id = ? AND r.subscriber_id = ? AND r.state IN ('pending', 'begun') AND v.state = 'running'`, r.ID, subscriber))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		d, err := scanDelivery(tx.QueryRowContext(ctx, `
			SELECT `+deliveryColumns+`
			FROM deliveries d
			WHERE d.issue_id = ? AND d.subscriber_id = ?`, r.IssueID, subscriber))
		if errors.Is(err, ErrNotFound) { // it was aggregated, or taken over by another subscriber of its chat
			_, err = tx.ExecContext(ctx, `
				UPDATE revised SET state = 'skipped', reason = '`+string(ReasonForgotten)+`', messages = 0
				WHERE revision_id = ? AND subscriber_id = ?`, r.ID, subscriber)
			return err
		}
		if err != nil || d.State == Pending {
			return err
		}
		var revising int
		var left sql.NullString
		if err := tx.QueryRowContext(ctx, `
			SELECT revising, left_out
			FROM deliveries
			WHERE issue_id = ? AND subscriber_id = ?`, r.IssueID, subscriber).Scan(&revising, &left); err != nil {
			return err
		}
		if row.State == RevisedPending {
			row.State, row.Messages = RevisedBegun, row.Sum()-row.Wanted+count(d) // a copy may have come after all was done
		}
		share, ok = Share{Revised: row, Delivery: d, CutShort: revising != 0}, true
		if left.Valid {
			if share.LeftOut, err = parseLeftOut(left.String); err != nil {
				return err
			}
		}
		return begin(ctx, tx, r, &share)
	})
	if err != nil {
		return Share{}, false, fmt.Errorf("begin revision %d for subscriber %d: %w", r.ID, subscriber, err)
	}
	return share, ok, nil
}

func begin(ctx context.Context, tx *sql.Tx, r Revision, share *Share) error {
	if _, err := tx.ExecContext(ctx, "UPDATE deliveries SET revising = ? WHERE issue_id = ? AND subscriber_id = ?",
		r.Edition, r.IssueID, share.SubscriberID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE revised SET state = 'begun', messages = ? WHERE revision_id = ? AND subscriber_id = ?",
		share.Messages, r.ID, share.SubscriberID)
	return err
}

// Change is what became of an arrived message.
type Change struct {
	ID   int      // of the message; 0: it is an additional one
	Into *Arrived // what it is now, or what is added; nil: it is not there any more
}

// apply makes the changes to what a chat has.
func apply(all []Arrived, changes []Change) []Arrived {
	for _, c := range changes {
		switch n := slices.IndexFunc(all, func(a Arrived) bool { return c.ID != 0 && a.ID == c.ID }); {
		case n < 0 && c.ID == 0 && c.Into != nil:
			all = append(all, *c.Into)
		case n < 0: // the delivery was aggregated or began anew
		case c.Into == nil:
			all = slices.Delete(all, n, n+1)
		default:
			all[n] = *c.Into
		}
	}
	return all
}

// SaveRevised writes how far a revision got for a subscriber, and what became of its
// messages, in one transaction. What Telegram did is noted even if the revision was
// cancelled meanwhile.
func (s *Store) SaveRevised(ctx context.Context, issue int64, r Revised, changes ...Change) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if err := saveChanges(ctx, tx, issue, r, changes); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE revised
			SET state = ?, reason = ?, wanted = ?, edited = ?, unchanged = ?, deleted = ?, added = ?, uncertain = ?, missing = ?,
				unknown = ?, late = ?, failed = ?, fault = ?, adding = ?, attempts = ?
			WHERE revision_id = ? AND subscriber_id = ? AND state = 'begun'`,
			r.State, r.Reason, r.Wanted, r.Edited, r.Unchanged, r.Deleted, r.Added, r.Uncertain, r.Missing,
			r.Unknown, r.Late, r.Failed, r.Fault, r.Adding, r.Attempts, r.RevisionID, r.SubscriberID)
		return err
	})
	if err != nil {
		return fmt.Errorf("save revision %d for subscriber %d: %w", r.RevisionID, r.SubscriberID, database.WithCure(err))
	}
	return nil
}

func saveChanges(ctx context.Context, tx *sql.Tx, issue int64, r Revised, changes []Change) error {
	over := r.State == RevisedDone || r.State == RevisedSkipped
	if len(changes) == 0 && !over {
		return nil
	}
	d, err := scanDelivery(tx.QueryRowContext(ctx, `
		SELECT `+deliveryColumns+`
		FROM deliveries d
		WHERE d.issue_id = ? AND d.subscriber_id = ?`, issue, r.SubscriberID))
	if errors.Is(err, ErrNotFound) { // forgotten meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	// After a refusal or a stop, a message may have a text that is not on record.
	revising := "revising"
	switch {
	case r.State == RevisedDone && r.Failed == 0:
		revising = "0"
	case over:
		revising = "-abs(revising)"
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE deliveries
		SET message_ids = ?, revising = `+revising+`
		WHERE issue_id = ? AND subscriber_id = ?`, formatArrived(apply(d.Arrived, changes)), issue, r.SubscriberID)
	return err
}

// NoteLeftOut notes what a chat is not to get of an issue.
func (s *Store) NoteLeftOut(ctx context.Context, issue, subscriber int64, l LeftOut) error {
	_, err := database.Exec(ctx, s.write, "UPDATE deliveries SET left_out = ? WHERE issue_id = ? AND subscriber_id = ?", l.String(), issue, subscriber)
	if err != nil {
		return fmt.Errorf("note what subscriber %d does not get of issue %d: %w", subscriber, issue, err)
	}
	return nil
}

// MarkRecalled notes that a chat has nothing of an issue any more, if that is so: if the
// issue is restored, a broadcast brings it again. If the headlines of a month were recalled
// with it, the next broadcast brings those.
func (s *Store) MarkRecalled(ctx context.Context, issue, subscriber int64) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `
			UPDATE deliveries
			SET state = 'skipped', reason = '`+string(ReasonRecalled)+`'
			WHERE issue_id = ? AND subscriber_id = ? AND state <> 'pending' AND message_ids = ''`, issue, subscriber)
		if !database.Affected(result, err) {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE subscribers
			SET month_issue = coalesce((
				SELECT d.issue_id
				FROM deliveries d
				JOIN issues i ON i.id = d.issue_id
				WHERE d.subscriber_id = subscribers.id AND d.layout = 'monthly' AND d.state = 'done'
				ORDER BY i.published_on DESC
				LIMIT 1), 0)
			WHERE id = ? AND month_issue = ?`, subscriber, issue)
		return err
	})
	if err != nil {
		return fmt.Errorf("note that issue %d was recalled from subscriber %d: %w", issue, subscriber, err)
	}
	return nil
}

// reviseCopy has a correction that is under way take care of a copy with an older text,
// which has arrived meanwhile.
func reviseCopy(ctx context.Context, tx *sql.Tx, d Delivery) error {
	r, err := findRevision(ctx, tx, `
		WHERE issue_id = ? AND finished_at = 0 AND state <> 'cancelled' AND (kind = 'recall' OR edition > ?)
		ORDER BY id DESC
		LIMIT 1`, d.IssueID, d.Edition)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO revised (revision_id, subscriber_id, messages) VALUES (?, ?, ?)",
		r.ID, d.SubscriberID, len(d.Arrived))
	if database.Affected(result, err) {
		_, err = tx.ExecContext(ctx, "UPDATE revisions SET subscribers = subscribers + 1 WHERE id = ?", r.ID)
		return err
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE revised
		SET state = 'pending'
		WHERE revision_id = ? AND subscriber_id = ? AND state = 'done'`, r.ID, d.SubscriberID)
	return err
}
