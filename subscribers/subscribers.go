// Package subscribers keeps everything that must survive a restart, in one
// SQLite file: who receives what, and how far each delivery got. The issues are those of
// package [digestbot/subscribers/archive], which is a part of the [Store].
//
// [Open] returns the Store. [Store.Subscribe] adds a [Subscriber].
// [Store.StartBroadcast] decides who receives an issue;
// [Store.PendingDeliveries] returns what is left to send and
// [Store.SaveProgress] notes what was sent. [Store.FinishBroadcast] closes the
// [Books].
//
// The file itself is opened, locked and written to by package
// [digestbot/subscribers/database].
//
// A Store is safe for concurrent use. When a method has returned without an
// error, what it wrote is on disk: it survives a crash of the process and,
// because commits are synced, a loss of power.
package subscribers

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"time"

	"digestbot/subscribers/database"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/replies"
)

// Kind is the kind of a chat, in Telegram's words.
type Kind string

// The kinds of chats, core.telegram.org/bots/api#chat.
const (
	Private    Kind = "private"
	Group      Kind = "group"
	Supergroup Kind = "supergroup"
	Channel    Kind = "channel"
)

// State says whether a subscriber receives issues.
type State string

// The states of a subscriber.
const (
	On   State = "on"   // receives issues
	Off  State = "off"  // known, but does not receive issues
	Gone State = "gone" // was on, and cannot be reached; on again when it returns
)

// States are all of them.
var States = []State{On, Off, Gone}

// Chat is what an update says about a chat, or a topic of a forum group.
type Chat struct {
	ID       int64
	Thread   int // 0: the chat itself
	Kind     Kind
	Title    string // empty for private chats: people's names are not kept
	Language string // BCP 47 tag; empty: unknown, what is known is kept
}

// Subscriber is a chat, or a topic of a forum group, that the bot knows.
type Subscriber struct {
	ID int64 // the database's, not Telegram's
	Chat
	State    State
	Reason   Reason // why gone
	Refusals int    // issues in a row the chat did not allow to be posted
	Choices
	LayoutAdvice LayoutAdvice
	Unconfirmed  bool  // an import has brought it, and nothing has reached it since
	MonthIssue   int64 // with which issue the headlines of a month came last; 0: not since that was chosen, or the chat was off
}

const subscriberColumns = "id, chat_id, thread_id, kind, title, language, state, reason, refusals, layout_advice, unconfirmed, month_issue, " + choiceColumns

// fields are where a row of subscriberColumns goes.
func (s *Subscriber) fields() []any {
	return append([]any{&s.ID, &s.Chat.ID, &s.Thread, &s.Kind, &s.Title, &s.Language, &s.State, &s.Reason, &s.Refusals, &s.LayoutAdvice, &s.Unconfirmed, &s.MonthIssue},
		s.Choices.fields()...)
}

func scanSubscriber(row interface{ Scan(...any) error }) (s Subscriber, err error) {
	err = row.Scan(s.fields()...)
	return s, database.NotFound(err)
}

// Subscriber returns the chat's subscriber, or ErrNotFound.
func (s *Store) Subscriber(ctx context.Context, chat int64, thread int) (Subscriber, error) {
	return findSubscriber(ctx, s.reads, chat, thread)
}

// KnownSince returns when a subscriber became known, in whole seconds, or
// ErrNotFound. Messages that are older are of a chat that was forgotten since.
func (s *Store) KnownSince(ctx context.Context, subscriber int64) (time.Time, error) {
	var at int64
	err := s.reads.QueryRowContext(ctx, "SELECT created_at FROM subscribers WHERE id = ?", subscriber).Scan(&at)
	return fromUnix(at), database.NotFound(err)
}

func findSubscriber(ctx context.Context, q database.Queryer, chat int64, thread int) (Subscriber, error) {
	return scanSubscriber(q.QueryRowContext(ctx, `
		SELECT `+subscriberColumns+`
		FROM subscribers
		WHERE chat_id = ? AND thread_id = ?`, chat, thread))
}

// EnsureChat makes sure that the chat has a row, and keeps its title and language up to
// date. A new chat is off. A chat that was gone is on again: it has written to us.
func (s *Store) EnsureChat(ctx context.Context, chat Chat) (Subscriber, error) {
	sub, err := s.Subscriber(ctx, chat.ID, chat.Thread)
	if err == nil && sub.State != Gone && sub.Chat == withKnown(chat, sub) {
		return sub, nil // the usual case needs no write
	}
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		sub, err = saveSubscriber(ctx, tx, chat, Off)
		return err
	})
	if err != nil {
		return Subscriber{}, fmt.Errorf("save chat %d: %w", chat.ID, err)
	}
	return sub, nil
}

// withKnown returns chat with the language that is known, if it names none.
func withKnown(chat Chat, known Subscriber) Chat {
	if chat.Language == "" {
		chat.Language = known.Language
	}
	return chat
}

// Subscribe switches the chat on, and ends its pause. changed is false when it
// was on already and not paused.
func (s *Store) Subscribe(ctx context.Context, chat Chat) (sub Subscriber, changed bool, err error) {
	err = s.writePreferences(ctx, func(tx *sql.Tx) error {
		before, err := findSubscriber(ctx, tx, chat.ID, chat.Thread)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		changed = before.State != On
		if sub, err = saveSubscriber(ctx, tx, chat, On); err != nil || sub.PausedUntil.IsZero() {
			return err
		}
		sub.PausedUntil, changed = time.Time{}, true
		_, err = resume(ctx, tx, sub.ID)
		return err
	})
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("subscribe chat %d: %w", chat.ID, err)
	}
	return sub, changed, nil
}

// saveSubscriber writes what is known about chat. A new chat, or one that is off,
// gets state; one that was gone is on again. No id is given twice, even after its
// subscriber was deleted.
func saveSubscriber(ctx context.Context, tx *sql.Tx, chat Chat, state State) (Subscriber, error) {
	return scanSubscriber(tx.QueryRowContext(ctx, `
		INSERT INTO subscribers (id, chat_id, thread_id, kind, title, language, state, created_at, updated_at)
		SELECT max(last_id, coalesce((SELECT max(id) FROM subscribers), 0)) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7
		FROM deleted_subscribers
		WHERE true -- for the parser: sqlite.org/lang_upsert.html#parsing_ambiguity
		ON CONFLICT (chat_id, thread_id) DO UPDATE SET
			kind = excluded.kind,
			title = excluded.title,
			language = CASE excluded.language WHEN '' THEN language ELSE excluded.language END,
			state = CASE WHEN state = 'gone' THEN 'on' WHEN excluded.state = 'on' THEN 'on' ELSE state END,
			reason = '',
			refusals = CASE WHEN state = 'on' THEN refusals ELSE 0 END,
			month_issue = CASE WHEN state = 'on' THEN month_issue ELSE 0 END,
			unconfirmed = CASE excluded.state WHEN 'on' THEN 0 ELSE unconfirmed END,
			greeting = CASE excluded.state WHEN 'on' THEN 0 ELSE greeting END,
			updated_at = excluded.updated_at
		RETURNING `+subscriberColumns,
		chat.ID, chat.Thread, chat.Kind, chat.Title, chat.Language, state, now()))
}

// Unsubscribe switches the chat off and keeps its preferences; a pause is over.
// changed is false when it was not on.
func (s *Store) Unsubscribe(ctx context.Context, chat int64, thread int) (changed bool, err error) {
	changed, err = database.Exec(ctx, s.writePreferences, `
		UPDATE subscribers
		SET state = 'off', reason = '', paused_until = 0, updated_at = ?
		WHERE chat_id = ? AND thread_id = ? AND state <> 'off'`, now(), chat, thread)
	if err != nil {
		return false, fmt.Errorf("unsubscribe chat %d: %w", chat, err)
	}
	return changed, nil
}

// Forget deletes everything about a chat and all its topics. What it received
// stays in the books, as numbers. Its ForgottenMark keeps an import from bringing it back.
func (s *Store) Forget(ctx context.Context, chat int64) error {
	if s.IsEditor(chat) { // the id of a private chat is that of the person
		if _, err := s.RemoveEditor(ctx, chat, InPrivate(chat)); err != nil {
			return err
		}
	}
	err := s.writePreferences(ctx, func(tx *sql.Tx) error {
		// Naming the issues makes SQLite find the rows by the primary key.
		const its = `d.issue_id IN (SELECT id FROM issues)
			AND d.subscriber_id IN (SELECT id FROM subscribers WHERE chat_id = ?)`
		if err := aggregate(ctx, tx, its, chat); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM deliveries AS d WHERE "+its, chat); err != nil {
			return err
		}
		if err := aggregateRevised(ctx, tx, "r.subscriber_id IN (SELECT id FROM subscribers WHERE chat_id = ?1)", chat); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO forgotten (mark) VALUES (?)", ForgottenMark(chat)); err != nil {
			return err
		}
		// The id of a private chat is that of the person.
		if err := errors.Join(feedback.Forget(ctx, tx, chat), replies.Forget(ctx, tx, chat)); err != nil {
			return err
		}
		// A trigger counts this in the turnover.
		if _, err := tx.ExecContext(ctx, `
			UPDATE subscribers
			SET state = 'off', reason = ?, updated_at = ?
			WHERE chat_id = ? AND state = 'on'`, ReasonForgotten, now(), chat); err != nil {
			return err
		}
		for _, statement := range []string{
			"DELETE FROM canaries WHERE subscriber_id IN (SELECT id FROM subscribers WHERE chat_id = ?)",
			"DELETE FROM waits WHERE chat_id = ?", // the sender remembers them until the program ends
			"DELETE FROM recent_messages WHERE chat_id = ?",
			"DELETE FROM dismissed_questions WHERE chat_id = ?",
			"DELETE FROM drafts WHERE user_id = ?",
			"DELETE FROM channel_managers WHERE channel_id = ?",
			"DELETE FROM channel_managers WHERE user_id = ?", // the id of a private chat is that of the person
			"DELETE FROM subscribers WHERE chat_id = ?",
		} {
			if _, err := tx.ExecContext(ctx, statement, chat); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget chat %d: %w", chat, err)
	}
	return nil
}

// forgottenBits is how long a ForgottenMark is. Of the ten thousand million ids that people
// have, some hundreds have the same mark. Of those whom an import brings, one in sixteen
// million for each chat that was forgotten is taken for it.
const forgottenBits = 24

// ForgottenMark is what stays of a chat that was forgotten.
func ForgottenMark(chat int64) int64 {
	sum := sha256.Sum256([]byte("forgotten " + strconv.FormatInt(chat, 10)))
	return int64(binary.BigEndian.Uint32(sum[:]) >> (32 - forgottenBits))
}

// CountSubscribers returns how many subscribers there are in each state. It adds up while it
// reads an index once: grouping takes four times as long.
func (s *Store) CountSubscribers(ctx context.Context) (map[State]int, error) {
	var on, off, gone int
	err := s.reads.QueryRowContext(ctx, `
		SELECT coalesce(sum(state = 'on'), 0), coalesce(sum(state = 'off'), 0), coalesce(sum(state = 'gone'), 0)
		FROM subscribers`).Scan(&on, &off, &gone)
	if err != nil {
		return nil, fmt.Errorf("count subscribers: %w", err)
	}
	return map[State]int{On: on, Off: off, Gone: gone}, nil
}
