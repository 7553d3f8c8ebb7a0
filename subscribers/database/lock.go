package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Lock makes this process the only one that serves the database, until the
// returned function is called or the process ends, however it ends. It fails
// with ErrLocked when another process holds the lock. Importing and reading
// need no lock.
func (db *DB) Lock(ctx context.Context) (unlock func() error, err error) {
	for end := time.Now().Add(upgradeEnds); ; {
		unlock, err = lock(ctx, db.path)
		if !db.wasOld || !errors.Is(err, ErrLocked) || time.Now().After(end) {
			return unlock, err
		}
		select {
		case <-time.After(upgradePoll):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// upgradeEnds is how long Lock tries again where the database was of an older version: another
// program that has upgraded it, or waited for that, holds the lock for a moment.
const upgradeEnds = time.Second

// lock is Lock for the database at a path, which need not be there.
func lock(ctx context.Context, database string) (unlock func() error, err error) {
	// SQLite's own file lock on a second small file: it works wherever the
	// database itself works, and the kernel drops it with the process.
	path := database + lockSuffix
	if err := makePrivate(path, database); err != nil {
		return nil, fmt.Errorf("lock database: %w", err)
	}
	pool, err := sql.Open("sqlite3", dsn(path, 0, "_txlock=exclusive"))
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", database, err)
	}
	pool.SetMaxOpenConns(1)
	tx, err := pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		err = errors.Join(err, pool.Close())
		if isBusy(err) {
			return nil, fmt.Errorf("%s: %w; stop it first, or give this one another --database", database, ErrLocked)
		}
		return nil, fmt.Errorf("lock database with %s: %w", path, WithCure(err))
	}
	unlock = func() error { return errors.Join(tx.Rollback(), pool.Close()) }
	// A file that may only be read is not locked, which shows only in a write.
	if _, err := tx.ExecContext(ctx, "PRAGMA user_version = 1"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock database with %s: %w", path, WithCure(err)), unlock())
	}
	return unlock, nil
}

func isBusy(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}
