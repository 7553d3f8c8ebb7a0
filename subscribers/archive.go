package subscribers

import (
	"context"
	"database/sql"
	"errors"

	"digestbot/subscribers/database"
)

// Errors a caller decides by.
var (
	// ErrKeyTaken: the archive has another issue under the same key.
	ErrKeyTaken = errors.New("the archive has a different issue under this key")
	// ErrWithdrawn: the issue was taken back.
	ErrWithdrawn = errors.New("the issue is withdrawn")
	// ErrSameSection: a section was to become part of itself.
	ErrSameSection = errors.New("a section cannot be merged into itself")
)

// archive has the issues. It is safe for concurrent use.
type archive struct {
	db    *database.DB
	reads *sql.DB // of db
	index index
}

// newArchive returns the archive in a database.
func newArchive(ctx context.Context, db *database.DB) (*archive, error) {
	a := &archive{db: db, reads: db.Reads(), index: index{turn: make(chan struct{}, 1)}}
	return a, a.fillItems(ctx)
}
