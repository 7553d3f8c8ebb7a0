package database_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing/fstest"

	"digestbot/subscribers/database"
)

// A database of notes gets a note.
func Example() {
	if err := keepNote(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// new: true
	// water the plants
}

func keepNote(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	db, err := database.Open(ctx, filepath.Join(folder, "notes.db"), database.Schema{
		Migrations: fstest.MapFS{"migrations/0001_initial.sql": {Data: []byte(`
			CREATE TABLE notes (text TEXT NOT NULL);
			CREATE TABLE heartbeat (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)`)}},
		Table: "notes",
	})
	if err != nil {
		return err
	}
	defer db.Close()
	fmt.Println("new:", db.IsNew())

	err = db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO notes (text) VALUES (?)", "water the plants")
		return err
	})
	if err != nil {
		return err
	}
	var note string
	err = db.Reads().QueryRowContext(ctx, "SELECT text FROM notes").Scan(&note)
	fmt.Println(note)
	return err
}
