package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Lock is [DB.Lock] for the database at path, which need not be there.
func Lock(ctx context.Context, path string) (unlock func() error, err error) {
	return lock(ctx, realPath(path))
}

// realPath is where a name leads: the other files of a database lie beside the file, not
// beside a link to it.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// Unpack writes the database that is in the file from to the file to, and what belongs
// beside it beside it. from is a backup, or the copy of a database's file with those beside
// it; it stays as it is. Unpack fails with [ErrDamaged], [ErrForeign] or [ErrNewer] if that is
// no database for this program. to must not be there; if Unpack fails it may be.
func Unpack(ctx context.Context, from, to string, schema Schema) (b Backup, err error) {
	if err := checkRoom(from, filepath.Dir(to)); err != nil {
		return b, err
	}
	for _, suffix := range append([]string{"", walSuffix, "-journal"}, schema.Beside...) {
		if err := copyFile(from+suffix, to+suffix); err != nil && !(suffix != "" && errors.Is(err, fs.ErrNotExist)) {
			return b, err
		}
	}
	pool, err := connect(to, 1, "mode=rw&_synchronous=OFF&_txlock=immediate")
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := checkWhole(ctx, pool); err != nil {
		return b, err
	}
	if b, err = readBackup(ctx, pool); err != nil { // there is no such table
		b = Backup{}
	} else if err := unpackBeside(ctx, pool, to); err != nil {
		return b, err
	}
	if err := schema.checkOurs(ctx, pool); err != nil {
		return b, err
	}
	if b.Version, err = databaseVersion(ctx, pool); err == nil && b.Version == 0 {
		err = fmt.Errorf("%w: it is empty", ErrDamaged)
	}
	return b, err
}

// unpackBeside writes the files that lay beside the database, and makes the copy a database
// again.
func unpackBeside(ctx context.Context, pool *sql.DB, to string) error {
	type file struct {
		suffix  string
		content []byte
	}
	files, err := Collect(ctx, pool, func(rows *sql.Rows) (f file, err error) {
		err = rows.Scan(&f.suffix, &f.content)
		return f, err
	}, "SELECT suffix, content FROM backup_files")
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.ContainsRune(f.suffix, filepath.Separator) {
			return fmt.Errorf("%w: it would write %q", ErrDamaged, f.suffix)
		}
		if err := os.WriteFile(to+f.suffix, f.content, private); err != nil {
			return err
		}
	}
	_, err = pool.ExecContext(ctx, "DROP TABLE backup_files; DROP TABLE backup")
	return err
}

// copyFile copies a file to a new one that only its owner can open.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is %s, and not a file", from, kindOf(info.Mode()))
	}
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, private)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// Replace puts the database in the file with, which nobody has open, in the place of the one at
// path. It fails if that file is not whole by itself. What was there is then at the path that is returned, with what lay
// beside it; "" if nothing was. The caller holds the [Lock] of path. At every moment the
// database that was there is whole under one of the two names, and is found by the next
// start under its old one, or that start fails.
func Replace(ctx context.Context, path, with string, schema Schema) (kept string, err error) {
	if err := checkAlone(ctx, with); err != nil {
		return "", err
	}
	path = realPath(path)
	giveToOwner(func(user, group int) error { return os.Lchown(with, user, group) }, path)
	beside := append([]string{walSuffix, "-journal"}, schema.Beside...)
	_, missing := os.Lstat(path)
	if left := (&DB{path: path, schema: schema}).signs(); missing == nil || len(left) > 1 { // more than the lock
		kept = freeName(strings.TrimSuffix(path, ".db") + "-replaced-" + time.Now().UTC().Format(timeFormat))
	}
	if kept != "" {
		if err := setAside(ctx, path, kept, beside); err != nil {
			return "", err
		}
	}
	if err := os.Rename(with, path); err != nil {
		return "", err
	}
	// What is left here belongs to what was replaced, which has it too.
	for _, suffix := range append(beside, "-shm") {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return kept, syncFolder(path)
}

// checkAlone fails unless a file is a whole database without what lies beside
// it: SQLite leaves its log there, and says nothing, if that could not be written into the file.
func checkAlone(ctx context.Context, path string) error {
	for _, suffix := range []string{walSuffix, "-journal"} {
		if !isEmpty(path + suffix) {
			return fmt.Errorf("not all of %s could be written into one file; make room on the disk, and try again", path)
		}
	}
	return View(ctx, path, func(q Queryer) error { return checkWhole(ctx, q) })
}

// freeName returns the name of a database that is not there: the one that is wanted, if
// possible.
func freeName(wanted string) string {
	name := wanted + ".db"
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d.db", wanted, n)
	}
}

// timeFormat is how names of files say a time, UTC.
const timeFormat = "20060102-150405"

// setAside makes a database available as kept. It keeps its own name if nothing but a
// log with nothing in it lies beside it: SQLite would bring a log into the next file of its
// name. Else it loses its name first.
func setAside(ctx context.Context, path, kept string, beside []string) error {
	move := os.Rename
	switch busy, err := endLog(ctx, path); {
	case busy:
		return fmt.Errorf("%s is open in another program: wait until its import has ended, or stop it (Litestream also)", path)
	case err == nil:
		move = os.Link
	} // else it is damaged, and moved as it is
	err := move(path, kept)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		move = os.Rename // there are no links
		err = move(path, kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, suffix := range beside {
		if err := move(path+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncFolder(path)
}

// endLog brings the write-ahead log of a database into its file, and removes it. That it is
// busy says that another program has it open.
func endLog(ctx context.Context, path string) (busy bool, err error) {
	if err := checkHeader(path); err != nil {
		return false, err // SQLite would remove the log of a file that is empty
	}
	pool, err := sql.Open("sqlite3", dsn(path, eraseTimeout, "mode=rw"))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	var mode string
	err = pool.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	return isBusy(err), err
}

// header is what a database begins with (sqlite.org/fileformat.html#the_database_header).
const header = "SQLite format 3\x00"

// checkHeader fails if a file does not look like a database.
func checkHeader(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	begin := make([]byte, 512) // the smallest page
	if _, err := io.ReadFull(file, begin); err != nil {
		return err
	}
	if !strings.HasPrefix(string(begin), header) {
		return ErrDamaged
	}
	return nil
}
