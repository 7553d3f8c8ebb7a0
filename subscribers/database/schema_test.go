package database

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A database is what its Schema says: a new one begins as it says, and one of another
// program is refused.
func TestSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	began := 0
	schema := ownSchema()
	schema.Begin = func(ctx context.Context, db *sql.DB) error {
		began++
		_, err := db.ExecContext(ctx, "INSERT INTO texts (text) VALUES ('the first')")
		return err
	}
	schema.Beside = []string{"-notes"}
	openAndClose := func(schema Schema) error {
		db, err := Open(t.Context(), path, schema)
		if err != nil {
			return err
		}
		wantTexts(t, db, 1)
		return db.Close()
	}
	for range 2 {
		if err := openAndClose(schema); err != nil || began != 1 {
			t.Errorf("Open = %v, and a new database began %d times, want once", err, began)
		}
	}

	foreign, older := schema, schema
	foreign.Table = "albums"
	if err := openAndClose(foreign); !errors.Is(err, ErrForeign) {
		t.Errorf("Open with another program's database = %v, want %v", err, ErrForeign)
	}
	older.Migrations = os.DirFS(t.TempDir())
	if err := openAndClose(older); !errors.Is(err, ErrNewer) {
		t.Errorf("Open with a newer program's database = %v, want %v", err, ErrNewer)
	}

	if err := errors.Join(os.Remove(path), os.WriteFile(path+"-notes", []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := openAndClose(schema); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), path+"-notes") {
		t.Errorf("Open without the database = %v, want %v and the file that is left", err, ErrMissing)
	}
}
