package archive_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// opened is an archive with the database it is in.
type opened struct {
	*archive.Archive
	db *database.DB
}

// open returns an archive on a file of its own.
func open(t testing.TB) opened {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "digestbot.db"))
}

func openAt(t testing.TB, path string) opened {
	t.Helper()
	db := must(database.Open(t.Context(), path, database.Schema{Migrations: os.DirFS(".."), Table: "subscribers"}))(t)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened{must(archive.New(t.Context(), db))(t), db}
}

// write changes the archive, as package subscribers does.
func (a opened) write(t testing.TB, f func(*sql.Tx) error) {
	t.Helper()
	if err := a.db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (a opened) withdraw(t testing.TB, issue int64) {
	t.Helper()
	a.write(t, func(tx *sql.Tx) error {
		_, _, err := archive.Withdraw(t.Context(), tx, issue)
		return err
	})
}

func (a opened) restore(t testing.TB, issue int64) {
	t.Helper()
	a.write(t, func(tx *sql.Tx) error {
		_, _, err := archive.Restore(t.Context(), tx, issue)
		return err
	})
}

// nothingElse is for RedateIssue.
func nothingElse(*sql.Tx, archive.Issue) error { return nil }

// must returns v unless there is an error.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// dated is an issue with a date.
func dated(number int, date string) *digest.Issue {
	issue := digesttest.Issue(number, "News")
	issue.Date, _ = time.Parse(time.DateOnly, date)
	return issue
}

func saveIssue(t testing.TB, a opened, issue *digest.Issue) archive.Issue {
	t.Helper()
	row, _, err := a.SaveIssue(t.Context(), issue, issue.Key+".md", []byte(issue.Title))
	if err != nil {
		t.Fatal(err)
	}
	return row
}
