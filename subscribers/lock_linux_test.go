package subscribers_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"digestbot/subscribers"
)

// A lock file of another user can be opened, but not locked: two processes would
// both believe that they are the only one.
func TestLockOnAFileOfAnotherUser(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := must(subscribers.Open(t.Context(), path))(t)
	defer store.Close()
	if err := os.WriteFile(path+".lock", nil, 0o444); err != nil {
		t.Fatal(err)
	}
	var err error
	withoutPrivileges(t, path, func() {
		_, err = store.Lock(t.Context())
	})
	if err == nil || !strings.Contains(err.Error(), path+".lock") || !strings.Contains(err.Error(), "must be able to write to the file") {
		t.Errorf("Lock = %v, want the file and what to do", err)
	}
}

// withoutPrivileges calls f as a user who is bound by the permissions of files, as root
// is not.
func withoutPrivileges(t *testing.T, path string, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	for dir := filepath.Dir(path); strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	const nobody = 65534
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := syscall.Setfsuid(nobody)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
