package subscribers_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"digestbot/subscribers"
)

func TestCheckPath(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("/dev/null", link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                                 "the name is empty",
		":memory:":                         "in memory is gone",
		"file:digestbot.db?mode=ro":        "is an address",
		"digestbot.db?cache=shared":        "is an address",
		"postgres://localhost/digest":      "is an address",
		dir:                                "it is a folder; give the name of a file in it",
		pipe:                               "it is a named pipe; give the name of a file",
		"/dev/null":                        "it is a device",
		"/dev/zero":                        "it is a device",
		link:                               "it is a device",
		filepath.Join(dir, "no", "a.db"):   "the folder is missing",
		filepath.Join(dir, "pipe", "a.db"): "is not a folder",
		filepath.Join(dir, "what?.db"):     "",
	} {
		err := subscribers.CheckPath(path)
		if want == "" && err == nil {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckPath(%q) = %v, want %q", path, err, want)
		}
		if store, err := subscribers.Open(t.Context(), path); err == nil {
			t.Error(errors.Join(errors.New("opened "+path), store.Close()))
		}
	}
	if left := must(os.ReadDir(dir))(t); len(left) != 2 {
		t.Errorf("the folder has %v, want only what was made for the test", left)
	}
}

// start opens all that the program opens by name.
func start(ctx context.Context, path string) error {
	store, err := subscribers.Open(ctx, path)
	if err != nil {
		return err
	}
	unlock, err := store.Lock(ctx)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	file, err := store.OpenProgressFile(ctx)
	if err == nil {
		err = file.Close()
	}
	return errors.Join(err, unlock(), store.Close())
}

// If something else has the name of a file of the database, it is named in the error,
// and neither waited for nor followed nor read.
func TestWhatLiesBesideTheDatabase(t *testing.T) {
	target := filepath.Join(t.TempDir(), "target")
	kinds := map[string]func(path string) error{
		"named pipe":    func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"folder":        func(path string) error { return os.Mkdir(path, 0o700) },
		"symbolic link": func(path string) error { return os.Symlink(target, path) },
		"a symbolic":    func(path string) error { return os.Symlink("/dev/zero", path) },
	}
	path := filepath.Join(t.TempDir(), "digestbot.db")
	if err := must(subscribers.Open(t.Context(), path))(t).Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal", "-progress", ".lock", ".lock-journal"} {
		for kind, make := range kinds {
			if err := make(path + suffix); err != nil {
				t.Fatal(err)
			}
			err := start(t.Context(), path)
			if err == nil || !strings.Contains(err.Error(), kind) || !strings.Contains(err.Error(), path+suffix) || !strings.Contains(err.Error(), "move it away") {
				t.Errorf("%s is a %s: %v, want the file, its kind and what to do", suffix, kind, err)
			}
			if err := os.Remove(path + suffix); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link was followed: %v", err)
	}
	if err := start(t.Context(), path); err != nil {
		t.Errorf("with nothing in the way: %v", err)
	}
}

// A progress file that digestbot cannot have written is not read to its end.
func TestHugeProgressFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	if err := os.WriteFile(path+"-progress", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path+"-progress", 3<<30); err != nil {
		t.Fatal(err)
	}
	_, err := store.OpenProgressFile(t.Context())
	if err == nil || !strings.Contains(err.Error(), path+"-progress") || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("error is %v, want the file and what to do", err)
	}
}

// Nobody else can open the files of the database, so nobody can read or lock them. A
// file that is open to a group stays open to it.
func TestFilesAreTheOwners(t *testing.T) {
	modes := func(t *testing.T, path string) map[string]fs.FileMode {
		t.Helper()
		all := map[string]fs.FileMode{}
		for _, name := range must(filepath.Glob(path + "*"))(t) {
			all[strings.TrimPrefix(name, path)] = must(os.Stat(name))(t).Mode().Perm()
		}
		return all
	}
	defer syscall.Umask(syscall.Umask(0))
	for was, want := range map[fs.FileMode]fs.FileMode{0: 0o600, 0o644: 0o600, 0o666: 0o660, 0o664: 0o660, 0o660: 0o660, 0o640: 0o640} {
		path := filepath.Join(t.TempDir(), "digestbot.db")
		if was != 0 { // else they are not there yet
			if err := must(subscribers.Open(t.Context(), path))(t).Close(); err != nil {
				t.Fatal(err)
			}
			err := os.Chmod(path, was)
			for _, suffix := range []string{".lock", "-progress"} {
				err = errors.Join(err, os.WriteFile(path+suffix, nil, was))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		store := must(subscribers.Open(t.Context(), path))(t)
		unlock := must(store.Lock(t.Context()))(t)
		progress := must(store.OpenProgressFile(t.Context()))(t)
		got := modes(t, path)
		if len(got) != 6 {
			t.Errorf("files are %v, want six of them", got)
		}
		for suffix, mode := range got {
			want := want
			if strings.HasPrefix(suffix, ".lock") || suffix == "-progress" {
				want = 0o600 // nobody but the bot opens it
			}
			if mode != want {
				t.Errorf("files of mode %o: %q has %o, want %o", was, suffix, mode, want)
			}
		}
		if err := errors.Join(progress.Close(), unlock(), store.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// A database that is gone is not silently replaced by an empty one.
func TestMissingDatabase(t *testing.T) {
	for name, lose := range map[string]func(path string) error{
		"removed":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot[1].db")
			if err := start(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			saved := must(os.ReadFile(path))(t)
			if err := lose(path); err != nil {
				t.Fatal(err)
			}
			err := start(t.Context(), path)
			if !errors.Is(err, subscribers.ErrMissing) || !strings.Contains(err.Error(), path+".lock") || !strings.Contains(err.Error(), "put it back") {
				t.Errorf("error is %v, want that the database is missing, why that is known, and what to do", err)
			}
			rescued := filepath.Join(filepath.Dir(path), "digestbot[1]-rescued-20260102-030405.db")
			if err := os.WriteFile(rescued, saved, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := start(t.Context(), path); err == nil || !strings.Contains(err.Error(), rescued) {
				t.Errorf("error is %v, want it to name the copy", err)
			}
			if err := os.Rename(rescued, path); err != nil {
				t.Fatal(err)
			}
			if err := start(t.Context(), path); err != nil {
				t.Errorf("with the copy in its place: %v", err)
			}
			if err := errors.Join(os.Remove(path), os.Remove(path+".lock")); err != nil {
				t.Fatal(err)
			}
			store := openAt(t, path)
			if !store.IsNew() {
				t.Error("a database made anew is not new")
			}
		})
	}
}

// A change that was cut off is undone, and not mistaken for a lack of permissions.
func TestDatabaseWithAJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	if err := must(subscribers.Open(t.Context(), path))(t).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-journal", []byte(strings.Repeat("garbage ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := start(t.Context(), path); err != nil {
		t.Errorf("with a journal: %v", err)
	}
}
