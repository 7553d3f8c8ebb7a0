package subscribers

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
	"testing"
)

// A test cannot see what a loss of power takes, but that every commit is synced before
// it counts.
func TestCommitsAreSynced(t *testing.T) {
	store := openForGroups(t)
	wantPragma(t, store, "journal_mode", "wal")
	wantPragma(t, store, "synchronous", synced)
	handle := func() {
		if err := store.MarkHandled(t.Context(), 1); err != nil {
			t.Error(err)
		}
	}
	if err := store.KeepUpdates(t.Context(), []Update{{ID: 1, Body: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	wantPragma(t, store, "synchronous", synced)
	handle()
	wantPragma(t, store, "synchronous", unsynced)
	if unhandled, err := store.IsUnhandled(t.Context(), 1); unhandled || err != nil {
		t.Errorf("the update is unhandled: %v, %v", unhandled, err)
	}
	if err := store.write(t.Context(), keepText(1)); err != nil {
		t.Fatal(err)
	}
	wantPragma(t, store, "synchronous", synced)
	handle()
	wantPragma(t, store, "synchronous", unsynced)
}

// A write that must be synced does not share the commit of a write that need not be.
// But the latter shares the commit of writes that must be.
func TestUnsyncedWritesAreAlone(t *testing.T) {
	s := openForGroups(t)
	var all sync.WaitGroup
	groups := make(map[string]*group)
	start := func(name string, what durability, meanwhile func()) {
		waiting := s.waiting.Load()
		all.Go(func() {
			err := s.writeSurviving(t.Context(), what, func(*sql.Tx) error {
				groups[name] = s.group
				meanwhile()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		if name != "first" {
			for s.waiting.Load() == waiting {
				runtime.Gosched()
			}
		}
	}
	nothing := func() {}
	start("first", survivesProgram, func() {
		start("second", survivesPower, nothing)
		start("third", survivesProgram, nothing)
	})
	all.Wait()
	if !groups["first"].alone || groups["first"] == groups["second"] {
		t.Error("a write that must be synced shared a commit that was not")
	}
	if groups["second"] != groups["third"] || groups["second"].alone {
		t.Error("writes that waited had no synced commit together")
	}
}

// sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, and 1, NORMAL, does not sync
// the commits of a WAL.
const synced, unsynced = "2", "1"

func wantPragma(t *testing.T, s *Store, pragma, want string) {
	t.Helper()
	var got string
	if err := s.writes.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
		t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
	}
}
