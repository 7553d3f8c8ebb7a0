package database

import (
	"context"
	"database/sql"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestCheckWrites: a full disk is noticed when a write fails, and remembered although
// small writes still work.
func TestCheckWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := open(t)
		check := func(when, want string) {
			t.Helper()
			if err := db.CheckWrites(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", when, err, want)
			}
		}
		check("at first", "")
		pages := func(limit string) {
			if _, err := db.writes.ExecContext(t.Context(), "PRAGMA max_page_count = "+limit); err != nil {
				t.Fatal(err)
			}
		}
		pages("1") // SQLite makes it as many as there are
		long := func(tx *sql.Tx) error {
			_, err := tx.Exec("INSERT INTO texts (text) VALUES (?)", strings.Repeat("x", 1<<16))
			return err
		}
		if err := db.Write(t.Context(), long); err == nil {
			t.Fatal("a disk without room took a long text")
		}
		check("full", "make room on the disk")
		if err := db.beat(t.Context()); err != nil {
			t.Fatalf("a small write: %v", err)
		}
		check("after a small write", db.path)
		pages("100000")
		time.Sleep(heartbeatEvery)
		check("with room", "")
	})
}

// TestCheckWritesOfADiskThatHangs: CheckWrites answers all the same.
func TestCheckWritesOfADiskThatHangs(t *testing.T) {
	db := open(t)
	db.writing.Lock() // as by a write that does not come back
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for range 2 {
		if err := db.CheckWrites(ctx); err == nil || !strings.Contains(err.Error(), "the disk hangs") {
			t.Errorf("CheckWrites = %v, want that the disk hangs", err)
		}
	}
	db.writing.Unlock()
	for db.pulse.trying.Load() {
		runtime.Gosched()
	}
}
