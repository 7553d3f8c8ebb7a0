package subscribers

import (
	"context"
	"path/filepath"
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
		path := filepath.Join(t.TempDir(), "digestbot.db")
		store, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		check := func(when, want string) {
			t.Helper()
			if err := store.CheckWrites(t.Context()); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", when, err, want)
			}
		}
		chat := Chat{ID: 1, Kind: Private}
		check("at first", "")
		pages := func(limit string) {
			if _, err := store.writes.ExecContext(t.Context(), "PRAGMA max_page_count = "+limit); err != nil {
				t.Fatal(err)
			}
		}
		pages("1") // SQLite makes it as many as there are
		chat.Title = strings.Repeat("x", 1<<16)
		if _, _, err := store.Subscribe(t.Context(), chat); err == nil {
			t.Fatal("a disk without room took a chat")
		}
		check("full", "make room on the disk")
		if err := store.beat(t.Context()); err != nil {
			t.Fatalf("a small write: %v", err)
		}
		check("after a small write", path)
		pages("100000")
		time.Sleep(heartbeatEvery)
		check("with room", "")
	})
}

// TestCheckWritesOfADiskThatHangs: CheckWrites answers all the same.
func TestCheckWritesOfADiskThatHangs(t *testing.T) {
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	store.writing.Lock() // as by a write that does not come back
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for range 2 {
		if err := store.CheckWrites(ctx); err == nil || !strings.Contains(err.Error(), "the disk hangs") {
			t.Errorf("CheckWrites = %v, want that the disk hangs", err)
		}
	}
	store.writing.Unlock()
	for store.pulse.trying.Load() {
		runtime.Gosched()
	}
}
