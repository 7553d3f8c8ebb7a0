package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// StartBroadcast freezes who receives the issue and starts its broadcast, in one
// transaction. It goes to every subscriber that is on and does not have the issue
// yet, from a broadcast or because it asked. A subscriber that could not get all of
// it gets the rest. StartBroadcast fails with ErrNothingToSend if there are no such
// subscribers, with ErrRunning while another broadcast of the issue is not finished,
// with ErrAggregated if the issue is so old that it is not known any more who has it, and
// with ErrWithdrawn if it is withdrawn.
func (s *Store) StartBroadcast(ctx context.Context, issue int64, by Actor) (Broadcast, error) {
	return s.startByAdmin(ctx, issue, by, nil)
}

// StartCanary is StartBroadcast with a canary: the issue goes to n chats, beginning with
// the one of the admin who asks for it and those of first, and then waits for
// ResumeBroadcast. The admin counts as one of the n in any case; included is false if the
// broadcast does not bring them the issue, because they are not subscribed or have it.
func (s *Store) StartCanary(ctx context.Context, issue int64, by Actor, n int, first []int64) (b Broadcast, included bool, err error) {
	b, err = s.startByAdmin(ctx, issue, by, func(tx *sql.Tx, b *Broadcast) (err error) {
		included, err = chooseCanaries(ctx, tx, b, n, append([]int64{by.User}, first...))
		return err
	})
	return b, included, err
}

func (s *Store) startByAdmin(ctx context.Context, issue int64, by Actor, prepare func(*sql.Tx, *Broadcast) error) (Broadcast, error) {
	var b Broadcast
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		b, err = startBroadcast(ctx, tx, issue, start{trigger: Admin, admin: by.User, due: time.Now()})
		if err == nil && b.Subscribers == 0 {
			err = ErrNothingToSend
		}
		if err == nil && prepare != nil {
			err = prepare(tx, &b)
		}
		if err != nil {
			return err
		}
		deed := DeedBroadcast
		if b.Canary {
			deed = DeedCanary
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: deed, On: Subject{Issue: issue, Broadcast: b.ID}, Facts: Facts{Count: b.Subscribers}})
	})
	if err != nil {
		return Broadcast{}, fmt.Errorf("start broadcast of issue %d: %w", issue, err)
	}
	return b, nil
}

// start is how a broadcast comes about.
type start struct {
	trigger Trigger
	admin   int64
	due     time.Time // readers with a time of their own get the issue at their first time from then on
}

func startBroadcast(ctx context.Context, tx *sql.Tx, issue int64, how start) (Broadcast, error) {
	if err := archive.CheckNotWithdrawn(ctx, tx, issue); err != nil {
		return Broadcast{}, err
	}
	if err := archive.CheckNotHeld(ctx, tx, issue); err != nil {
		return Broadcast{}, err
	}
	var unfinished, aggregated bool
	err := tx.QueryRowContext(ctx, `
		SELECT coalesce(max(finished_at = 0), 0), coalesce(max(aggregated), 0)
		FROM broadcasts
		WHERE issue_id = ?`, issue).Scan(&unfinished, &aggregated)
	switch {
	case err != nil:
		return Broadcast{}, err
	case unfinished:
		return Broadcast{}, ErrRunning
	case aggregated:
		return Broadcast{}, ErrAggregated
	}
	b, err := scanBroadcast(tx.QueryRowContext(ctx, `
		INSERT INTO broadcasts (issue_id, edition, trigger, requested_by, state, subscribers, messages, created_at)
		SELECT id, edition, ?2, ?3, 'running', 0,
			(SELECT count(*) FROM messages m WHERE m.issue_id = issues.id AND m.edition = issues.edition), ?4
		FROM issues
		WHERE id = ?1
		RETURNING `+broadcastColumns, issue, how.trigger, how.admin, now()))
	if err != nil {
		return Broadcast{}, err
	}
	err = freeze(ctx, tx, &b, how.due)
	return b, err
}

// freeze writes a delivery for everybody who is to receive the broadcast.
func freeze(ctx context.Context, tx *sql.Tx, b *Broadcast, due time.Time) error {
	if err := passOver(ctx, tx, b); err != nil { // before adopt, which forgets whose turn it was
		return err
	}
	goOn, err := adopt(ctx, tx, b)
	if err != nil {
		return err
	}
	var frozen int
	err = withOwnTimes(ctx, tx, due, func() (err error) {
		frozen, err = database.RowsChanged(tx.ExecContext(ctx, `
			INSERT OR IGNORE INTO deliveries (issue_id, subscriber_id, broadcast_id, edition, state, reason, not_before)
			SELECT ?, id, ?, ?, iif(`+passed+`, 'skipped', 'pending'), iif(`+passed+`, '`+string(ReasonNotDue)+`', ''), `+ownTime+`
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

// passed selects the subscribers whose turn it is not, once passOver has counted the issue.
const passed = "every <> 0 AND passed_over > 0" //nolint:gosec // "passed" is no password

// passOver counts an issue for the subscribers who want only one of several, and are to
// receive it or not now. It does not count for those who asked for it before, or for whom
// it was counted in a broadcast that did not bring it.
func passOver(ctx context.Context, tx *sql.Tx, b *Broadcast) error {
	if err := passOverMonth(ctx, tx, b); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE subscribers
		SET passed_over = (passed_over + 1) % every
		WHERE every > 1 AND `+receiving+` AND NOT EXISTS (
			SELECT 1
			FROM deliveries d
			WHERE d.issue_id = ? AND d.subscriber_id = subscribers.id)`, now(), b.IssueID)
	return err
}

// passOverMonth decides for whom a broadcast brings the headlines of a month: for those who
// had none with an issue of that month or a later one, unless an earlier broadcast is about
// to bring them. One that is paused is not: it may be so for ever. An issue is of the month
// that it is dated, whenever and wherever it comes.
func passOverMonth(ctx context.Context, tx *sql.Tx, b *Broadcast) error {
	const month = 7 // characters of YYYY-MM
	_, err := tx.ExecContext(ctx, `
		UPDATE subscribers
		SET passed_over = EXISTS (
			SELECT 1
			FROM issues had
			JOIN issues this ON this.id = ?1
			WHERE had.id = month_issue AND substr(had.published_on, 1, ?2) >= substr(this.published_on, 1, ?2)
		) OR EXISTS (
			SELECT 1
			FROM deliveries d
			WHERE d.subscriber_id = subscribers.id AND d.issue_id <> ?1 AND d.broadcast_id > 0 AND d.state = 'pending'
				AND d.issue_id IN (SELECT issue_id FROM broadcasts WHERE finished_at = 0 AND state = 'running')
		)
		WHERE every = `+strconv.Itoa(Monthly), b.IssueID, month)
	return err
}

// chooseCanaries chooses n canaries, beginning with the chats of first. Of the first of
// these it reports whether it is one; if not, there is one less.
func chooseCanaries(ctx context.Context, tx *sql.Tx, b *Broadcast, n int, first []int64) (included bool, err error) {
	choose := `
		INSERT INTO canaries (broadcast_id, subscriber_id)
		SELECT d.broadcast_id, d.subscriber_id
		FROM deliveries d
		WHERE d.issue_id = ?1 AND d.broadcast_id = ?2 AND d.state = 'pending'
			AND NOT EXISTS (SELECT 1 FROM canaries c WHERE c.broadcast_id = ?2 AND c.subscriber_id = d.subscriber_id)
			AND (?3 = 0 OR d.subscriber_id IN (SELECT id FROM subscribers WHERE chat_id = ?3))
		ORDER BY d.subscriber_id
		LIMIT max(0, ?4 - (SELECT count(*) FROM canaries c WHERE c.broadcast_id = ?2))`
	for i, chat := range append(slices.Clone(first), 0) { // 0: anybody
		chosen, err := database.RowsChanged(tx.ExecContext(ctx, choose, b.IssueID, b.ID, chat, n))
		if err != nil {
			return false, err
		}
		if i == 0 {
			included = chosen > 0
			if !included {
				n--
			}
		}
	}
	b.Canary = true
	// The readers who look whether it is right must not keep others waiting.
	if _, err := tx.ExecContext(ctx, `
		UPDATE deliveries
		SET not_before = 0
		WHERE issue_id = ? AND subscriber_id IN (SELECT subscriber_id FROM canaries WHERE broadcast_id = ?)`, b.IssueID, b.ID); err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, "UPDATE broadcasts SET canary = 1 WHERE id = ?", b.ID)
	return included, err
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
