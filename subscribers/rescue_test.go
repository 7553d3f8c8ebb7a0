package subscribers_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"digestbot/subscribers"
)

// It is noticed what becomes of the database's file while it is open. As long as the
// file itself is whole, the copy is.
func TestLostDatabase(t *testing.T) {
	move := func(path string) error { return os.Rename(path, path+".old") }
	for _, test := range []struct {
		name, want string
		lose       func(path string) error
	}{
		{"removed", "there is no", os.Remove},
		{"renamed", "there is no", move},
		{"replaced", "is another file now", func(path string) error { return errors.Join(move(path), os.WriteFile(path, []byte("x"), 0o600)) }},
		{"without its log", "-wal any more", func(path string) error { return os.Remove(path + "-wal") }},
		{"truncated", "is empty", func(path string) error { return os.Truncate(path, 0) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot.db")
			store := openAt(t, path)
			subscribe(t, store, 3)
			if err := store.Check(t.Context()); err != nil {
				t.Fatalf("before anything happens: %v", err)
			}
			if err := test.lose(path); err != nil {
				t.Fatal(err)
			}
			err := store.Check(t.Context())
			if !errors.Is(err, subscribers.ErrLost) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Check = %v, want %q and the path", err, test.want)
			}
			saved, err := store.Rescue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the log is still there, and would spoil a copy that takes the database's place: %v", err)
			}
			if info := must(os.Stat(saved))(t); filepath.Dir(saved) != filepath.Dir(path) || info.Mode().Perm() != 0o600 {
				t.Errorf("the copy is %s with mode %v, want it beside the database and private", saved, info.Mode())
			}
			if n := must(openAt(t, saved).CountSubscribers(t.Context()))(t)[subscribers.On]; n != 3 {
				t.Errorf("the copy has %d subscribers, want 3", n)
			}
		})
	}
}

// If the whole folder is gone, the copy goes to the folder for temporary files.
func TestRescueWithoutTheFolder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	store := openAt(t, filepath.Join(dir, "digestbot.db"))
	subscribe(t, store, 3)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	saved := must(store.Rescue(t.Context()))(t)
	if n := must(openAt(t, saved).CountSubscribers(t.Context()))(t)[subscribers.On]; n != 3 {
		t.Errorf("the copy has %d subscribers, want 3", n)
	}
}

// The log of a database that took the place of the open one is left alone.
func TestRescueAfterReplacement(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := must(subscribers.Open(t.Context(), path))(t)
	for _, suffix := range []string{"", "-wal"} {
		if err := errors.Join(os.Rename(path+suffix, path+suffix+".old"), os.WriteFile(path+suffix, []byte("new"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := store.Rescue(t.Context())
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		if got := must(os.ReadFile(path + suffix))(t); string(got) != "new" {
			t.Errorf("%s of the new database has become %q", suffix, got)
		}
	}
}

// When the database's file is truncated, only what its log holds is left.
func TestRescueWhatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	subscribe(t, store, 3)
	exec(t, path, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if saved, err := store.Rescue(t.Context()); err == nil {
		t.Errorf("what is not there any more was saved to %s", saved)
	}
	if left := must(filepath.Glob(filepath.Join(filepath.Dir(path), "*rescued*")))(t); len(left) > 0 {
		t.Errorf("%v is left of the attempt", left)
	}
}

// A database is the same under all names that lead to it.
func TestDatabaseBehindALink(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	store := openAt(t, path)
	unlock := must(store.Lock(t.Context()))(t)
	defer unlock() //nolint:errcheck // nobody needs it any more
	other := openAt(t, link)
	if _, err := other.Lock(t.Context()); !errors.Is(err, subscribers.ErrLocked) {
		t.Errorf("Lock by another name = %v, want %v", err, subscribers.ErrLocked)
	}
	if err := errors.Join(other.Check(t.Context()), os.Remove(link)); err != nil {
		t.Fatal(err)
	}
	if err := other.Check(t.Context()); !errors.Is(err, subscribers.ErrLost) {
		t.Errorf("Check without the link = %v, want %v", err, subscribers.ErrLost)
	}
}
