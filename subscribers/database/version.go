package database

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// changes counts the changes of the database that were seen.
type changes struct {
	mu     sync.Mutex
	number int64 // of the last one
	seen   int64 // the dataVersion of watch after it
}

// Version returns a number that changes with each commit, also of other processes, but not
// with those of CheckWrites, which nobody reads. It means nothing to another DB, and is never 0.
func (db *DB) Version(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	db.changes.mu.Lock()
	defer db.changes.mu.Unlock()
	return db.versionLocked(ctx)
}

func (db *DB) versionLocked(ctx context.Context) (int64, error) {
	seen, err := dataVersion(ctx, db.watch)
	if err != nil {
		return 0, err
	}
	if seen != db.changes.seen {
		db.changes.seen = seen
		db.changes.number++
	}
	return db.changes.number, nil
}

// dataVersion returns a number that changes with the commits of all connections but this one
// (sqlite.org/pragma.html#pragma_data_version); watch makes none. It waits for nobody, and
// being ready to be interrupted would cost more than the answer.
func dataVersion(ctx context.Context, q rowQueryer) (version int64, err error) {
	if err := q.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA data_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the database: %w", err)
	}
	return version, nil
}

// unread is how the database was when a transaction began of which Version is to know nothing.
type unread struct {
	seen int64 // the dataVersion of watch
	own  int64 // the dataVersion of the connection that writes
}

// leaveOut has Version leave out the commit of tx, if nothing else is in it. Since tx began
// nobody else can write.
func (db *DB) leaveOut(ctx context.Context, tx *sql.Tx) error {
	db.changes.mu.Lock()
	defer db.changes.mu.Unlock()
	if _, err := db.versionLocked(ctx); err != nil {
		return err
	}
	own, err := dataVersion(ctx, tx)
	db.group.unread = &unread{seen: db.changes.seen, own: own}
	return err
}

// passLocked takes a commit that is to be left out for seen, unless another process has
// committed since that transaction began, or Version was asked since the commit. Then, or if
// something fails, the version changes: somebody looks for nothing.
func (db *DB) passLocked(ctx context.Context, before unread) {
	db.changes.mu.Lock()
	defer db.changes.mu.Unlock()
	after, err := dataVersion(ctx, db.watch) // first, so that own knows at least as much
	if err != nil || db.changes.seen != before.seen {
		return
	}
	if own, err := dataVersion(ctx, db.writes); err == nil && own == before.own {
		db.changes.seen = after
	}
}
