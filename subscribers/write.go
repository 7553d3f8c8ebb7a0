package subscribers

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

// write runs f in a transaction and commits it unless f fails. If another write
// undoes the transaction, f is called again.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	return s.writeSurviving(ctx, survivesPower, f)
}

func (s *Store) writeSurviving(ctx context.Context, what durability, f func(*sql.Tx) error) (err error) {
	defer func() { s.pulse.note(err) }()
	for {
		g, err := s.join(ctx, what, f)
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
func (s *Store) join(ctx context.Context, what durability, f func(*sql.Tx) error) (*group, error) {
	s.waiting.Add(1)
	s.writing.Lock()
	s.waiting.Add(-1)
	defer s.writing.Unlock()
	defer s.commitLocked()
	g, err := s.groupLocked(ctx, what)
	if err != nil {
		return nil, err
	}
	kept := false
	defer func() { // also when f panics
		if !kept {
			s.undoLocked(g)
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
func (s *Store) groupLocked(ctx context.Context, what durability) (*group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.group != nil {
		return s.group, nil
	}
	if s.waiting.Load() > 0 {
		what = survivesPower
	}
	ctx = context.WithoutCancel(ctx) // it is not only this write's
	if err := s.surviveLocked(ctx, what); err != nil {
		return nil, err
	}
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	s.group = &group{tx: tx, over: make(chan struct{}), alone: what == survivesProgram}
	return s.group, nil
}

// surviveLocked sets what the next transactions survive.
func (s *Store) surviveLocked(ctx context.Context, what durability) error {
	if s.survives == what {
		return nil
	}
	_, err := s.writes.ExecContext(ctx, "PRAGMA synchronous = "+string(what))
	if err == nil {
		s.survives = what
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
func (s *Store) undoLocked(g *group) {
	if g.size > 0 && g.exec("ROLLBACK TO one") == nil && g.exec("RELEASE one") == nil {
		return
	}
	_ = g.tx.Rollback() // it may be undone already
	s.group, g.err = nil, errUndone
	close(g.over)
}

// commitLocked commits the group that is open, unless more writes wait to join it.
func (s *Store) commitLocked() {
	if g := s.group; g != nil && !g.alone && g.size < maxGroup && s.waiting.Load() > 0 {
		return
	}
	s.closeGroupLocked()
}

// closeGroupLocked commits the group that is open, if there is one.
func (s *Store) closeGroupLocked() {
	g := s.group
	if g == nil {
		return
	}
	s.group = nil
	g.err = g.tx.Commit()
	close(g.over)
}
