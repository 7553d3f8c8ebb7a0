package subscribers

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"digestbot/subscribers/database"
)

// Outcome is what became of a message, as the books count it.
type Outcome string

// The outcomes of messages.
const (
	OutcomeSent      Outcome = "sent"
	OutcomeSkipped   Outcome = "skipped"   // muted, unsubscribed, blocked, …
	OutcomeFailed    Outcome = "failed"    // Telegram refused it
	OutcomeUncertain Outcome = "uncertain" // an attempt got no answer
	OutcomePending   Outcome = "pending"   // not settled yet
)

// Outcomes are all of them.
var Outcomes = []Outcome{OutcomeSent, OutcomeSkipped, OutcomeFailed, OutcomeUncertain, OutcomePending}

// Entry is a line of the books.
type Entry struct {
	Outcome Outcome
	Reason  Reason
	// Subscribers are those whose delivery ended so. Where the reason is one of single messages
	// it is 0, but for those who have muted all of the issue.
	Subscribers int
	Messages    int
}

// Books account for every message of a broadcast: subscribers × messages =
// sent + skipped + failed + uncertain + pending.
type Books struct {
	Subscribers int // frozen at the start of the broadcast
	Messages    int // for each of them
	Entries     []Entry
	// strays counts deliveries whose row contradicts itself.
	strays int
}

// Sum returns the number of messages with that outcome, whatever the reason.
func (b Books) Sum(outcome Outcome) int {
	sum := 0
	for _, e := range b.Entries {
		if e.Outcome == outcome {
			sum += e.Messages
		}
	}
	return sum
}

// Check returns an error that wraps ErrUnbalanced unless every message of
// every subscriber is accounted for and nothing is pending.
func (b Books) Check() error {
	total := 0
	for _, e := range b.Entries {
		total += e.Messages
	}
	switch {
	case b.strays > 0:
		return fmt.Errorf("%w: %d deliveries contradict themselves", ErrUnbalanced, b.strays)
	case total != b.Subscribers*b.Messages:
		return fmt.Errorf("%w: %d subscribers × %d messages are %d, the outcomes add up to %d",
			ErrUnbalanced, b.Subscribers, b.Messages, b.Subscribers*b.Messages, total)
	case b.Sum(OutcomePending) > 0:
		return fmt.Errorf("%w: %d messages are pending", ErrUnbalanced, b.Sum(OutcomePending))
	}
	return nil
}

// Books returns the books of a broadcast as they stand.
func (s *Store) Books(ctx context.Context, broadcast int64) (Books, error) {
	b, err := s.Broadcast(ctx, broadcast)
	if err != nil {
		return Books{}, fmt.Errorf("read books of broadcast %d: %w", broadcast, err)
	}
	return readBooks(ctx, s.reads, b)
}

// outcomes selects rows of outcome, reason, subscribers and messages for the
// deliveries that the condition selects. A settled message is sent, muted, covered or
// uncertain; the state of a delivery says what became of the rest.
func outcomes(condition string) string {
	const selected = "FROM deliveries d JOIN broadcasts b ON b.id = d.broadcast_id WHERE "
	return `
		SELECT 'sent' AS outcome, '' AS reason, 0 AS subscribers, sum(sent) AS messages ` + selected + condition + `
		UNION ALL SELECT 'skipped', '` + string(ReasonMuted) + `',
			sum(d.state = 'done' AND muted > 0 AND sent = 0 AND uncertain = 0), sum(muted) ` + selected + condition + `
		UNION ALL SELECT 'skipped', '` + string(ReasonCovered) + `', 0, sum(covered) ` + selected + condition + `
		UNION ALL SELECT 'uncertain', '', 0, sum(uncertain) ` + selected + condition + `
		UNION ALL SELECT d.state, d.reason, count(*), sum(b.messages - sent - muted - covered - uncertain) ` + selected + condition + `
			AND d.state <> 'done'
			GROUP BY d.state, d.reason`
}

func readBooks(ctx context.Context, q database.Queryer, b Broadcast) (Books, error) {
	books := Books{Subscribers: b.Subscribers, Messages: b.Messages}
	const mine = "d.issue_id = ?1 AND d.broadcast_id = ?2"
	entries, err := database.Collect(ctx, q, func(rows *sql.Rows) (e Entry, err error) {
		return e, rows.Scan(&e.Outcome, &e.Reason, &e.Subscribers, &e.Messages)
	}, `
		SELECT outcome, reason, sum(subscribers), sum(messages)
		FROM (
			SELECT outcome, reason, subscribers, messages FROM totals WHERE broadcast_id = ?2
			UNION ALL `+outcomes(mine)+`
		)
		GROUP BY outcome, reason
		HAVING sum(messages) > 0 OR sum(subscribers) > 0`, b.IssueID, b.ID)
	if err != nil {
		return Books{}, fmt.Errorf("read books of broadcast %d: %w", b.ID, err)
	}
	slices.SortFunc(entries, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Outcome, y.Outcome), -cmp.Compare(x.Messages, y.Messages), cmp.Compare(x.Reason, y.Reason))
	})
	books.Entries = entries
	err = q.QueryRowContext(ctx, `
		SELECT count(*)
		FROM deliveries d
		WHERE `+mine+` AND (next_message <> sent + muted + covered + uncertain OR (state = 'done' AND next_message <> ?3))`,
		b.IssueID, b.ID, b.Messages).Scan(&books.strays)
	return books, err
}

// aggregate adds what became of the selected deliveries to the totals of their
// broadcasts, so that the rows can be deleted and the books stay as they are.
func aggregate(ctx context.Context, tx *sql.Tx, condition string, args ...any) error {
	rows, err := database.Collect(ctx, tx, func(rows *sql.Rows) (id int64, err error) {
		return id, rows.Scan(&id)
	}, "SELECT DISTINCT d.broadcast_id FROM deliveries d WHERE d.broadcast_id IS NOT NULL AND "+condition, args...)
	if err != nil {
		return err
	}
	for _, broadcast := range rows {
		of := fmt.Sprintf("d.broadcast_id = %d AND %s", broadcast, condition)
		// outcomes has the condition five times, with its parameters.
		var all []any
		for range 5 {
			all = append(all, args...)
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`
			INSERT INTO totals (broadcast_id, outcome, reason, subscribers, messages)
			SELECT %d, CASE outcome WHEN 'pending' THEN 'skipped' ELSE outcome END,
				CASE outcome WHEN 'pending' THEN '`+string(ReasonForgotten)+`' ELSE reason END, sum(subscribers), sum(messages)
			FROM (%s)
			WHERE messages IS NOT NULL
			GROUP BY 2, 3
			ON CONFLICT DO UPDATE SET
				subscribers = subscribers + excluded.subscribers, messages = messages + excluded.messages`,
			broadcast, outcomes(of)), all...); err != nil {
			return fmt.Errorf("aggregate deliveries of broadcast %d: %w", broadcast, err)
		}
	}
	return nil
}
