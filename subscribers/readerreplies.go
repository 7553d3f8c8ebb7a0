package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/subscribers/database"
	"digestbot/subscribers/replies"
)

// MuteReader has the editors take no more replies from the reader of a conversation until a
// time or, for the zero time, take them again. changed is false if it was so before.
func (s *Store) MuteReader(ctx context.Context, conversation int64, until time.Time, by Actor) (changed bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		c, now, err := replies.Mute(ctx, tx, conversation, until)
		if changed = now; err != nil || !changed {
			return err
		}
		deed := DeedMuteReader
		if until.IsZero() {
			deed = DeedUnmuteReader
		}
		return Audit(ctx, tx, AuditEntry{By: by, Deed: deed, On: Subject{Issue: c.Issue}, Facts: Facts{From: c.Name.String()}})
	})
	if errors.Is(err, ErrNotFound) {
		return false, ErrNotFound
	}
	if err != nil {
		return false, fmt.Errorf("mute the reader of conversation %d: %w", conversation, err)
	}
	return changed, nil
}

// IssueOfMessage returns the issue and edition that a message of a private chat is of, and which
// message of it. The error is ErrNotFound if that is not on record.
func (s *Store) IssueOfMessage(ctx context.Context, chat int64, message int) (issue int64, edition, position int, err error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (Delivery, error) { return scanDelivery(rows) }, `
		SELECT `+deliveryColumns+`
		FROM subscribers s
		JOIN deliveries d ON d.issue_id IN (SELECT id FROM issues) AND d.subscriber_id = s.id
		WHERE s.chat_id = ? AND s.thread_id = 0`, chat)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("find the issue of message %d: %w", message, err)
	}
	for _, d := range all {
		i := slices.IndexFunc(d.Arrived, func(h Arrived) bool { return h.ID == message && h.Chat == 0 })
		if i < 0 {
			continue
		}
		if edition = d.Arrived[i].Edition; edition == 0 {
			edition = d.Edition
		}
		return d.IssueID, edition, d.Arrived[i].Position, nil
	}
	return 0, 0, 0, ErrNotFound
}
