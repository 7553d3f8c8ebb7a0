// Package storetest makes tests with stores quick: a new store is a copy of one that was
// migrated once, and what tests write stays in memory.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"digestbot/subscribers"
)

// Open is subscribers.Open; where there is no database, it does not migrate a new one but
// begins with a copy. The only difference is that the store is not new.
func Open(ctx context.Context, path string) (*subscribers.Store, error) {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := begin(ctx, path); err != nil {
			return nil, fmt.Errorf("begin a store for a test: %w", err)
		}
	}
	return subscribers.Open(ctx, path)
}

// fresh is a new database as it is in its first second: it says when it was made.
var fresh struct {
	sync.Mutex
	second  int64
	content []byte
}

// begin writes a new database to a file. In bubbles time begins at the same second, so
// one database does for nearly all tests.
func begin(ctx context.Context, path string) error {
	fresh.Lock()
	defer fresh.Unlock()
	if now := time.Now().Unix(); fresh.content == nil || fresh.second != now {
		content, err := migrated(ctx)
		if err != nil {
			return err
		}
		fresh.second, fresh.content = now, content
	}
	// With the file of the lock it is as if a program had served it here.
	return errors.Join(os.WriteFile(path, fresh.content, 0o600), os.WriteFile(path+".lock", nil, 0o600))
}

// migrated returns a database that subscribers.Open has just made.
func migrated(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "fresh.db")
	store, err := subscribers.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// needed is how much memory the folder for files of tests must have room for. Where there is
// less, as in some containers, files lie on the disk.
const needed = 1 << 30

// InMemory runs the tests of a package with a folder for temporary files in memory, if
// there is one, and returns the exit code. A test with a store waits and works for the disk
// most of its time, and what it finds out is the same: a process that ends, however it
// does, leaves its files as they are, on every kind of disk. Garbage is collected less often
// than usual, as tests end soon.
func InMemory(m *testing.M) (code int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	dir, err := os.MkdirTemp(inMemory(), "digestbot-test")
	if err != nil {
		return m.Run()
	}
	defer os.RemoveAll(dir)
	if err := errors.Join(os.Chmod(dir, 0o755), os.Setenv("TMPDIR", dir)); err != nil { // tests may run as other users
		panic(err)
	}
	return m.Run()
}

// inMemory returns a folder in memory with enough room; empty: there is none.
func inMemory() string {
	const shared = "/dev/shm"
	if info, err := os.Stat(shared); err != nil || info.Mode()&fs.ModeSticky == 0 || room(shared) < needed {
		return ""
	}
	return shared
}
