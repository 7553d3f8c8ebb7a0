package subscribers

import (
	"context"
	"database/sql"
)

// makeRoom takes away the subscribers of a supergroup that are in the way of
// those of the group it was before. They came to be because somebody wrote
// there before the bot heard of the move; none of them is on. What they were
// sent counts as sent to the one that takes their place.
func makeRoom(ctx context.Context, tx *sql.Tx, from, to int64) error {
	type pair struct{ old, fresh int64 }
	pairs, err := collect(ctx, tx, func(rows *sql.Rows) (p pair, err error) {
		return p, rows.Scan(&p.old, &p.fresh)
	}, `
		SELECT old.id, fresh.id
		FROM subscribers old
		JOIN subscribers fresh ON fresh.thread_id = old.thread_id
		WHERE old.chat_id = ? AND old.reason <> 'moved' AND fresh.chat_id = ? AND fresh.state <> 'on'`, from, to)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if err := takePlace(ctx, tx, p.old, p.fresh); err != nil {
			return err
		}
	}
	return nil
}

// takePlace deletes a subscriber that is in the way of another of its chat. What it
// was sent counts as sent to the other.
func takePlace(ctx context.Context, tx *sql.Tx, of, gone int64) error {
	// By issue, for that is how the primary key begins. Of an issue that both
	// have, each keeps its row: the books of its broadcast count both.
	if _, err := tx.ExecContext(ctx, `
		UPDATE OR IGNORE deliveries
		SET subscriber_id = ?
		WHERE issue_id IN (SELECT id FROM issues) AND subscriber_id = ?`, of, gone); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM subscribers WHERE id = ?", gone)
	return err
}
