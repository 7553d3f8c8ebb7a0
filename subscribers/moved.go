package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"digestbot/subscribers/database"
)

// MoveChat follows a group that became a supergroup: its subscribers get the new
// chat id. If the new chat has such a subscriber already and it is on, that one
// stays, and the old one is switched off.
func (s *Store) MoveChat(ctx context.Context, from, to int64) error {
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
			return err // the messages stay in the old chat
		}
		_, err := tx.ExecContext(ctx, "UPDATE subscribers SET state = 'off', reason = ?, updated_at = ? WHERE chat_id = ?", ReasonMoved, now(), from)
		return err
	})
	if err != nil {
		return fmt.Errorf("move chat %d to %d: %w", from, to, err)
	}
	return nil
}

// DropTopic notes that the forum topic of a subscriber was deleted or closed. The
// subscriber receives in the group itself from then on; it is switched off if the
// group subscribes as well. A group whose General topic (0) is closed has no other
// place and is marked as gone. elsewhere reports whether the subscriber has
// another place now.
func (s *Store) DropTopic(ctx context.Context, subscriber int64, topic int) (elsewhere bool, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		if topic == 0 {
			_, err := tx.ExecContext(ctx, `
				UPDATE subscribers
				SET state = CASE state WHEN 'on' THEN 'gone' ELSE state END, reason = ?, updated_at = ?
				WHERE id = ? AND thread_id = 0`, ReasonTopicClosed, now(), subscriber)
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

// toGroup moves a subscriber from its topic to the group itself. A subscriber that
// is there already makes room unless it is on: somebody has only written there.
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
		_, err = tx.ExecContext(ctx, "UPDATE subscribers SET state = 'off', reason = ?, updated_at = ? WHERE id = ?", ReasonTopicGone, now(), subscriber)
		return false, err
	}
	return err == nil, err
}

// makeRoom deletes the subscribers of a supergroup that are in the way of those of
// the group it was before. They are there because somebody wrote in the supergroup
// before the bot heard of the move, and none of them is on. What they were sent
// counts as sent to the subscribers that take their place.
func makeRoom(ctx context.Context, tx *sql.Tx, from, to int64) error {
	type pair struct{ old, fresh int64 }
	pairs, err := database.Collect(ctx, tx, func(rows *sql.Rows) (p pair, err error) {
		return p, rows.Scan(&p.old, &p.fresh)
	}, `
		SELECT old.id, fresh.id
		FROM subscribers old
		JOIN subscribers fresh ON fresh.thread_id = old.thread_id
		WHERE old.chat_id = ? AND old.reason <> '`+string(ReasonMoved)+`' AND fresh.chat_id = ? AND fresh.state <> 'on'`, from, to)
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

// takePlace deletes the subscriber gone, which is in the way of another one of its
// chat. What it was sent counts as sent to the other one.
func takePlace(ctx context.Context, tx *sql.Tx, of, gone int64) error {
	// By issue, because the primary key begins with it. If both have an issue,
	// each keeps its row: the books of its broadcast count both.
	if _, err := tx.ExecContext(ctx, `
		UPDATE OR IGNORE deliveries
		SET subscriber_id = ?
		WHERE issue_id IN (SELECT id FROM issues) AND subscriber_id = ?`, of, gone); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM subscribers WHERE id = ?", gone)
	return err
}
