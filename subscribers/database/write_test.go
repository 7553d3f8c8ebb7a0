package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"testing/fstest"
)

// together makes writes wait for their turn at the same time. It returns their errors
// and how many transactions they took.
func together(t *testing.T, db *DB, writes ...func(*sql.Tx) error) (errs []error, groups int) {
	t.Helper()
	seen := make(map[*group]bool)
	errs = make([]error, len(writes))
	var all sync.WaitGroup
	db.writing.Lock()
	for i, f := range writes {
		all.Go(func() {
			errs[i] = db.Write(t.Context(), func(tx *sql.Tx) error {
				seen[db.group] = true
				return f(tx)
			})
		})
	}
	for db.waiting.Load() < int64(len(writes)) {
		runtime.Gosched()
	}
	db.writing.Unlock()
	all.Wait()
	return errs, len(seen)
}

// keepText returns a write that leaves a text, see wantTexts.
func keepText(n int) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO texts (text) VALUES (?)", fmt.Sprint(n))
		return err
	}
}

func wantTexts(t *testing.T, db *DB, want int) {
	t.Helper()
	var got int
	if err := db.reads.QueryRowContext(t.Context(), "SELECT count(*) FROM texts").Scan(&got); err != nil || got != want {
		t.Errorf("%d writes are on record (%v), want %d", got, err, want)
	}
}

// ownSchema is that of a database of texts, see keepText.
func ownSchema() Schema {
	return Schema{
		Migrations: fstest.MapFS{
			"migrations/0001_initial.sql":   {Data: []byte("CREATE TABLE texts (text TEXT NOT NULL)")},
			"migrations/0002_heartbeat.sql": {Data: []byte("CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)")},
		},
		Table: "texts",
	}
}

func open(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"), ownSchema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestWritesThatWaitShareACommit(t *testing.T) {
	db := open(t)
	var writes []func(*sql.Tx) error
	for n := range maxGroup + 6 {
		writes = append(writes, keepText(n))
	}
	errs, groups := together(t, db, writes...)
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if groups != 2 {
		t.Errorf("%d writes took %d transactions, want 2", len(writes), groups)
	}
	wantTexts(t, db, len(writes))
}

func TestWriteThatFailsHarmsNoOther(t *testing.T) {
	db := open(t)
	odd := errors.New("odd")
	fails := func(tx *sql.Tx) error { return errors.Join(keepText(-1)(tx), odd) }
	for _, first := range []bool{true, false} {
		writes := []func(*sql.Tx) error{keepText(1), fails, keepText(2), fails, keepText(3)}
		if first {
			writes = []func(*sql.Tx) error{fails}
		}
		errs, _ := together(t, db, writes...)
		for i, err := range errs {
			if failed := i%2 == 1 || first; failed != errors.Is(err, odd) || !failed && err != nil {
				t.Errorf("write %d of %d: %v", i, len(writes), err)
			}
		}
	}
	wantTexts(t, db, 3)
}

// A full disk or an interrupted statement makes SQLite undo all of a transaction.
func TestWriteThatUndoesTheTransaction(t *testing.T) {
	db := open(t)
	odd := errors.New("odd")
	writes := []func(*sql.Tx) error{keepText(1), keepText(2), keepText(3), func(tx *sql.Tx) error {
		_, err := tx.Exec("ROLLBACK")
		return errors.Join(odd, err)
	}}
	errs, _ := together(t, db, writes...)
	if err := errors.Join(errs[:3]...); err != nil || !errors.Is(errs[3], odd) {
		t.Errorf("the writes returned %v, want an error of the last alone", errs)
	}
	wantTexts(t, db, 3)
}

func TestWriteThatPanicsHarmsNoOther(t *testing.T) {
	db := open(t)
	survives := func() (p any) {
		defer func() { p = recover() }()
		return db.Write(t.Context(), func(tx *sql.Tx) error { panic("odd") })
	}
	if p := survives(); p != "odd" {
		t.Errorf("a write panicked with %v, want odd", p)
	}
	if err := db.Write(t.Context(), keepText(1)); err != nil {
		t.Error(err)
	}
	wantTexts(t, db, 1)
}

// A write whose context has ended is not made, and the writes before it are committed
// all the same.
func TestWriteOfSomebodyWhoHasLeft(t *testing.T) {
	db := open(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	var all sync.WaitGroup
	db.writing.Lock()
	all.Go(func() {
		if err := db.Write(t.Context(), keepText(1)); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		if err := db.Write(gone, keepText(2)); !errors.Is(err, context.Canceled) {
			t.Errorf("write = %v, want that it was cancelled", err)
		}
	})
	for db.waiting.Load() < 2 {
		runtime.Gosched()
	}
	db.writing.Unlock()
	all.Wait()
	wantTexts(t, db, 1)
}
