package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

// heartbeatEvery is how long nothing is written before a row is, to find out
// whether writing still works.
const heartbeatEvery = 5 * time.Minute

// pulse remembers how writing went.
type pulse struct {
	mu     sync.Mutex
	worked time.Time // when the last write did
	failed time.Time // when the last write failed because of the disk or another program
	err    error     // of that write
	trying atomic.Bool
}

// diskFaults are the errors that have nothing to do with what was to be written
// (sqlite.org/rescode.html).
var diskFaults = []sqlite3.ErrNo{
	sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrBusy, sqlite3.ErrLocked,
	sqlite3.ErrCantOpen, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrPerm,
}

func (p *pulse) note(err error) {
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.worked = time.Now()
	} else if e, ok := errors.AsType[sqlite3.Error](err); ok && slices.Contains(diskFaults, e.Code) {
		p.noteFault(err)
	}
}

func (p *pulse) noteFault(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.err = time.Now(), err
}

// inDoubt reports whether a write is needed to know whether writing works.
func (p *pulse) inDoubt() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err != nil || time.Since(p.worked) >= heartbeatEvery
}

// fault returns why writing did not work lately.
func (p *pulse) fault() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.failed) >= heartbeatEvery {
		p.err = nil
	}
	return p.err
}

// CheckWrites returns why writing does not work, or did not in the last five
// minutes: a full disk often still takes a small write now and then. If nothing was
// written for that long, it tries until ctx is done: a disk that hangs is a fault as
// well.
func (db *DB) CheckWrites(ctx context.Context) error {
	if db.pulse.inDoubt() {
		if err := db.tryWrite(ctx); err != nil {
			db.pulse.noteFault(err)
		}
	}
	if ctx.Err() == context.Canceled {
		return ctx.Err()
	}
	if err := db.pulse.fault(); err != nil {
		return fmt.Errorf("write to the database %s: %w", db.path, WithCure(err))
	}
	return nil
}

var errHangs = errors.New("a write does not end: another program has locked the file, or the disk hangs")

// tryWrite writes a row, and does not wait for it longer than ctx lasts.
func (db *DB) tryWrite(ctx context.Context) error {
	if !db.pulse.trying.CompareAndSwap(false, true) {
		return errHangs // the last one has not come back
	}
	done := make(chan error, 1)
	go func() {
		err := db.beat(context.WithoutCancel(ctx))
		db.pulse.trying.Store(false) // first, because the caller may try again at once
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errHangs
	}
}

func (db *DB) beat(ctx context.Context) error {
	return db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO heartbeat (id, at) VALUES (1, ?1) ON CONFLICT DO UPDATE SET at = ?1", time.Now().Unix())
		if err != nil {
			return err
		}
		return db.leaveOut(ctx, tx)
	})
}
