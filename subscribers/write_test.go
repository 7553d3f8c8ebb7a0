package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// together makes writes wait for their turn at the same time. It returns their errors
// and how many transactions they took.
func together(t *testing.T, s *Store, writes ...func(*sql.Tx) error) (errs []error, groups int) {
	t.Helper()
	seen := make(map[*group]bool)
	errs = make([]error, len(writes))
	var all sync.WaitGroup
	s.writing.Lock()
	for i, f := range writes {
		all.Go(func() {
			errs[i] = s.write(t.Context(), func(tx *sql.Tx) error {
				seen[s.group] = true
				return f(tx)
			})
		})
	}
	for s.waiting.Load() < int64(len(writes)) {
		runtime.Gosched()
	}
	s.writing.Unlock()
	all.Wait()
	return errs, len(seen)
}

// keepText returns a write that leaves a text, see wantTexts.
func keepText(n int) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO own_texts (text) VALUES (?)", fmt.Sprint(n))
		return err
	}
}

func wantTexts(t *testing.T, s *Store, want int) {
	t.Helper()
	var got int
	if err := s.reads.QueryRowContext(t.Context(), "SELECT count(*) FROM own_texts").Scan(&got); err != nil || got != want {
		t.Errorf("%d writes are on record (%v), want %d", got, err, want)
	}
}

func openForGroups(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestWritesThatWaitShareACommit(t *testing.T) {
	s := openForGroups(t)
	var writes []func(*sql.Tx) error
	for n := range maxGroup + 6 {
		writes = append(writes, keepText(n))
	}
	errs, groups := together(t, s, writes...)
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if groups != 2 {
		t.Errorf("%d writes took %d transactions, want 2", len(writes), groups)
	}
	wantTexts(t, s, len(writes))
}

func TestWriteThatFailsHarmsNoOther(t *testing.T) {
	s := openForGroups(t)
	odd := errors.New("odd")
	fails := func(tx *sql.Tx) error { return errors.Join(keepText(-1)(tx), odd) }
	for _, first := range []bool{true, false} {
		writes := []func(*sql.Tx) error{keepText(1), fails, keepText(2), fails, keepText(3)}
		if first {
			writes = []func(*sql.Tx) error{fails}
		}
		errs, _ := together(t, s, writes...)
		for i, err := range errs {
			if failed := i%2 == 1 || first; failed != errors.Is(err, odd) || !failed && err != nil {
				t.Errorf("write %d of %d: %v", i, len(writes), err)
			}
		}
	}
	wantTexts(t, s, 3)
}

// A full disk or an interrupted statement makes SQLite undo all of a transaction.
func TestWriteThatUndoesTheTransaction(t *testing.T) {
	s := openForGroups(t)
	odd := errors.New("odd")
	writes := []func(*sql.Tx) error{keepText(1), keepText(2), keepText(3), func(tx *sql.Tx) error {
		_, err := tx.Exec("ROLLBACK")
		return errors.Join(odd, err)
	}}
	errs, _ := together(t, s, writes...)
	if err := errors.Join(errs[:3]...); err != nil || !errors.Is(errs[3], odd) {
		t.Errorf("the writes returned %v, want an error of the last alone", errs)
	}
	wantTexts(t, s, 3)
}

func TestWriteThatPanicsHarmsNoOther(t *testing.T) {
	s := openForGroups(t)
	survives := func() (p any) {
		defer func() { p = recover() }()
		return s.write(t.Context(), func(tx *sql.Tx) error { panic("odd") })
	}
	if p := survives(); p != "odd" {
		t.Errorf("a write panicked with %v, want odd", p)
	}
	if err := s.write(t.Context(), keepText(1)); err != nil {
		t.Error(err)
	}
	wantTexts(t, s, 1)
}

// A write whose context has ended is not made, and the writes before it are committed
// all the same.
func TestWriteOfSomebodyWhoHasLeft(t *testing.T) {
	s := openForGroups(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	var all sync.WaitGroup
	s.writing.Lock()
	all.Go(func() {
		if err := s.write(t.Context(), keepText(1)); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		if err := s.write(gone, keepText(2)); !errors.Is(err, context.Canceled) {
			t.Errorf("write = %v, want that it was cancelled", err)
		}
	})
	for s.waiting.Load() < 2 {
		runtime.Gosched()
	}
	s.writing.Unlock()
	all.Wait()
	wantTexts(t, s, 1)
}
