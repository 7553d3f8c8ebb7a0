package subscribers

import (
	"database/sql"
	"path/filepath"
	"testing"
)

// A test cannot see what a loss of power takes, but that every commit is synced before
// it counts, except that of a handled update.
func TestUpdatesAreSynced(t *testing.T) {
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
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
	if err := store.write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO own_texts (text) VALUES ('1')")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	wantPragma(t, store, "synchronous", synced)
	handle()
	wantPragma(t, store, "synchronous", unsynced)
}

// sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, and 1, NORMAL, does not sync
// the commits of a WAL.
const synced, unsynced = "2", "1"

// wantPragma looks at the connection that writes.
func wantPragma(t *testing.T, s *Store, pragma, want string) {
	t.Helper()
	read, err := s.db.Prepare(t.Context(), "SELECT * FROM pragma_"+pragma)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	var got string
	if err := read.QueryRowContext(t.Context()).Scan(&got); err != nil || got != want {
		t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
	}
}
