package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/database"
)

// aggregateChunk is how many deliveries are aggregated in one transaction: few enough
// that nobody notices the database being busy.
const aggregateChunk = 5000

// AggregateDeliveries adds the deliveries of broadcasts that finished before the given
// time to their totals and deletes the rows, so that the database does not grow for
// ever. Books stay as they are. It returns how many deliveries it aggregated. Their
// issues cannot be broadcast again.
func (s *Store) AggregateDeliveries(ctx context.Context, before time.Time) (n int, err error) {
	for {
		aggregated, err := s.aggregateSome(ctx, before)
		n += aggregated
		if err != nil {
			return n, fmt.Errorf("aggregate old deliveries: %w", err)
		}
		if aggregated == 0 {
			return n, nil
		}
	}
}

func (s *Store) aggregateSome(ctx context.Context, before time.Time) (n int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		var broadcast, issue int64 // 0: there is none
		if err := tx.QueryRowContext(ctx, `
			SELECT coalesce(max(b.id), 0), coalesce(max(b.issue_id), 0)
			FROM (
				SELECT id, issue_id
				FROM broadcasts b
				WHERE finished_at BETWEEN 1 AND ? AND EXISTS (
					SELECT 1 FROM deliveries d WHERE d.issue_id = b.issue_id AND d.broadcast_id = b.id)
				LIMIT 1) b`, before.Unix()).Scan(&broadcast, &issue); err != nil || broadcast == 0 {
			return err
		}
		n, err = aggregateFirst(ctx, tx, issue, broadcast)
		return err
	})
	return n, err
}

func aggregateFirst(ctx context.Context, tx *sql.Tx, issue, broadcast int64) (int, error) {
	var last int64
	if err := tx.QueryRowContext(ctx, `
		SELECT max(subscriber_id)
		FROM (
			SELECT subscriber_id
			FROM deliveries
			WHERE issue_id = ? AND broadcast_id = ?
			ORDER BY subscriber_id
			LIMIT ?)`, issue, broadcast, aggregateChunk).Scan(&last); err != nil {
		return 0, err
	}
	const these = "d.issue_id = ? AND d.broadcast_id = ? AND d.subscriber_id <= ?"
	if err := aggregate(ctx, tx, these, issue, broadcast, last); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE broadcasts SET aggregated = 1 WHERE id = ?", broadcast); err != nil {
		return 0, err
	}
	return database.RowsChanged(tx.ExecContext(ctx, "DELETE FROM deliveries AS d WHERE "+these, issue, broadcast, last))
}
