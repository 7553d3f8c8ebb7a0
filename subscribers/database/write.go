package database

import (
	"context"
	"database/sql"
	"errors"
)

// group is a transaction shared by writes that wait for one another anyway. A commit
// has to reach the disk; if each of thousands of writes had its own, the machine would
// do little else. No write returns before the commit.
type group struct {
	tx   *sql.Tx
	size int           // writes in it
	over chan struct{} // closed when it is committed, or has failed
	err  error         // why it is not committed; set before over is closed
	// alone: no other write joins it, for its commit is not synced.
	alone bool
	// unread: Version leaves the commit out if it has one write; nil: it does not.
	unread *unread
}

// durability is what a write survives, once it is made.
type durability string

const (
	// survivesPower is for what must never be lost: the commit is synced.
	survivesPower durability = "FULL"
	// survivesProgram is for what a loss of power may undo. It costs a fraction, and
	// the next synced commit saves it as well (sqlite.org/pragma.html#pragma_synchronous).
	survivesProgram durability = "NORMAL"
)

// maxGroup bounds the writes that share a commit, because the first waits for the last.
const maxGroup = 64

// errUndone: another write has undone the transaction. A full disk or an interrupted
// statement undoes all of it.
var errUndone = errors.New("undone with another write")

// Write runs f in a transaction and commits it unless f fails. If another write
// undoes the transaction, f is called again. When Write has returned without an error,
// what was written survives a loss of power.
func (db *DB) Write(ctx context.Context, f func(*sql.Tx) error) error {
	return db.write(ctx, survivesPower, f)
}

// WriteUnsynced is Write for what a loss of power may undo; it survives the end of the
// program, however it ends. It costs a fraction.
func (db *DB) WriteUnsynced(ctx context.Context, f func(*sql.Tx) error) error {
	return db.write(ctx, survivesProgram, f)
}

func (db *DB) write(ctx context.Context, what durability, f func(*sql.Tx) error) (err error) {
	defer func() { db.pulse.note(err) }()
	for {
		g, err := db.join(ctx, what, f)
		if err != nil {
			return err
		}
		<-g.over
		if !errors.Is(g.err, errUndone) {
			return g.err
		}
	}
}

// join runs f in the group, which it commits unless more writes wait.
func (db *DB) join(ctx context.Context, what durability, f func(*sql.Tx) error) (*group, error) {
	db.waiting.Add(1)
	db.writing.Lock()
	db.waiting.Add(-1)
	defer db.writing.Unlock()
	defer db.commitLocked()
	g, err := db.groupLocked(ctx, what)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() { // also when f panics
		if !kept {
			db.undoLocked(g)
		}
	}()
	if err := g.exec("SAVEPOINT one"); err != nil {
		return nil, err
	}
	if err := f(g.tx); err != nil {
		return nil, err
	}
	if err := g.exec("RELEASE one"); err != nil {
		return nil, err
	}
	g.size++
	kept = true
	return g, nil
}

// groupLocked returns the group that is open, or a new one. A write that need not be
// synced is alone in its group, unless others wait: then the commit is synced anyway.
func (db *DB) groupLocked(ctx context.Context, what durability) (*group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if db.group != nil {
		return db.group, nil
	}
	if db.waiting.Load() > 0 {
		what = survivesPower
	}
	ctx = context.WithoutCancel(ctx) // it is not only this write's
	if err := db.surviveLocked(ctx, what); err != nil {
		return nil, err
	}
	tx, err := db.writes.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	db.group = &group{tx: tx, over: make(chan struct{}), alone: what == survivesProgram}
	return db.group, nil
}

// surviveLocked sets what the next transactions survive.
func (db *DB) surviveLocked(ctx context.Context, what durability) error {
	if db.survives == what {
		return nil
	}
	_, err := db.writes.ExecContext(ctx, "PRAGMA synchronous = "+string(what))
	if err == nil {
		db.survives = what
	}
	return err
}

// exec runs a statement about a single write. The first write needs none: if it is
// undone, the group is.
func (g *group) exec(statement string) error {
	if g.size == 0 {
		return nil
	}
	_, err := g.tx.Exec(statement)
	return err
}

// undoLocked undoes a write of the group, or the whole group if that is not possible.
func (db *DB) undoLocked(g *group) {
	if g.size > 0 && g.exec("ROLLBACK TO one") == nil && g.exec("RELEASE one") == nil {
		return
	}
	_ = g.tx.Rollback() // it may be undone already
	db.group, g.err = nil, errUndone
	close(g.over)
}

// commitLocked commits the group that is open, unless more writes wait to join it.
func (db *DB) commitLocked() {
	if g := db.group; g != nil && !g.alone && g.size < maxGroup && db.waiting.Load() > 0 {
		return
	}
	db.closeGroupLocked()
}

// closeGroupLocked commits the group that is open, if there is one.
func (db *DB) closeGroupLocked() {
	g := db.group
	if g == nil {
		return
	}
	db.group = nil
	g.err = g.tx.Commit()
	if g.err == nil && g.unread != nil && g.size == 1 {
		db.passLocked(context.Background(), *g.unread) // the commit is made already
	}
	close(g.over)
}
