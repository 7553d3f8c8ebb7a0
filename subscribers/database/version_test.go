package database

import (
	"context"
	"database/sql"
	"testing"
)

// version returns the version of the database now.
func version(t *testing.T, db *DB) int64 {
	t.Helper()
	v, err := db.Version(t.Context())
	if err != nil || v == 0 {
		t.Fatalf("Version = %d, %v", v, err)
	}
	return v
}

// Who looks at the database when it has changed is not to look after each heartbeat.
func TestVersionLeavesHeartbeatsOut(t *testing.T) {
	db := open(t)
	before := version(t, db)
	for range 3 {
		if err := db.beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now := version(t, db); now != before {
			t.Errorf("the version went from %d to %d by a heartbeat", before, now)
		}
	}
	if err := db.Write(t.Context(), keepText(1)); err != nil {
		t.Fatal(err)
	}
	if now := version(t, db); now == before {
		t.Errorf("the version is %d before and after a write", now)
	}
}

// What is written in a commit with a heartbeat is not missed.
func TestVersionOfAWriteBesideAHeartbeat(t *testing.T) {
	db := open(t)
	before := version(t, db)
	beat := func(tx *sql.Tx) error { return db.leaveOut(t.Context(), tx) }
	for _, writes := range [][]func(*sql.Tx) error{{beat, keepText(1)}, {keepText(2), beat}} {
		if _, groups := together(t, db, writes...); groups != 1 {
			t.Fatalf("%d transactions, want one", groups)
		}
		now := version(t, db)
		if now == before {
			t.Errorf("the version is %d before and after a write", now)
		}
		before = now
	}
}

// What another process writes right before or after a heartbeat is not missed.
func TestVersionOfAnotherProcessBesideAHeartbeat(t *testing.T) {
	write := func(t *testing.T, other *DB) {
		t.Helper()
		if err := other.Write(t.Context(), keepText(1)); err != nil {
			t.Error(err)
		}
	}
	for _, tt := range []struct {
		name string
		at   string // when the other process writes, or somebody asks for the version
		ask  bool
		want bool // that the version changes
	}{
		{name: "before it begins", at: "before", want: true},
		{name: "after its commit", at: "after", want: true},
		{name: "after all of it", at: "end", want: true},
		{name: "asked after its commit", at: "after", ask: true, want: true},
		{name: "asked before it begins", at: "before", ask: true},
		{name: "nobody does", at: "never"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t)
			other, err := Open(t.Context(), db.path, ownSchema())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = other.Close() })
			before := version(t, db)
			moment := func(name string) {
				switch {
				case tt.at != name:
				case tt.ask:
					version(t, db)
				default:
					write(t, other)
				}
			}
			moment("before")
			db.writing.Lock()
			defer db.writing.Unlock()
			g, err := db.groupLocked(t.Context(), survivesPower)
			if err != nil {
				t.Fatal(err)
			}
			if err := keepText(2)(g.tx); err != nil {
				t.Fatal(err)
			}
			if err := db.leaveOut(t.Context(), g.tx); err != nil {
				t.Fatal(err)
			}
			db.group = nil
			if err := g.tx.Commit(); err != nil {
				t.Fatal(err)
			}
			moment("after")
			db.passLocked(context.WithoutCancel(t.Context()), *g.unread)
			moment("end")
			if now := version(t, db); (now != before) != tt.want {
				t.Errorf("the version went from %d to %d, want that it changes: %t", before, now, tt.want)
			}
		})
	}
}
