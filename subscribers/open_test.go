package subscribers_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// wantFree checks that there is no connection to the database any more: only then can
// it leave the write-ahead log.
func wantFree(t *testing.T, path string) {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	var mode string
	if err := db.QueryRow("PRAGMA journal_mode = DELETE").Scan(&mode); err != nil || mode != "delete" {
		t.Errorf("somebody still has the database open: journal mode %q, %v", mode, err)
	}
}

// When Open fails, at any point, it says why and closes the file.
func TestOpenLetsGo(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name  string
		ctx   context.Context
		spoil string
		want  string
	}{
		{"cancelled", cancelled, "", "context canceled"},
		{"a step fails", t.Context(), "PRAGMA user_version = 1", "migrate with migrations/0002_"},
		{"a table is missing", t.Context(), "DROP TABLE deliveries", "no such table: deliveries"},
		{"items cannot be read", t.Context(), "DROP TABLE searchable", "no such table: searchable"},
		{"newer", t.Context(), "PRAGMA user_version = 1000", "newer version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot.db")
			if err := must(subscribers.Open(t.Context(), path))(t).Close(); err != nil {
				t.Fatal(err)
			}
			wantFree(t, path)
			exec(t, path, test.spoil)
			store, err := subscribers.Open(test.ctx, path)
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), store.Close()))
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %q, want %q and the path in it", err, test.want)
			}
			wantFree(t, path)
		})
	}
}

// Close leaves one file behind, and closing twice does no harm.
func TestClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := must(subscribers.Open(t.Context(), path))(t)
	subscribe(t, store, 2)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	b := must(store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(1)))(t)
	for i := range 2 {
		d := pending(t, store, b)[i]
		d.Attempts = 1
		if err := store.SaveProgress(t.Context(), []subscribers.Delivery{d}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	left := must(os.ReadDir(filepath.Dir(path)))(t)
	if len(left) != 1 {
		t.Errorf("Close leaves %v, want only the database", left)
	}
	if _, err := store.CountSubscribers(t.Context()); err == nil {
		t.Error("a closed store can be read")
	}
	again := openAt(t, path)
	if n := must(again.CountInterrupted(t.Context()))(t); n != 2 {
		t.Errorf("%d attempts are on record, want 2", n)
	}
}
