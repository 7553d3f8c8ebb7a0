package backup_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/storetest"
)

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

// open opens the store at path until the test is over.
func open(t testing.TB, path string) *subscribers.Store {
	t.Helper()
	store := must(storetest.Open(t.Context(), path))(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

const readers = 20

// served is a database in the middle of a broadcast, which a program serves.
type served struct {
	*subscribers.Store
	path     string
	issue    int64
	pending  []subscribers.Delivery
	progress *subscribers.ProgressFile
	stop     func()
}

// serve makes such a database. stop leaves it as a kill does.
func serve(t testing.TB, path string) *served {
	t.Helper()
	ctx := t.Context()
	s := &served{Store: must(storetest.Open(ctx, path))(t), path: path}
	for i := range readers {
		subscribe(t, s.Store, int64(100+i))
	}
	row := saveIssue(t, s.Store, digesttest.Issue(1, "News", "Tools"))
	s.issue = row
	unlock := must(s.Lock(ctx))(t)
	s.progress = must(s.OpenProgressFile(ctx))(t)
	b := must(s.StartBroadcast(ctx, row, subscribers.InPrivate(99)))(t)
	s.pending = must(s.PendingDeliveries(ctx, b, 0, readers))(t)
	s.stop = func() {
		if err := errors.Join(s.progress.Close(), unlock(), s.Close()); err != nil {
			t.Error(err)
		}
	}
	return s
}

// send notes in the progress file alone that a message of a delivery has arrived.
func (s *served) send(t testing.TB, i int) {
	t.Helper()
	d := s.pending[i]
	d.NextMessage, d.Sent, d.Arrived = 1, 1, []subscribers.Arrived{{Position: 0, ID: 500 + i}}
	if err := s.progress.Take().Write(&d); err != nil {
		t.Fatal(err)
	}
}

func subscribe(t testing.TB, store *subscribers.Store, chat int64) {
	t.Helper()
	if _, _, err := store.Subscribe(t.Context(), subscribers.Chat{ID: chat, Kind: subscribers.Private}); err != nil {
		t.Fatal(err)
	}
}

func saveIssue(t testing.TB, store *subscribers.Store, issue *digest.Issue) int64 {
	t.Helper()
	row, _, err := store.SaveIssue(t.Context(), issue, issue.Key+".md", []byte(issue.Key))
	if err != nil {
		t.Fatal(err)
	}
	return row.ID
}

func makeBackup(t testing.TB, database, file string) string {
	t.Helper()
	return must(backup.Make(t.Context(), database, file, false, io.Discard))(t)
}

// on counts the subscribers.
func on(t testing.TB, store *subscribers.Store) int {
	t.Helper()
	return must(store.CountSubscribers(t.Context()))(t)[subscribers.On]
}

// A backup that is made while a broadcast is under way knows of every message that was sent
// before, also of those that only the progress file knows. The broadcast waits for an admin.
func TestBackupInTheMiddleOfABroadcast(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, filepath.Join(dir, "digestbot.db"))
	for i := range 7 {
		s.send(t, i)
	}
	file := filepath.Join(dir, "copy.db")
	said := makeBackup(t, s.path, file)
	for _, want := range []string{file, "subscribers: 20, issues: 1", "broadcasts under way: 1"} {
		if !strings.Contains(said, want) {
			t.Errorf("the backup says %q, want %q", said, want)
		}
	}
	s.send(t, 7) // later
	subscribe(t, s.Store, 999)
	s.stop()

	other := filepath.Join(t.TempDir(), "other.db")
	said = must(backup.Restore(t.Context(), other, file, nil))(t)
	for _, want := range []string{"subscribers: 20", "under way or paused: 1; each is paused", "The schedule asks"} {
		if !strings.Contains(said, want) {
			t.Errorf("restore says %q, want %q", said, want)
		}
	}
	store := open(t, other)
	open := must(store.UnfinishedBroadcasts(t.Context()))(t)
	if len(open) != 1 || open[0].State != subscribers.Paused || open[0].Reason.Kind != subscribers.PausedAfterRestore {
		t.Fatalf("under way are %+v, want the one, paused after the restore", open)
	}
	sent := 0
	for _, d := range must(store.PendingDeliveries(t.Context(), open[0], 0, readers))(t) {
		sent += d.NextMessage
		if d.NextMessage == 1 && len(d.Arrived) != 1 {
			t.Errorf("of delivery %+v it is not known which message arrived", d)
		}
	}
	if sent != 7 || on(t, store) != readers {
		t.Errorf("%d messages were sent to %d subscribers, want 7 and %d", sent, on(t, store), readers)
	}
	if progress := must(store.OpenProgressFile(t.Context()))(t); progress.Close() != nil {
		t.Error("the progress file cannot be used")
	}
}

// A backup is its owner's alone, and no program takes it for a database and writes into it.
func TestBackupIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(dir, "copy.db")
	subscribe(t, open(t, path), 5)
	makeBackup(t, path, file)
	before := must(os.ReadFile(file))(t)
	if mode := must(os.Stat(file))(t).Mode(); mode != 0o600 {
		t.Errorf("its mode is %v, want 0600", mode)
	}
	store, err := subscribers.Open(t.Context(), file)
	if err == nil {
		t.Fatal(errors.Join(errors.New("a backup was opened"), store.Close()))
	}
	if !errors.Is(err, subscribers.ErrBackup) || !strings.Contains(err.Error(), "digestbot restore") {
		t.Errorf("Open = %v, want ErrBackup", err)
	}
	if !bytes.Equal(before, must(os.ReadFile(file))(t)) {
		t.Error("the backup was changed")
	}
	if left := must(filepath.Glob(filepath.Join(dir, ".*")))(t); len(left) > 0 {
		t.Errorf("%v is left over", left)
	}
}

// A backup can go through a pipe, and come back through one.
func TestBackupThroughAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := open(t, path)
	subscribe(t, store, 5)
	var out bytes.Buffer
	if said := must(backup.Make(t.Context(), path, "-", false, &out))(t); !strings.Contains(said, "subscribers: 1") {
		t.Errorf("the backup says %q", said)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	must(backup.Restore(t.Context(), other, "-", &out))(t)
	if n := on(t, open(t, other)); n != 1 {
		t.Errorf("there are %d subscribers, want 1", n)
	}
}

// A reader that goes away ends the program at once. No copy stays in the temporary folder then.
func TestBackupThroughAPipeThatBreaks(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(t.TempDir(), "digestbot.db")
	subscribe(t, open(t, path), 5)
	gone := errors.New("the reader is gone")
	_, err := backup.Make(t.Context(), path, "-", false, writer(func([]byte) (int, error) {
		if left := names(t, os.TempDir()); len(left) > 0 {
			t.Errorf("while it is written there is %q", left)
		}
		return 0, gone
	}))
	if !errors.Is(err, gone) {
		t.Errorf("Make = %v, want %v", err, gone)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestBackupsThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(dir, "copy.db")
	subscribe(t, open(t, path), 5)
	makeBackup(t, path, file)
	foreign := write(t, filepath.Join(dir, "foreign.txt"), "not a database, but long enough for one to be tried")
	for _, test := range []struct {
		name, database, file, want string
	}{
		{"a file that is there", path, file, "--force"},
		{"the database itself", path, path, "name of the database"},
		{"a file beside the database", path, path + "-wal", "name of the database"},
		{"a folder", path, dir, "it is a folder"},
		{"a folder that is missing", path, filepath.Join(dir, "none", "copy.db"), "folder is missing"},
		{"no database", filepath.Join(dir, "none.db"), filepath.Join(dir, "new.db"), "give the bot's database"},
		{"another program's file", foreign, filepath.Join(dir, "new.db"), "not a database"},
		{"a backup", file, filepath.Join(dir, "new.db"), "it is a backup"},
	} {
		if said, err := backup.Make(t.Context(), test.database, test.file, false, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %q, %v; want %q", test.name, said, err, test.want)
		}
	}
	if _, err := backup.Make(t.Context(), path, file, true, io.Discard); err != nil {
		t.Errorf("with force: %v", err)
	}
	if left := must(filepath.Glob(filepath.Join(dir, "*new*")))(t); len(left) > 0 {
		t.Errorf("%v is left over", left)
	}
}

// execute changes a file without looking what it is.
func execute(t testing.TB, path, statements string) {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
