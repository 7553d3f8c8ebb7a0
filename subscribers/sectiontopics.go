package subscribers

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers/database"
)

// Topics says to which topics the sections of a subscriber in a forum group go.
type Topics int

// The values of Topics.
const (
	OneTopic      Topics = 0 // all of them where the subscriber is
	SectionTopics Topics = 1 // each to a topic of its own, made when it is needed
	TopicsRefused Topics = 2 // like SectionTopics, but the bot may not make topics, and the admins know
)

// TopicOf returns the forum topic that a section has of its own. known is false if
// there is none: it has not been made yet, or the recipient does not want any, see
// TopicsWanted.
func (r Recipient) TopicOf(section int64) (thread int, known bool) {
	if r.Topics == OneTopic {
		return 0, false
	}
	thread, known = r.topics[section]
	return thread, known
}

// TopicsWanted reports whether each section is to have a topic of its own.
func (r Recipient) TopicsWanted() bool { return r.Topics != OneTopic }

// addTopics fills in the topics of recipients with ids from first to last.
func (s *Store) addTopics(ctx context.Context, first, last int64, recipients map[int64]Recipient) error {
	type row struct {
		subscriber, section int64
		topics              Topics
		thread              int
	}
	rows, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.subscriber, &r.topics, &r.section, &r.thread)
	}, `
		SELECT s.id, s.topics, coalesce(t.section_id, 0), coalesce(t.thread_id, 0)
		FROM subscribers s
		LEFT JOIN section_topics t ON t.subscriber_id = s.id
		WHERE s.topics <> 0 AND s.id BETWEEN ? AND ?`, first, last)
	if err != nil {
		return fmt.Errorf("read section topics: %w", err)
	}
	for _, r := range rows {
		recipient, ok := recipients[r.subscriber]
		if !ok { // came in between the two reads
			continue
		}
		recipient.Topics = r.topics
		if recipient.topics == nil {
			recipient.topics = make(map[int64]int)
		}
		if r.section != 0 {
			recipient.topics[r.section] = r.thread
		}
		recipients[r.subscriber] = recipient
	}
	return nil
}

// SetSectionTopics sets whether each section goes to a topic of its own. At most one
// subscriber of a group has that: it takes over the topics that another one had. When
// it is switched on again, existing topics are used again. It fails with ErrNotFound if
// there is no such subscriber.
func (s *Store) SetSectionTopics(ctx context.Context, subscriber int64, on bool) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		topics := OneTopic
		if on {
			topics = SectionTopics
			if err := takeOverTopics(ctx, tx, subscriber); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, "UPDATE subscribers SET topics = ?, updated_at = ? WHERE id = ?", topics, now(), subscriber)
		if err == nil && !database.Affected(result, err) {
			return ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set section topics of subscriber %d: %w", subscriber, err)
	}
	return nil
}

func takeOverTopics(ctx context.Context, tx *sql.Tx, subscriber int64) error {
	const others = "(SELECT o.id FROM subscribers o JOIN subscribers s USING (chat_id) WHERE s.id = ?1 AND o.id <> ?1)"
	for _, statement := range []string{
		"UPDATE OR IGNORE section_topics SET subscriber_id = ?1 WHERE subscriber_id IN " + others,
		"DELETE FROM section_topics WHERE subscriber_id IN " + others,
		"UPDATE subscribers SET topics = 0 WHERE topics <> 0 AND id IN " + others,
	} {
		if _, err := tx.ExecContext(ctx, statement, subscriber); err != nil {
			return err
		}
	}
	return nil
}

// SetSectionTopic notes the topic that was made for a section.
func (s *Store) SetSectionTopic(ctx context.Context, subscriber, section int64, thread int) error {
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO section_topics (subscriber_id, section_id, thread_id)
			VALUES (?, ?, ?)
			ON CONFLICT (subscriber_id, section_id) DO UPDATE SET thread_id = excluded.thread_id`,
			subscriber, section, thread); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE subscribers SET topics = ? WHERE id = ? AND topics = ?",
			SectionTopics, subscriber, TopicsRefused)
		return err
	})
	if err != nil {
		return fmt.Errorf("note topic of section %d for subscriber %d: %w", section, subscriber, err)
	}
	return nil
}

// DropSectionTopic forgets the topic of a section, which was deleted or closed.
// Another one is made the next time the section comes.
func (s *Store) DropSectionTopic(ctx context.Context, subscriber, section int64) error {
	_, err := database.Exec(ctx, s.writePreferences, "DELETE FROM section_topics WHERE subscriber_id = ? AND section_id = ?", subscriber, section)
	if err != nil {
		return fmt.Errorf("forget topic of section %d for subscriber %d: %w", section, subscriber, err)
	}
	return nil
}

// RefuseTopics notes that the bot may not make topics. first is false if that was
// known already.
func (s *Store) RefuseTopics(ctx context.Context, subscriber int64) (first bool, err error) {
	first, err = database.Exec(ctx, s.writePreferences, "UPDATE subscribers SET topics = ? WHERE id = ? AND topics = ?",
		TopicsRefused, subscriber, SectionTopics)
	if err != nil {
		return false, fmt.Errorf("note that topics of subscriber %d are refused: %w", subscriber, err)
	}
	return first, nil
}

// AllowTopics notes that the bot may make topics in a chat from now on.
func (s *Store) AllowTopics(ctx context.Context, chat int64) error {
	_, err := database.Exec(ctx, s.writePreferences, "UPDATE subscribers SET topics = ? WHERE chat_id = ? AND topics = ?",
		SectionTopics, chat, TopicsRefused)
	if err != nil {
		return fmt.Errorf("note that topics of chat %d are allowed: %w", chat, err)
	}
	return nil
}

// TopicOwner returns the thread of the subscriber in whose name a topic of the
// chat was made for a section; ok is false for any other topic.
func (s *Store) TopicOwner(ctx context.Context, chat int64, thread int) (owner int, ok bool, err error) {
	owners, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (owner int, err error) {
		return owner, rows.Scan(&owner)
	}, `
		SELECT s.thread_id
		FROM subscribers s
		JOIN section_topics t ON t.subscriber_id = s.id
		WHERE s.chat_id = ? AND s.topics <> 0 AND t.thread_id = ?`, chat, thread)
	if err != nil {
		return 0, false, fmt.Errorf("read owner of topic %d in chat %d: %w", thread, chat, err)
	}
	if len(owners) == 0 {
		return 0, false, nil
	}
	return owners[0], true, nil
}
