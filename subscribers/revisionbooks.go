package subscribers

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"digestbot/subscribers/database"
)

// The outcomes of messages in a revision, besides skipped, failed, uncertain and pending.
const (
	OutcomeEdited    Outcome = "edited"
	OutcomeUnchanged Outcome = "unchanged"
	OutcomeDeleted   Outcome = "deleted"
	OutcomeAdded     Outcome = "added"
)

// RevisionBooks account for every message of a revision: messages = edited + unchanged +
// deleted + added + skipped + failed + uncertain + pending.
type RevisionBooks struct {
	Subscribers int // frozen at the start
	Messages    int // on record then, or when their turn came, and added
	Open        int // subscribers for whom it is not over
	Entries     []Entry
	known       int // subscribers with a row, or in the totals
	strays      int // rows that contradict themselves
}

// Sum returns the number of messages with that outcome, whatever the reason.
func (b RevisionBooks) Sum(outcome Outcome) int { return Books{Entries: b.Entries}.Sum(outcome) }

// Check returns an error that wraps ErrUnbalanced unless every message of every subscriber
// is accounted for and nothing is pending.
func (b RevisionBooks) Check() error {
	total := 0
	for _, e := range b.Entries {
		total += e.Messages
	}
	switch {
	case b.strays > 0:
		return fmt.Errorf("%w: %d subscribers contradict themselves", ErrUnbalanced, b.strays)
	case b.known != b.Subscribers:
		return fmt.Errorf("%w: %d subscribers were frozen, of %d it is known what became of their messages", ErrUnbalanced, b.Subscribers, b.known)
	case total != b.Messages:
		return fmt.Errorf("%w: there are %d messages, the outcomes add up to %d", ErrUnbalanced, b.Messages, total)
	case b.Open > 0:
		return fmt.Errorf("%w: %d subscribers are pending", ErrUnbalanced, b.Open)
	}
	return nil
}

// revisionOutcomes selects rows of outcome, reason, subscribers and messages for the rows
// of revised that the condition selects.
func revisionOutcomes(condition string) string {
	from := " FROM revised r WHERE " + condition
	all := ""
	for _, column := range []struct {
		outcome Outcome
		reason  Reason
		name    string
	}{
		{OutcomeEdited, "", "edited"}, {OutcomeUnchanged, "", "unchanged"}, {OutcomeDeleted, "", "deleted"}, {OutcomeAdded, "", "added"},
		{OutcomeUncertain, "", "uncertain"}, {OutcomeSkipped, ReasonMissing, "missing"}, {OutcomeSkipped, ReasonUnknown, "unknown"},
		{OutcomeSkipped, ReasonLate, "late"},
	} {
		all += fmt.Sprintf("SELECT '%s' AS outcome, '%s' AS reason, 0 AS subscribers, sum(%s) AS messages %s UNION ALL ",
			column.outcome, column.reason, column.name, from)
	}
	return all + `
		SELECT 'failed', fault, 0, sum(failed)` + from + ` AND failed > 0 GROUP BY fault
		UNION ALL SELECT CASE state WHEN 'skipped' THEN 'skipped' ELSE 'pending' END, reason, count(*), sum(messages + wanted - (` + accounted + `))` + from + `
			AND state <> 'done'
			GROUP BY 1, 2
		UNION ALL SELECT 'unchanged', '', count(*), 0` + from + " AND state = 'done'"
}

// RevisionBooks returns the books of a revision as they stand.
func (s *Store) RevisionBooks(ctx context.Context, id int64) (RevisionBooks, error) {
	r, err := s.Revision(ctx, id)
	if err != nil {
		return RevisionBooks{}, fmt.Errorf("read books of revision %d: %w", id, err)
	}
	return readRevisionBooks(ctx, s.reads, r)
}

func readRevisionBooks(ctx context.Context, q database.Queryer, r Revision) (RevisionBooks, error) {
	books := RevisionBooks{Subscribers: r.Subscribers}
	const mine = "r.revision_id = ?1"
	entries, err := database.Collect(ctx, q, func(rows *sql.Rows) (e Entry, err error) {
		return e, rows.Scan(&e.Outcome, &e.Reason, &e.Subscribers, &e.Messages)
	}, `
		SELECT outcome, reason, sum(subscribers), sum(messages)
		FROM (
			SELECT outcome, reason, subscribers, messages FROM revision_totals WHERE revision_id = ?1
			UNION ALL `+revisionOutcomes(mine)+`
		)
		GROUP BY outcome, reason
		HAVING sum(messages) > 0 OR sum(subscribers) > 0`, r.ID)
	if err != nil {
		return books, fmt.Errorf("read books of revision %d: %w", r.ID, err)
	}
	slices.SortFunc(entries, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Outcome, y.Outcome), -cmp.Compare(x.Messages, y.Messages), cmp.Compare(x.Reason, y.Reason))
	})
	for _, e := range entries {
		books.known += e.Subscribers
		if e.Messages > 0 {
			books.Entries = append(books.Entries, e)
		}
	}
	err = q.QueryRowContext(ctx, `
		SELECT coalesce(sum(messages + wanted), 0) + (SELECT coalesce(sum(messages), 0) FROM revision_totals WHERE revision_id = ?1),
			coalesce(sum(state IN ('pending', 'begun')), 0),
			coalesce(sum(messages + wanted < `+accounted+` OR state = 'done' AND messages + wanted <> `+accounted+`), 0)
		FROM revised r
		WHERE `+mine, r.ID).Scan(&books.Messages, &books.Open, &books.strays)
	return books, err
}

// FinishRevision closes the books of a revision that was cancelled, or has nothing pending
// any more, and returns them. It fails with ErrUnbalanced if they do not add up.
func (s *Store) FinishRevision(ctx context.Context, id int64) (books RevisionBooks, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := findRevision(ctx, tx, "WHERE id = ?", id)
		if err != nil {
			return err
		}
		if r.State == Cancelled {
			if err := abandonRevision(ctx, tx, r); err != nil {
				return err
			}
		}
		if books, err = readRevisionBooks(ctx, tx, r); err != nil {
			return err
		}
		if err := books.Check(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE revisions
			SET state = CASE state WHEN 'cancelled' THEN state ELSE 'done' END, finished_at = ?
			WHERE id = ? AND finished_at = 0`, now(), id)
		return err
	})
	if err != nil {
		return books, fmt.Errorf("finish revision %d: %w", id, err)
	}
	return books, nil
}

// abandonRevision ends what is pending of a cancelled revision. An additional message is
// uncertain if a crash cut off its answer, as always.
func abandonRevision(ctx context.Context, tx *sql.Tx, r Revision) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE revised
		SET state = 'skipped', reason = '`+string(ReasonCancelled)+`', uncertain = uncertain + (attempts > 0), attempts = 0, adding = -1
		WHERE revision_id = ? AND state IN ('pending', 'begun')`, r.ID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "UPDATE deliveries SET revising = -revising WHERE issue_id = ? AND revising > 0", r.IssueID)
	return err
}

// aggregateRevised adds the selected rows of revised to the totals of their revisions and
// deletes them, so that the books stay as they are. The condition has one parameter.
func aggregateRevised(ctx context.Context, tx *sql.Tx, condition string, arg any) error {
	all, err := database.Collect(ctx, tx, func(rows *sql.Rows) (id int64, err error) {
		return id, rows.Scan(&id)
	}, "SELECT DISTINCT r.revision_id FROM revised r WHERE "+condition, arg)
	if err != nil {
		return err
	}
	for _, revision := range all {
		of := fmt.Sprintf("r.revision_id = %d AND %s", revision, condition)
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`
			INSERT INTO revision_totals (revision_id, outcome, reason, subscribers, messages)
			SELECT %d, CASE outcome WHEN 'pending' THEN 'skipped' ELSE outcome END,
				CASE outcome WHEN 'pending' THEN '`+string(ReasonForgotten)+`' ELSE reason END, sum(subscribers), sum(messages)
			FROM (%s)
			WHERE messages IS NOT NULL
			GROUP BY 2, 3
			ON CONFLICT DO UPDATE SET
				subscribers = subscribers + excluded.subscribers, messages = messages + excluded.messages`,
			revision, revisionOutcomes(of)), arg); err != nil {
			return fmt.Errorf("aggregate revision %d: %w", revision, err)
		}
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM revised AS r WHERE "+condition, arg)
	return err
}
