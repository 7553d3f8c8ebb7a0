package archive

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
)

// TestEditionIsRenderedOutsideOfItsTransaction holds that a transaction which finds its
// issue rendered otherwise, or not at all, leaves nothing behind and runs again.
func TestEditionIsRenderedOutsideOfItsTransaction(t *testing.T) {
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"),
		database.Schema{Migrations: os.DirFS(".."), Table: "subscribers"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, err := New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	err = a.writeEdition(t.Context(), func(tx *sql.Tx, e *edition) error {
		runs++
		if _, err := tx.Exec("INSERT INTO own_texts (text) VALUES ('run ' || ?)", runs); err != nil {
			return err
		}
		issue := digest.Issue{Key: "1", Title: "Weekly 1"}
		if runs > 1 { // another process has changed what the date depends on
			issue.Date = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
		}
		if err := e.expect(&issue); err != nil {
			return err
		}
		if e.issue.Date.IsZero() || len(e.messages) == 0 || len(e.encoded) == 0 {
			t.Errorf("in run %d the edition is %+v, want it rendered with its date", runs, e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var texts string
	if err := a.reads.QueryRow("SELECT group_concat(text) FROM own_texts").Scan(&texts); err != nil || texts != "run 3" {
		t.Errorf("the runs that are left are %q, %v, want only run 3", texts, err)
	}
}
