package subscribers

import (
	"path/filepath"
	"testing"
)

// What a loss of power takes cannot be seen in a test: that every commit is synced
// before it counts can.
func TestCommitsAreSynced(t *testing.T) {
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	// sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, and NORMAL does not sync
	// the commits of a WAL.
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal"} {
		var got string
		if err := store.writes.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
}
