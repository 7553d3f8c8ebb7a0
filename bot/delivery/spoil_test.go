package delivery_test

import (
	"database/sql"
	"fmt"
	"os"
	"syscall"
)

// spoil makes the database refuse the progress of deliveries for which the condition
// holds, and returns the function that mends it.
func (w *world) spoil(condition string) (mend func()) {
	w.t.Helper()
	w.exec(`
		CREATE TRIGGER spoilt BEFORE UPDATE ON deliveries
		WHEN ` + condition + `
		BEGIN
			SELECT RAISE(ABORT, 'disk full');
		END`)
	return func() { w.exec("DROP TRIGGER spoilt") }
}

// exec changes the database behind the program's back.
func (w *world) exec(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.path+"?_busy_timeout=10000")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatal(err)
	}
}

// spoilFile makes the disk refuse every write to the progress file, and returns the
// function that mends it. It is for Linux.
func (w *world) spoilFile() (mend func()) {
	w.t.Helper()
	file := w.descriptor(w.path + "-progress")
	intact, err := syscall.Dup(file)
	if err != nil {
		w.t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	defer full.Close()
	become := func(other int) {
		w.t.Helper()
		if err := syscall.Dup3(other, file, syscall.O_CLOEXEC); err != nil {
			w.t.Fatal(err)
		}
	}
	become(int(full.Fd()))
	return func() {
		if target, err := os.Readlink(fmt.Sprintf("%s/%d", descriptors, file)); err == nil && target == full.Name() { // otherwise the file was closed
			become(intact)
		}
		if err := syscall.Close(intact); err != nil {
			w.t.Fatal(err)
		}
	}
}

// descriptors is where Linux shows the files that a process has open.
const descriptors = "/proc/self/fd"

// descriptor returns the descriptor of a file that the process has open.
func (w *world) descriptor(path string) int {
	w.t.Helper()
	entries, err := os.ReadDir(descriptors)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		var fd int
		if target, err := os.Readlink(descriptors + "/" + e.Name()); err == nil && target == path {
			if _, err := fmt.Sscan(e.Name(), &fd); err != nil {
				w.t.Fatal(err)
			}
			return fd
		}
	}
	w.t.Fatalf("%s is not open", path)
	return 0
}
