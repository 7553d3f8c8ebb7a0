package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// Inspection is what can be seen of a database without changing it.
type Inspection struct {
	Path    string // in full, where links lead
	Files   []FileInspection
	Missing error // ErrMissing: there was a database, and it is gone
	Served  bool  // a digestbot holds the lock
	PID     int   // of that process; 0: it cannot be told, as from within a container
	Free    int64 // bytes that are free on its disk; -1: it cannot be told

	// The following is of the content, and empty if there is no database.
	Version int   // of its tables
	Known   int   // the version that this program makes
	Fault   error // why the content cannot be read, or is damaged
}

// FileInspection is one of the files that belong to a database. The first is the database.
type FileInspection struct {
	Path  string
	Size  int64
	Mode  fs.FileMode
	Owner int // user id
}

// Exists reports whether there is a database.
func (i Inspection) Exists() bool {
	return len(i.Files) > 0 && i.Files[0].Path == i.Path && i.Files[0].Size > 0
}

// Inspect looks at the database at path, also while a bot serves it. It writes nothing, and
// holds nobody up. read may ask the content for more; the connection refuses to write.
//
// The process must not serve the database itself: that would lose its lock.
func Inspect(ctx context.Context, path string, schema Schema, read func(context.Context, *sql.DB) error) (Inspection, error) {
	if err := CheckPath(path); err != nil {
		return Inspection{}, err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return Inspection{}, err
	}
	if real, err := filepath.EvalSymlinks(full); err == nil {
		full = real
	}
	db := &DB{name: path, path: full, schema: schema}
	i := Inspection{Path: full}
	steps, err := schema.steps()
	if err != nil {
		return i, err
	}
	i.Known = len(steps)
	for _, file := range db.Files() {
		if info, err := os.Lstat(file); err == nil {
			i.Files = append(i.Files, inspected(file, info))
		}
	}
	i.Free = -1
	if free, known := freeRoom(filepath.Dir(full)); known {
		i.Free = int64(min(free, math.MaxInt64))
	}
	if i.Served, i.PID, err = heldBy(full + lockSuffix); err != nil {
		return i, err
	}
	if !i.Exists() {
		if signs := db.signs(); len(signs) > 0 {
			i.Missing = missing(full, signs)
		}
		return i, nil
	}
	if i.Fault = WithCure(db.inspect(ctx, &i, read)); i.Fault != nil && ctx.Err() != nil {
		i.Fault = ctx.Err() // SQLite only says "interrupted"
	}
	return i, nil
}

// IsServed reports whether another process holds the lock of the database at path.
func IsServed(path string) (bool, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	held, _, err := heldBy(path + lockSuffix)
	return held, err
}

func inspected(path string, info fs.FileInfo) FileInspection {
	owner := -1
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(stat.Uid)
	}
	return FileInspection{Path: path, Size: info.Size(), Mode: info.Mode(), Owner: owner}
}

// inspect reads the content. While nobody writes, SQLite is told that nobody will: else it
// would make files beside the database, even to read it.
func (db *DB) inspect(ctx context.Context, i *Inspection, read func(context.Context, *sql.DB) error) error {
	if !i.Served && isEmpty(db.path+walSuffix) {
		err := db.inspectWith(ctx, "mode=ro&immutable=1", i, read)
		if err == nil || isEmpty(db.path+walSuffix) {
			return err
		}
		// Somebody has begun to write after all, and what was read need not fit together.
	}
	return db.inspectWith(ctx, "mode=ro", i, read)
}

func (db *DB) inspectWith(ctx context.Context, pragmas string, i *Inspection, read func(context.Context, *sql.DB) error) (err error) {
	pool, err := connect(db.path, 1, pragmas+"&_query_only=on")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if i.Version, err = databaseVersion(ctx, pool); err != nil {
		return err
	}
	if err := db.schema.checkOurs(ctx, pool); err != nil {
		return err
	}
	var fault string
	if err := pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&fault); err != nil { // sqlite.org/pragma.html#pragma_quick_check
		return err
	}
	if fault != "ok" {
		return fmt.Errorf("%w: %s; restore a backup", ErrDamaged, fault)
	}
	if i.Version < i.Known {
		return nil // what is read is of the newest version
	}
	return read(ctx, pool)
}

// isEmpty reports whether a file has nothing in it, or is not there.
func isEmpty(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Size() == 0
}

// heldBy reports whether another process holds SQLite's exclusive lock on a file, and which.
// It takes no lock, so nobody is refused meanwhile.
func heldBy(path string) (held bool, pid int, err error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return false, 0, nil
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false, 0, err
	}
	defer file.Close()
	const shared, size = 0x40000002, 510 // the bytes that SQLite locks, os.h of sqlite.org
	lock := syscall.Flock_t{Type: syscall.F_RDLCK, Start: shared, Len: size}
	if err := syscall.FcntlFlock(file.Fd(), syscall.F_GETLK, &lock); err != nil {
		return false, 0, fmt.Errorf("look who holds %s: %w", path, err)
	}
	return lock.Type != syscall.F_UNLCK, int(max(lock.Pid, 0)), nil
}
