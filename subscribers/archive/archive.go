// Package archive keeps the issues and what is in them: their editions, messages,
// sections and items. It knows nothing of subscribers and broadcasts.
//
// [New] returns the [Archive] in a database. [Archive.SaveIssue] puts an [Issue] into it;
// [Archive.Messages] returns what is sent of it, and [Archive.Search] finds its items.
// Issues that are withdrawn, held for approval, or dated more than a week ahead, are kept,
// but readers are not shown them. A method that finds nothing fails with [database.ErrNotFound].
//
// Some changes concern more than the archive. Package [digestbot/subscribers] makes them
// in its own transactions, with [Withdraw], [Restore], [Hold], [Approve], [FindMerging] and [MergeSections].
// In its statements, which join issues with subscribers and broadcasts, it uses
// [NewestSQL], [AheadSQL], [OneOffSQL], [WithdrawnSQL], [HeldSQL], [HeldNewestSQL] and [ArchiveOnlySQL]. It only reads the tables of
// the archive.
package archive

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"digestbot/subscribers/database"
)

// Errors a caller decides by.
var (
	// ErrKeyTaken: the archive has another issue under the same key.
	ErrKeyTaken = errors.New("the archive has a different issue under this key")
	// ErrWithdrawn: the issue was taken back.
	ErrWithdrawn = errors.New("the issue is withdrawn")
	// ErrHeld: the issue waits for an admin's approval.
	ErrHeld = errors.New("the issue waits for approval")
	// ErrSameSection: a section was to become part of itself.
	ErrSameSection = errors.New("a section cannot be merged into itself")
)

// Archive is a database's issues. Its methods may be called at the same time. What a
// method wrote is on disk when it has returned without an error.
type Archive struct {
	db    *database.DB
	reads *sql.DB // of db
	index index
	name  atomic.Pointer[string] // see SetName; nil: not known yet

	publication atomic.Pointer[Publication]
}

// New returns the archive in a database, which has its tables.
func New(ctx context.Context, db *database.DB) (*Archive, error) {
	a := &Archive{db: db, reads: db.Reads(), index: index{turn: make(chan struct{}, 1)}}
	if err := a.readPublication(ctx); err != nil {
		return nil, err
	}
	return a, a.fillItems(ctx)
}

// SetName sets the name of the publication, which is that of the bot. Messages of issues
// without a title have it in their headings from now on.
func (a *Archive) SetName(name string) { a.name.Store(&name) }
