package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Moved follows a group that became a supergroup: its subscribers get the new
// chat id. A subscriber the new id already has stays if it is on, and the old
// one is dropped.
func (s *Store) Moved(ctx context.Context, from, to int64) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		if err := makeRoom(ctx, tx, from, to); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE OR IGNORE subscribers
			SET chat_id = ?, kind = 'supergroup', updated_at = ?
			WHERE chat_id = ?`, to, now(), from); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM dismissed_questions WHERE chat_id = ?", from); err != nil {
			return err // the messages stay behind
		}
		_, err := tx.ExecContext(ctx, "UPDATE subscribers SET state = 'off', reason = 'moved' WHERE chat_id = ?", from)
		return err
	})
	if err != nil {
		return fmt.Errorf("move chat %d to %d: %w", from, to, err)
	}
	return nil
}

// TopicGone makes a subscriber whose forum topic, the one given, was deleted or
// closed receive in the group itself, or switches it off when the group subscribes
// as well. A group whose General topic (0) is closed has no other place: it is
// marked as gone. elsewhere tells whether the subscriber has another place now.
func (s *Store) TopicGone(ctx context.Context, subscriber int64, topic int) (elsewhere bool, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		if topic == 0 {
			_, err := tx.ExecContext(ctx, `
				UPDATE subscribers
				SET state = CASE state WHEN 'on' THEN 'gone' ELSE state END, reason = 'topic closed', updated_at = ?
				WHERE id = ? AND thread_id = 0`, now(), subscriber)
			return err
		}
		elsewhere, err = toGroup(ctx, tx, subscriber, topic)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("note lost topic of subscriber %d: %w", subscriber, err)
	}
	return elsewhere, nil
}

// toGroup moves a subscriber from its topic to the group itself. One that is there
// already and is not on, because somebody has only written there, makes room.
func toGroup(ctx context.Context, tx *sql.Tx, subscriber int64, topic int) (moved bool, err error) {
	var group int64
	err = tx.QueryRowContext(ctx, `
		SELECT its.id
		FROM subscribers s
		JOIN subscribers its ON its.chat_id = s.chat_id AND its.thread_id = 0
		WHERE s.id = ? AND s.thread_id = ? AND its.state <> 'on'`, subscriber, topic).Scan(&group)
	switch {
	case err == nil:
		err = takePlace(ctx, tx, subscriber, group)
	case errors.Is(err, sql.ErrNoRows):
		err = nil
	}
	if err != nil {
		return false, err
	}
	_, err = tx.ExecContext(ctx, "UPDATE subscribers SET thread_id = 0, updated_at = ? WHERE id = ? AND thread_id = ?", now(), subscriber, topic)
	if isUnique(err) {
		_, err = tx.ExecContext(ctx, "UPDATE subscribers SET state = 'off', reason = 'topic gone', updated_at = ? WHERE id = ?", now(), subscriber)
		return false, err
	}
	return err == nil, err
}

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
