package subscribers

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"digestbot/subscribers/database"
)

// Editor is a person whom an owner has named. Of people the store keeps only ids.
type Editor struct {
	User, NamedBy int64 // Telegram user ids
	NamedAt       time.Time
}

// editors holds in memory who is an editor, because that is asked for every update.
type editors struct {
	mu    sync.RWMutex
	users map[int64]bool
}

func (e *editors) has(user int64) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.users[user]
}

func (e *editors) set(user int64, editor bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !editor {
		delete(e.users, user)
		return
	}
	if e.users == nil {
		e.users = make(map[int64]bool)
	}
	e.users[user] = true
}

// readEditors fills the memory of who is an editor.
func (s *Store) readEditors(ctx context.Context) error {
	all, err := s.Editors(ctx)
	for _, e := range all {
		s.editors.set(e.User, true)
	}
	return err
}

// Editors returns the editors in the order in which they were named.
func (s *Store) Editors(ctx context.Context) ([]Editor, error) {
	all, err := database.Collect(ctx, s.reads, func(rows *sql.Rows) (e Editor, err error) {
		var at int64
		err = rows.Scan(&e.User, &e.NamedBy, &at)
		e.NamedAt = fromUnix(at)
		return e, err
	}, "SELECT user_id, named_by, named_at FROM editors ORDER BY named_at, user_id")
	if err != nil {
		return nil, fmt.Errorf("read editors: %w", err)
	}
	return all, nil
}

// IsEditor reports whether a person is an editor now. It asks no database.
func (s *Store) IsEditor(user int64) bool { return s.editors.has(user) }

// NameEditor makes a person an editor. changed is false if the person was one.
func (s *Store) NameEditor(ctx context.Context, user int64, by Actor) (changed bool, err error) {
	e := AuditEntry{By: by, Deed: DeedName, On: Subject{Person: user}}
	return s.changeEditor(ctx, e, func(tx *sql.Tx) (bool, error) { return nameEditor(ctx, tx, user, by.User) })
}

func nameEditor(ctx context.Context, tx *sql.Tx, user, owner int64) (changed bool, err error) {
	result, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO editors (user_id, named_by, named_at) VALUES (?, ?, ?)", user, owner, now())
	return database.Affected(result, err), err
}

// RemoveEditor ends that a person is an editor, at once. changed is false if the person
// was none.
func (s *Store) RemoveEditor(ctx context.Context, user int64, by Actor) (changed bool, err error) {
	e := AuditEntry{By: by, Deed: DeedRemove, On: Subject{Person: user}}
	return s.changeEditor(ctx, e, func(tx *sql.Tx) (bool, error) { return removeEditor(ctx, tx, user) })
}

func removeEditor(ctx context.Context, tx *sql.Tx, user int64) (changed bool, err error) {
	result, err := tx.ExecContext(ctx, "DELETE FROM editors WHERE user_id = ?", user)
	return database.Affected(result, err), err
}

// changeEditor names or removes the person that an entry of the audit is about.
func (s *Store) changeEditor(ctx context.Context, e AuditEntry, change func(*sql.Tx) (changed bool, err error)) (changed bool, err error) {
	s.changingEditors.Lock() // so that memory and database change in the same order
	defer s.changingEditors.Unlock()
	err = s.write(ctx, func(tx *sql.Tx) error {
		if changed, err = change(tx); err != nil || !changed {
			return err
		}
		return Audit(ctx, tx, e)
	})
	if err != nil {
		return false, fmt.Errorf("%s editor %d: %w", e.Deed, e.On.Person, err)
	}
	if changed {
		s.editors.set(e.On.Person, e.Deed != DeedRemove)
	}
	return changed, nil
}
