package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Check looks whether the database is still where it was opened. The error wraps
// ErrLost if it is not. It costs two looks at the file system.
func (db *DB) Check(ctx context.Context) error {
	info, err := os.Stat(db.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: there is no %s any more", ErrLost, db.name)
	case err != nil:
		return err
	case !os.SameFile(info, db.file):
		return fmt.Errorf("%w: %s is another file now", ErrLost, db.name)
	case info.Size() == 0:
		return fmt.Errorf("%w: %s is empty", ErrLost, db.name)
	}
	return db.checkLog(ctx)
}

// checkLog looks for the write-ahead log, which holds what was written last.
func (db *DB) checkLog(ctx context.Context) error {
	info, err := os.Lstat(db.path + walSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		// SQLite removes it with the last connection and makes it with the next.
		if _, err := databaseVersion(ctx, db.reads); err != nil {
			return err
		}
		info, err = os.Lstat(db.path + walSuffix)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: there is no %s%s any more", ErrLost, db.path, walSuffix)
		}
	}
	if err != nil {
		return err
	}
	db.wal.Store(&info)
	return nil
}

// Rescue writes all that the database holds to a file beside it, and returns its name.
// If that does not work, the file is in the folder for temporary files. The database
// may have lost its name: the file is whole as long as it is open.
func (db *DB) Rescue(ctx context.Context) (path string, err error) {
	beside := rescueName(db.path) + time.Now().UTC().Format(timeFormat) + ".db"
	db.writing.Lock()
	defer db.writing.Unlock()
	db.closeGroupLocked() // the copy needs the connection
	for _, path := range []string{beside, filepath.Join(os.TempDir(), filepath.Base(beside))} {
		e := db.copyTo(ctx, path)
		if e == nil {
			return path, db.removeLog()
		}
		err = errors.Join(err, fmt.Errorf("copy to %s: %w", path, WithCure(e)))
	}
	return "", err
}

// removeLog removes the write-ahead log that a lost database has left: SQLite would
// bring it into the next file that gets the database's name.
func (db *DB) removeLog() error {
	path := db.path + walSuffix
	info, err := os.Lstat(path)
	if known := db.wal.Load(); err != nil || known == nil || !os.SameFile(*known, info) {
		return nil // it is gone, or is that of another database
	}
	return os.Remove(path)
}

// rescueName returns how the names of the copies begin that Rescue makes.
func rescueName(path string) string { return strings.TrimSuffix(path, ".db") + "-rescued-" }

// copyTo makes a copy, which is on disk when copyTo returns. The file must not exist.
func (db *DB) copyTo(ctx context.Context, path string) (err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, private) // SQLite would let everybody read it
	if err != nil {
		return err
	}
	if _, err = db.writes.ExecContext(ctx, "VACUUM INTO ?", path); err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
