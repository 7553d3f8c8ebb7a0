package database

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
	db := open(t)
	wantPragma(t, db, "journal_mode", "wal")
	wantPragma(t, db, "synchronous", synced)
	for range 2 {
		if err := db.WriteUnsynced(t.Context(), keepText(1)); err != nil {
			t.Fatal(err)
		}
		wantPragma(t, db, "synchronous", unsynced)
		if err := db.Write(t.Context(), keepText(2)); err != nil {
			t.Fatal(err)
		}
		wantPragma(t, db, "synchronous", synced)
	}
	wantTexts(t, db, 4)
}

// A write that must be synced does not share the commit of a write that need not be.
// But the latter shares the commit of writes that must be.
func TestUnsyncedWritesAreAlone(t *testing.T) {
	db := open(t)
	var all sync.WaitGroup
	groups := make(map[string]*group)
	start := func(name string, what durability, meanwhile func()) {
		waiting := db.waiting.Load()
		all.Go(func() {
			err := db.write(t.Context(), what, func(*sql.Tx) error {
				groups[name] = db.group
				meanwhile()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		if name != "first" {
			for db.waiting.Load() == waiting {
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

func wantPragma(t *testing.T, db *DB, pragma, want string) {
	t.Helper()
	var got string
	if err := db.writes.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
		t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
	}
}
