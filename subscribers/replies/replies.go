// Package replies keeps what readers write to the editors, and what the editors answer, as
// long as it is under way or may be answered: where each message is, never what it says.
//
// The editors know a reader by a [Name] that is made up for one issue. What links the two is
// deleted by [Store.Close] some weeks after the last letter, and by [Forget] at once.
package replies

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
)

// Store keeps conversations. Its methods may be called at the same time.
type Store struct {
	db    *database.DB
	reads *sql.DB // of db
}

// New returns the conversations in a database.
func New(db *database.DB) *Store { return &Store{db: db, reads: db.Reads()} }

// Name is what the editors call a reader in the conversation about one issue.
type Name int

// names are how many names there are for each animal: 1000 to 9999.
const names = 9000

// animals come with the names.
var animals = []rune("🦊🐼🐨🦉🐢🐙🦋🐝🐧🦔🐳🦜🦒🐘🦆🐞🦁🐯🐰🐺🦝🐸🐹🦩🦢🐬🦀🐌🦎🐇🐓🦌")

// String returns a name as people see it, such as "🦊 4711".
func (n Name) String() string {
	return string(animals[int(n)/names%len(animals)]) + " " + strconv.Itoa(int(n)%names+1000)
}

// State is how a letter stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Passed  State = "passed"
	Failed  State = "failed" // it will not be passed on
	Back    State = "back"   // its writer has taken it back
)

// Place is where a message is.
type Place struct {
	Chat    int64
	Message int
}

// Conversation is what a reader and the editors write each other about an issue.
type Conversation struct {
	ID, Issue, Reader int64
	Name              Name
}

// Letter is a message that is passed on.
type Letter struct {
	ID int64
	Conversation
	Answer  bool  // an editor wrote it
	At      Place // where its writer wrote it
	Thread  int   // the topic of At
	Album   string
	Section string // of the issue; empty: of none
	Quote   string // what of the issue is quoted
	To      int64  // the letter that it is a reply to; 0: none
	State   State
	Reason  string // of Failed
	Notice  int    // the message that told it; 0: none
	Changed string // what an edit has made of it, and the copies do not have
	MadeAt  time.Time
}

const letterColumns = `l.id, c.id, c.issue_id, c.reader, c.name, l.answer, l.chat_id, l.message_id, l.thread_id, l.album, l.section, l.quote,
	l.reply_to, l.state, l.reason, l.notice_id, l.changed, l.made_at`

// fromLetters goes with letterColumns.
const fromLetters = " FROM letters l JOIN conversations c ON c.id = l.conversation_id "

func scanLetter(row interface{ Scan(...any) error }) (l Letter, err error) {
	var made int64
	err = row.Scan(&l.ID, &l.Conversation.ID, &l.Issue, &l.Reader, &l.Name, &l.Answer, &l.At.Chat, &l.At.Message, &l.Thread, &l.Album, &l.Section, &l.Quote,
		&l.To, &l.State, &l.Reason, &l.Notice, &l.Changed, &made)
	l.MadeAt = time.Unix(made, 0)
	return l, database.NotFound(err)
}

func scanLetters(rows *sql.Rows) (Letter, error) { return scanLetter(rows) }

// Letter returns a letter, or ErrNotFound.
func (s *Store) Letter(ctx context.Context, id int64) (Letter, error) {
	return scanLetter(s.reads.QueryRowContext(ctx, "SELECT "+letterColumns+fromLetters+"WHERE l.id = ?", id))
}

// LetterAt returns the letter that was written somewhere, or ErrNotFound.
func (s *Store) LetterAt(ctx context.Context, at Place) (Letter, error) {
	return letterAt(ctx, s.reads, at)
}

func letterAt(ctx context.Context, q database.Queryer, at Place) (Letter, error) {
	return scanLetter(q.QueryRowContext(ctx, "SELECT "+letterColumns+fromLetters+"WHERE l.chat_id = ? AND l.message_id = ?", at.Chat, at.Message))
}

// Find returns the letter that a message is about: the letter itself, a copy of it or its
// header, or what its writer was told of it. The error is ErrNotFound if it is about none.
func (s *Store) Find(ctx context.Context, at Place) (Letter, error) {
	return scanLetter(s.reads.QueryRowContext(ctx, "SELECT "+letterColumns+fromLetters+`
		WHERE l.chat_id = ?1 AND (l.message_id = ?2 OR l.notice_id = ?2)
			OR l.id IN (SELECT letter_id FROM copies WHERE chat_id = ?1 AND message_id = ?2)
		ORDER BY l.id DESC
		LIMIT 1`, at.Chat, at.Message))
}

func conversation(ctx context.Context, q database.Queryer, where string, args ...any) (c Conversation, err error) {
	err = q.QueryRowContext(ctx, "SELECT id, issue_id, reader, name FROM conversations WHERE "+where, args...).Scan(&c.ID, &c.Issue, &c.Reader, &c.Name)
	return c, database.NotFound(err)
}

// LastOfReader returns the last letter of the reader in a conversation that was not taken
// back, or ErrNotFound.
func (s *Store) LastOfReader(ctx context.Context, conversation int64) (Letter, error) {
	return scanLetter(s.reads.QueryRowContext(ctx, "SELECT "+letterColumns+fromLetters+`
		WHERE c.id = ? AND l.answer = 0 AND l.state <> 'back'
		ORDER BY l.id DESC
		LIMIT 1`, conversation))
}

// countWaiting is SQL for how many letters of readers wait.
const countWaiting = "SELECT count(*) FROM letters WHERE state = 'waiting' AND answer = 0"

// CountWaiting returns how many letters of readers wait.
func (s *Store) CountWaiting(ctx context.Context) (n int, err error) {
	err = s.reads.QueryRowContext(ctx, countWaiting).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count replies that wait: %w", err)
	}
	return n, nil
}

// MovedTo returns the supergroup that a group of editors has become; 0: none.
func (s *Store) MovedTo(ctx context.Context, group int64) (to int64, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT to_id FROM moved_editors WHERE from_id = ?", group).Scan(&to)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return to, err
}

// NoteMove notes the supergroup that a group of editors has become.
func (s *Store) NoteMove(ctx context.Context, group, to int64) error {
	return s.exec(ctx, "note where the editors have moved", "INSERT OR REPLACE INTO moved_editors (from_id, to_id) VALUES (?, ?)", group, to)
}

// exec runs one statement in a transaction.
func (s *Store) exec(ctx context.Context, what, statement string, args ...any) error {
	if _, err := database.Exec(ctx, s.db.Write, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// markBits is how long the mark of a reader is: of ten thousand million people, some hundreds
// have the same.
const markBits = 24

// mark is what is kept of a reader from whom the editors take no replies.
func mark(reader int64) int64 {
	sum := sha256.Sum256([]byte("muted " + strconv.FormatInt(reader, 10)))
	return int64(binary.BigEndian.Uint32(sum[:]) >> (32 - markBits))
}

// Muted reports whether the editors take no replies from the reader of a conversation.
func (s *Store) Muted(ctx context.Context, c Conversation) (muted bool, err error) {
	_, muted, err = mutedUntil(ctx, s.reads, c.Reader)
	return muted, err
}

func mutedUntil(ctx context.Context, q database.Queryer, reader int64) (told, muted bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT told FROM muted_readers WHERE mark = ? AND until > ?", mark(reader), time.Now().Unix()).Scan(&told)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	return told, err == nil, err
}

// Mute has the editors take no more replies from the reader of a conversation until a time,
// or take them again, for the zero time. changed is false if it was so before.
func Mute(ctx context.Context, tx *sql.Tx, id int64, until time.Time) (c Conversation, changed bool, err error) {
	if c, err = conversation(ctx, tx, "id = ?", id); err != nil {
		return c, false, err
	}
	_, muted, err := mutedUntil(ctx, tx, c.Reader)
	if err != nil || muted == !until.IsZero() {
		return c, false, err
	}
	if muted {
		_, err = tx.ExecContext(ctx, "DELETE FROM muted_readers WHERE mark = ?", mark(c.Reader))
		return c, true, err
	}
	_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO muted_readers (mark, until) VALUES (?, ?)", mark(c.Reader), until.Unix())
	return c, true, err
}
