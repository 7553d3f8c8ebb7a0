package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Errors about backups.
var (
	// ErrBackup: the file is a backup, which nothing is to change.
	ErrBackup = errors.New("it is a backup, and stays as it is: bring it back with digestbot restore")
	// ErrExists: there is a file where a backup would go.
	ErrExists = errors.New("there is such a file, and it is left alone")
	// ErrRoom: the disk has too little room for a copy.
	ErrRoom = errors.New("there is too little room")
	// ErrDamaged: the file is not whole.
	ErrDamaged = errors.New("the file is damaged")
)

// A backup is one file: a copy of the database, and in two more tables, which the database
// itself never has, when it was made and what was in the files beside it. By these tables it
// is told from a database: a backup is never opened as one, so it stays what it is.
const (
	backupTable = "backup"
	backupSQL   = `
		CREATE TABLE backup (
			made_at INTEGER NOT NULL, -- the backup has all that was written before
			origin  TEXT    NOT NULL  -- full name of the database
		);
		CREATE TABLE backup_files (
			suffix  TEXT PRIMARY KEY, -- behind the name of the database
			content BLOB NOT NULL
		)`
)

// Backup is what a backup says of itself.
type Backup struct {
	MadeAt  time.Time // zero: the file is no backup, but the copy of a database
	Origin  string    // full name of the database
	Version int       // of the schema
}

// BackUp makes a backup of the database at path, which may be in use, in the file to. It has
// all that was committed before the call, and beside, which has the contents of the files
// beside the database by the endings of their names. The file is only its owner's, and
// gets its name when it was checked and is on disk; if there is one it is replaced if
// replace says so, else the error is [ErrExists].
//
// Programs that use the database go on meanwhile, and so do their writes.
func BackUp(ctx context.Context, path, to string, schema Schema, beside map[string][]byte, replace bool) (err error) {
	if err := (&DB{path: path, schema: schema}).checkFile(ctx); err != nil {
		return WithCure(err)
	}
	return backUp(ctx, path, to, beside, replace)
}

// backUp is BackUp for a database of which it is known whose it is.
func backUp(ctx context.Context, path, to string, beside map[string][]byte, replace bool) (err error) {
	b := Backup{MadeAt: time.Now(), Origin: path}
	if full, err := filepath.Abs(path); err == nil {
		b.Origin = full
	}
	if _, err := os.Lstat(to); err == nil && !replace {
		return fmt.Errorf("%s: %w; give another name, or --force to replace it", to, ErrExists)
	}
	if err := checkRoom(path, filepath.Dir(to)); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+"-*") // with the mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(b.fill(ctx, path, file.Name(), beside), file.Sync(), file.Close()); err != nil {
		return WithCure(err)
	}
	return publish(file.Name(), to, replace)
}

// fill makes the empty file at to a backup.
func (b Backup) fill(ctx context.Context, path, to string, beside map[string][]byte) error {
	if err := vacuumInto(ctx, path, to); err != nil {
		return err
	}
	// Nobody else sees the file, and it is synced in the end.
	pool, err := connect(to, 1, "mode=rw&_synchronous=OFF&_journal_mode=MEMORY&_txlock=immediate")
	if err != nil {
		return err
	}
	return errors.Join(b.describe(ctx, pool, beside), pool.Close())
}

// vacuumInto copies what is committed in the database at path. Unlike SQLite's online backup
// it does not begin anew when somebody writes, and leaves out what was deleted.
func vacuumInto(ctx context.Context, path, to string) error {
	pool, err := connect(path, 1, "mode=rw") // a database that is not there is not made
	if err != nil {
		return err
	}
	_, err = pool.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(err, pool.Close())
}

// describe adds to a copy what makes it a backup, and checks it.
func (b Backup) describe(ctx context.Context, pool *sql.DB, beside map[string][]byte) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, backupSQL); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO backup (made_at, origin) VALUES (?, ?)", b.MadeAt.Unix(), b.Origin); err != nil {
		return err
	}
	for suffix, content := range beside {
		if _, err := tx.ExecContext(ctx, "INSERT INTO backup_files (suffix, content) VALUES (?, ?)", suffix, append([]byte{}, content...)); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return checkWhole(ctx, pool)
}

// checkWhole fails with ErrDamaged if a database contradicts itself.
func checkWhole(ctx context.Context, q rowQueryer) error {
	var first string
	if err := q.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&first); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if first != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, first)
	}
	var table string
	err := q.QueryRowContext(ctx, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return errors.Join(err, fmt.Errorf("%w: rows of %s lead nowhere", ErrDamaged, table))
}

// View runs f with the database or backup in a file that nobody changes, and that stays
// as it is.
func View(ctx context.Context, path string, f func(Queryer) error) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	pool, err := connect(path, 1, "mode=ro&immutable=1")
	if err != nil {
		return err
	}
	return errors.Join(f(pool), pool.Close())
}

// ReadBackup returns what the file at path says of itself as a backup. A file that is
// something else is an error. also may read more of it.
func ReadBackup(ctx context.Context, path string, also func(Queryer, Backup) error) (b Backup, err error) {
	err = View(ctx, path, func(q Queryer) error {
		if b, err = readBackup(ctx, q); err != nil {
			return err
		}
		return also(q, b)
	})
	return b, err
}

func readBackup(ctx context.Context, q Queryer) (b Backup, err error) {
	var made int64
	err = q.QueryRowContext(ctx, "SELECT made_at, origin, user_version FROM backup, pragma_user_version").Scan(&made, &b.Origin, &b.Version)
	b.MadeAt = time.Unix(made, 0).UTC()
	return b, err
}

// publish gives a file that is whole and on disk its name.
func publish(file, to string, replace bool) error {
	if !replace {
		switch err := os.Link(file, to); {
		case err == nil:
			return errors.Join(os.Remove(file), syncFolder(to))
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%s: %w", to, ErrExists)
		} // else the file system has no links
	}
	if err := os.Rename(file, to); err != nil {
		return err
	}
	return syncFolder(to)
}

// syncFolder makes a name survive a loss of power, as far as the file system can do that.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = folder.Sync() // some file systems cannot
	return folder.Close()
}

// spareRoom is left on the disk beside a copy: the database itself may grow meanwhile.
const spareRoom = 16 << 20

// checkRoom fails with ErrRoom unless a folder has room for a copy of a database.
func checkRoom(path, folder string) error {
	need := int64(spareRoom)
	for _, suffix := range []string{"", walSuffix} {
		if info, err := os.Stat(path + suffix); err == nil {
			need += info.Size()
		}
	}
	free, known := freeRoom(folder)
	if known && free < uint64(need) {
		return fmt.Errorf("%w in %s: a copy of the database may need %d MB, and %d MB are free; make room, or choose a folder on another disk",
			ErrRoom, folder, (need+(1<<20)-1)>>20, free>>20)
	}
	return nil
}
