package feedback

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// Total says how many voted on a section of an issue.
type Total struct {
	Section     int64
	Name, Emoji string // of the section
	Up, Down    int
}

// Totals returns how many voted on the sections of an issue, in its order, without those on
// which nobody has voted.
func (s *Store) Totals(ctx context.Context, issue int64) ([]Total, error) {
	return ReadTotals(ctx, s.reads, issue)
}

// ReadTotals is [Store.Totals] within a transaction.
func ReadTotals(ctx context.Context, q database.Queryer, issue int64) ([]Total, error) {
	totals, err := database.Collect(ctx, q, func(rows *sql.Rows) (t Total, err error) {
		return t, rows.Scan(&t.Section, &t.Name, &t.Emoji, &t.Up, &t.Down)
	}, `
		WITH counted (section_id, up, down) AS (
			SELECT section_id, sum(vote > 0), sum(vote < 0) FROM votes WHERE issue_id = ?1 GROUP BY section_id
			UNION ALL
			SELECT section_id, up, down FROM vote_totals WHERE issue_id = ?1
		)
		SELECT s.id, s.name, s.emoji, sum(c.up), sum(c.down)
		FROM counted c
		JOIN sections counts ON counts.id = c.section_id
		JOIN sections s ON s.id = coalesce(counts.merged_into, counts.id)
		GROUP BY s.id
		HAVING sum(c.up) + sum(c.down) > 0
		ORDER BY (SELECT coalesce(min(position), 1000000) FROM issue_sections i WHERE i.issue_id = ?1 AND i.section_id = s.id), s.id`, issue)
	if err != nil {
		return nil, fmt.Errorf("add up votes on issue %d: %w", issue, err)
	}
	return totals, nil
}

// Sum returns how many votes there are on all sections.
func Sum(totals []Total) (up, down int) {
	for _, t := range totals {
		up, down = up+t.Up, down+t.Down
	}
	return up, down
}

// Close ends the voting on issues that began before a time: what is kept from then on are
// totals. It returns on how many issues voting ended, also with an error. Copies of secrets and
// votes in the log of the database are erased, now or by a later Close.
func (s *Store) Close(ctx context.Context, before time.Time) (n int, err error) {
	issues, err := database.Collect(ctx, s.reads, scanID, "SELECT issue_id FROM polls WHERE closed = 0 AND opened_at < ?", before.Unix())
	if err != nil {
		return 0, fmt.Errorf("find voting that is over: %w", err)
	}
	if len(issues) > 0 {
		s.erased.Store(false)
	}
	for n, issue := range issues {
		if err := s.db.Write(ctx, func(tx *sql.Tx) error { return closePoll(ctx, tx, issue) }); err != nil {
			return n, fmt.Errorf("end voting on issue %d: %w", issue, err)
		}
	}
	if err := s.erase(ctx); err != nil {
		return len(issues), fmt.Errorf("erase votes: %w", err)
	}
	return len(issues), nil
}

// erase erases what the log of the database has of votes that are over, unless that was done.
// After a start nobody knows whether it was.
func (s *Store) erase(ctx context.Context) error {
	if s.erased.Load() {
		return nil
	}
	var over bool
	err := s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM polls WHERE closed)").Scan(&over)
	if err != nil || !over {
		return err
	}
	done, err := s.db.EraseLog(ctx)
	s.erased.Store(done)
	return err
}

// closePoll adds up the votes on an issue and deletes them. Bytes of the same length take the
// place of the secret, so that they are written over it.
func closePoll(ctx context.Context, tx *sql.Tx, issue int64) error {
	for _, step := range []string{
		`INSERT OR REPLACE INTO vote_totals (issue_id, section_id, up, down)
			SELECT issue_id, section_id, sum(vote > 0), sum(vote < 0) FROM votes WHERE issue_id = ? GROUP BY section_id`,
		"DELETE FROM votes WHERE issue_id = ?",
		"UPDATE polls SET secret = zeroblob(length(secret)), closed = 1 WHERE issue_id = ?",
	} {
		if _, err := tx.ExecContext(ctx, step, issue); err != nil {
			return err
		}
	}
	return nil
}

// Forget deletes the votes of a person on all issues on which voting goes on. Of the others
// nobody knows which they are.
func Forget(ctx context.Context, tx *sql.Tx, person int64) error {
	polls, err := database.Collect(ctx, tx, func(rows *sql.Rows) (p poll, err error) {
		return p, rows.Scan(&p.issue, &p.secret)
	}, "SELECT issue_id, secret FROM polls WHERE closed = 0")
	if err != nil {
		return err
	}
	for _, p := range polls {
		sections, err := database.Collect(ctx, tx, scanID, "SELECT DISTINCT section_id FROM votes WHERE issue_id = ?", p.issue)
		if err != nil {
			return err
		}
		if err := p.remove(ctx, tx, person, sections); err != nil {
			return err
		}
	}
	return nil
}
