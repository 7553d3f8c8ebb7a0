// Package feedback keeps what readers think of the sections of an issue: how many voted
// up and how many down. Who voted what cannot be read from it.
//
// To give each person one vote, a vote is kept under a hash of the person and the section,
// with a secret of the issue as its key. The hashes of one person on two sections have nothing
// in common. While voting goes on, whoever has the database could find out a vote by trying
// every person; [Store.Close] deletes the votes and overwrites the secret, and keeps the totals.
package feedback

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"digestbot/subscribers/database"
)

// ErrClosed says that voting on an issue is over.
var ErrClosed = errors.New("voting on the issue is over")

// Vote is what a person thinks of a section.
type Vote int

// The votes. None is one that was taken back, too.
const (
	Down Vote = -1
	None Vote = 0
	Up   Vote = 1
)

// Store keeps votes. Its methods may be called at the same time.
type Store struct {
	db    *database.DB
	reads *sql.DB // of db

	erased atomic.Bool // the log of db has nothing of votes that are over
}

// New returns the votes in a database.
func New(db *database.DB) *Store { return &Store{db: db, reads: db.Reads()} }

// Ballot says who votes on what, and by which press: the same press counts once.
type Ballot struct {
	Issue, Section, Person int64
	Press                  string
}

// Cast counts a vote in place of the person's one before. The vote that the person has
// already is taken back. It returns the vote that counts now, or ErrClosed. A press that was
// counted before changes nothing.
func (s *Store) Cast(ctx context.Context, b Ballot, vote Vote) (now Vote, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		p, err := openPoll(ctx, tx, b.Issue)
		if err != nil {
			return err
		}
		all, err := sameSections(ctx, tx, b.Section)
		if err != nil {
			return err
		}
		press := p.hash("press", []byte(b.Press))
		had, by, err := p.find(ctx, tx, b.Person, all)
		if err != nil || hmac.Equal(by, press) {
			now = had
			return err
		}
		if now = vote; had == vote {
			now = None
		}
		return p.replace(ctx, tx, b.Person, all, now, press)
	})
	if err != nil {
		return None, fmt.Errorf("count a vote on issue %d: %w", b.Issue, err)
	}
	return now, nil
}

// Votes returns the votes that a person has on sections of an issue, and whether anybody may
// vote on it. Person 0 has none.
func (s *Store) Votes(ctx context.Context, issue, person int64, sections []int64) (votes map[int64]Vote, open bool, err error) {
	p, err := findPoll(ctx, s.reads, issue)
	switch {
	case errors.Is(err, database.ErrNotFound): // nobody has voted
		return nil, true, nil
	case errors.Is(err, ErrClosed):
		return nil, false, nil
	}
	votes = make(map[int64]Vote)
	for _, section := range sections {
		if err != nil || person == 0 {
			break
		}
		var all []int64
		if all, err = sameSections(ctx, s.reads, section); err == nil {
			votes[section], _, err = p.find(ctx, s.reads, person, all)
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("read votes on issue %d: %w", issue, err)
	}
	return votes, true, nil
}

// poll is the voting on an issue.
type poll struct {
	issue  int64
	secret []byte
}

// findPoll returns the voting on an issue, ErrNotFound if nobody has voted, or ErrClosed.
func findPoll(ctx context.Context, q database.Queryer, issue int64) (p poll, err error) {
	p.issue = issue
	var closed bool
	err = q.QueryRowContext(ctx, "SELECT secret, closed FROM polls WHERE issue_id = ?", issue).Scan(&p.secret, &closed)
	if err == nil && closed {
		err = ErrClosed
	}
	return p, database.NotFound(err)
}

// openPoll returns the voting on an issue, which begins with the first vote.
func openPoll(ctx context.Context, tx *sql.Tx, issue int64) (poll, error) {
	p, err := findPoll(ctx, tx, issue)
	if !errors.Is(err, database.ErrNotFound) {
		return p, err
	}
	p.secret = make([]byte, sha256.Size)
	_, _ = rand.Read(p.secret) // never fails
	_, err = tx.ExecContext(ctx, "INSERT INTO polls (issue_id, secret, opened_at) VALUES (?, ?, ?)", issue, p.secret, time.Now().Unix())
	return p, err
}

// hash returns what stands for data: nobody can find the data without the secret.
func (p poll) hash(kind string, data []byte) []byte {
	h := hmac.New(sha256.New, p.secret)
	h.Write([]byte(kind))
	h.Write(data)
	return h.Sum(nil)[:16]
}

// voter is what stands for a person who votes on a section.
func (p poll) voter(person, section int64) []byte {
	data := binary.BigEndian.AppendUint64(nil, uint64(person))
	return p.hash("voter", binary.BigEndian.AppendUint64(data, uint64(section)))
}

// find returns the vote that a person has on a section, which had several ids if sections
// were merged, and the press that it comes from.
func (p poll) find(ctx context.Context, q database.Queryer, person int64, ids []int64) (vote Vote, press []byte, err error) {
	for _, id := range ids {
		err = q.QueryRowContext(ctx, "SELECT vote, press FROM votes WHERE issue_id = ? AND section_id = ? AND voter = ?",
			p.issue, id, p.voter(person, id)).Scan(&vote, &press)
		if !errors.Is(err, sql.ErrNoRows) {
			return vote, press, err
		}
	}
	return None, nil, nil
}

// replace puts a vote in the place of those that a person has on the section. It stays when
// it is taken back, so that the same press is known.
func (p poll) replace(ctx context.Context, tx *sql.Tx, person int64, ids []int64, vote Vote, press []byte) error {
	if err := p.remove(ctx, tx, person, ids); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO votes (issue_id, section_id, voter, vote, press) VALUES (?, ?, ?, ?, ?)",
		p.issue, ids[0], p.voter(person, ids[0]), vote, press)
	return err
}

func (p poll) remove(ctx context.Context, tx *sql.Tx, person int64, ids []int64) error {
	for _, id := range ids {
		_, err := tx.ExecContext(ctx, "DELETE FROM votes WHERE issue_id = ? AND section_id = ? AND voter = ?", p.issue, id, p.voter(person, id))
		if err != nil {
			return err
		}
	}
	return nil
}

// sameSections returns the ids that a section has, and first the one that counts: sections
// that were merged are one. The error is ErrNotFound if there is no such section.
func sameSections(ctx context.Context, q database.Queryer, section int64) (ids []int64, err error) {
	var into int64
	err = q.QueryRowContext(ctx, "SELECT coalesce(merged_into, id) FROM sections WHERE id = ?", section).Scan(&into)
	if err != nil {
		return nil, database.NotFound(err)
	}
	return database.Collect(ctx, q, scanID, "SELECT id FROM sections WHERE id = ?1 OR merged_into = ?1 ORDER BY id <> ?1, id", into)
}

func scanID(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) }
