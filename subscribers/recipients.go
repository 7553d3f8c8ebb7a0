package subscribers

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Recipient is what must be known of a subscriber to send it something.
type Recipient struct {
	Subscriber
	// Muted has the ids of the sections it has muted, and of those that were
	// merged into them: messages read before the merging carry such ids.
	Muted      map[int64]bool
	MutesOther bool // wants no one-off sections; see Mutes

	Words []Word // whose items it does not want, or wants to find at a glance

	Topics Topics        // whether each section has a forum topic of its own
	topics map[int64]int // threads by section, see TopicOf
}

// Recipient returns the subscriber with that id, or ErrNotFound.
func (s *Store) Recipient(ctx context.Context, subscriber int64) (Recipient, error) {
	recipients, err := s.Recipients(ctx, subscriber, subscriber)
	if err == nil && len(recipients) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Recipient{}, fmt.Errorf("read subscriber %d: %w", subscriber, err)
	}
	return recipients[subscriber], nil
}

// Recipients returns the subscribers with ids from first to last, by id.
func (s *Store) Recipients(ctx context.Context, first, last int64) (map[int64]Recipient, error) {
	type row struct {
		sub             Subscriber
		section, merged int64 // 0: none
		other           bool
	}
	rows, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(append(r.sub.fields(), &r.section, &r.merged, &r.other)...)
	}, `
		WITH merged (merged_id, target) AS (SELECT id, merged_into FROM sections WHERE merged_into IS NOT NULL),
			other (other_id) AS (SELECT subscriber_id FROM muted_other)
		SELECT `+subscriberColumns+`, coalesce(section_id, 0), coalesce(merged_id, 0), other_id IS NOT NULL
		FROM subscribers
		LEFT JOIN muted_sections ON subscriber_id = id
		LEFT JOIN merged ON target = section_id
		LEFT JOIN other ON other_id = id
		WHERE id BETWEEN ? AND ?`, first, last)
	if err != nil {
		return nil, err
	}
	recipients := make(map[int64]Recipient)
	for _, r := range rows {
		recipient, ok := recipients[r.sub.ID]
		if !ok {
			recipient = Recipient{Subscriber: r.sub, MutesOther: r.other}
		}
		if r.section != 0 {
			if recipient.Muted == nil {
				recipient.Muted = make(map[int64]bool)
			}
			recipient.Muted[r.section] = true
		}
		if r.merged != 0 {
			recipient.Muted[r.merged] = true
		}
		recipients[r.sub.ID] = recipient
	}
	if err := s.addTopics(ctx, first, last, recipients); err != nil {
		return nil, err
	}
	return recipients, s.addWords(ctx, first, last, recipients)
}

// SkipReason returns why the rest of the delivery is to be skipped: after the broadcast
// had begun the chat left, was lost, or paused. It is empty if the recipient is to get
// the next message. A reader who asked for an issue gets it.
func (r Recipient) SkipReason(d *Delivery) Reason {
	switch {
	case r.State == On && d.BroadcastID != 0 && r.IsPaused(time.Now()):
		return ReasonPaused
	case r.State == On, d.BroadcastID == 0 && r.State == Off:
		return ""
	}
	return cmp.Or(r.Reason, ReasonUnsubscribed)
}

// Mutes reports whether the recipient does not want a message of an issue: its section is
// switched off, or words have left nothing of it.
func (r Recipient) Mutes(m archive.Message) bool { return m.Emptied || r.SwitchesOff(m) }

// SwitchesOff reports whether the section of a message is switched off.
func (r Recipient) SwitchesOff(m archive.Message) bool {
	return r.Muted[m.SectionID] || m.OneOff && r.MutesOther
}
