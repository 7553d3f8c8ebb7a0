package database

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// private is the mode of all files. They say who reads what, and a user who may read
// a file may also lock it.
const private fs.FileMode = 0o600

// The names of the files beside the database are its own name with one of these
// behind it.
const (
	lockSuffix = ".lock"
	walSuffix  = "-wal" // sqlite.org/walformat.html
)

// addressShape matches addresses of SQLite and other databases; digestbot takes none.
var addressShape = regexp.MustCompile(`^file:|://|\?[a-z_]+=`)

// CheckPath returns what is wrong with a name for the database, as far as that shows
// without opening anything. A file that is not there yet will be made.
func CheckPath(path string) error {
	switch {
	case path == "":
		return errors.New("the name is empty: give the name of a file, such as digestbot.db")
	case path == ":memory:":
		return errors.New("a database in memory is gone when the program ends: give the name of a file, such as digestbot.db")
	case addressShape.MatchString(path):
		return fmt.Errorf("%s is an address: give the plain name of a file, such as digestbot.db, with nothing before or after it", path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%s: the folder is missing or unreadable: %w", path, err)
	} else if !info.IsDir() {
		return fmt.Errorf("%s: %s is not a folder", path, dir)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s: it is a folder; give the name of a file in it", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: it is %s; give the name of a file", path, kindOf(info.Mode()))
	}
	return nil
}

// kindOf names what is no regular file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// prepare makes sure that only their owner can open the database and the files
// beside it, and makes the database if there is none. It fails with ErrMissing if
// there was one.
func (db *DB) prepare() (isNew bool, err error) {
	path := db.path
	for _, file := range db.Files()[1:] {
		if err := checkBeside(file); err != nil {
			return false, err
		}
	}
	// This comes first: another process may be making the database.
	signs := db.signs()
	db.served = slices.Contains(signs, db.path+lockSuffix)
	info, err := os.Stat(path)
	switch isNew = err != nil || info.Size() == 0; {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, err
	case isNew && len(signs) > 0:
		return false, missing(path, signs)
	case err == nil:
		keepFromOthers(path, info.Mode())
	}
	// SQLite would say "unable to open database file", and not why.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NONBLOCK, private)
	if err != nil {
		return false, err
	}
	return isNew, f.Close()
}

// Place names the file of the database. A copy of the file has another one, and so has the same
// name on another machine, but for a rare chance.
func (db *DB) Place() (string, error) {
	info, err := os.Stat(db.path)
	if err != nil {
		return "", err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", fmt.Errorf("%s: the system does not number its files", db.path)
	}
	return fmt.Sprint(stat.Dev, ":", stat.Ino), nil
}

// Files returns the names of the database and of the files beside it, of which some may not
// be there.
func (db *DB) Files() []string {
	files := []string{db.path}
	for _, suffix := range append([]string{walSuffix, "-shm", "-journal", lockSuffix, lockSuffix + "-journal"}, db.schema.Beside...) {
		files = append(files, db.path+suffix)
	}
	return files
}

// checkBeside fails if something else has the name of a file that belongs to the
// database.
func checkBeside(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return notOurs(path, info.Mode())
	}
	keepFromOthers(path, info.Mode())
	return nil
}

func notOurs(path string, mode fs.FileMode) error {
	return fmt.Errorf("%s is %s: there must be nothing else of that name, for it belongs to the database; move it away", path, kindOf(mode))
}

// keepFromOthers makes a file private that everybody on the machine can open. A file
// that only a group can open is meant to be like that, for backups or imports. If the
// mode cannot be changed, it stays: the file may be another user's, or the file system
// may have no modes.
func keepFromOthers(path string, mode fs.FileMode) {
	const group, groupWrites, others = 0o070, 0o020, 0o007
	if mode&others == 0 {
		return
	}
	mode = mode.Perm() &^ others
	if mode&groupWrites == 0 {
		mode &^= group
	}
	_ = os.Chmod(path, mode)
}

// OpenBeside opens or makes a file of the program's own, one of Schema.Beside, that only
// the process serving the database opens. It neither waits for the other end of a pipe
// nor follows a link.
func (db *DB) OpenBeside(suffix string) (*os.File, error) {
	path := db.path + suffix
	if err := checkBeside(path); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NONBLOCK, private)
	if err != nil {
		return nil, fmt.Errorf("%w; the user that digestbot runs as must be able to write to it", err)
	}
	opened, err := file.Stat()
	if err == nil {
		var named fs.FileInfo
		if named, err = os.Lstat(path); err == nil && !(named.Mode().IsRegular() && os.SameFile(named, opened)) {
			err = notOurs(path, named.Mode()) // somebody is quick
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	_ = file.Chmod(opened.Mode().Perm() & private) // as far as possible, see keepFromOthers
	return file, nil
}

// signs returns the files that are there only if there is, or was, a database with
// something in it.
func (db *DB) signs() (signs []string) {
	for _, suffix := range slices.Concat([]string{lockSuffix}, db.schema.Beside, []string{walSuffix}) {
		if info, err := os.Lstat(db.path + suffix); err == nil && (suffix == lockSuffix || info.Size() > 0) {
			signs = append(signs, db.path+suffix)
		}
	}
	return signs
}

func missing(path string, signs []string) error {
	full, err := filepath.Abs(path)
	if err != nil {
		full = path
	}
	copies, err := filepath.Glob(escapeGlob(rescueName(path)) + "*")
	if err != nil || len(copies) == 0 {
		copies = []string{"a copy of it"}
	}
	left := strings.Join(signs, " and ")
	return fmt.Errorf("%w: %s, of which %s is left; put it back; or remove %s, and then give %s that name or start anew with an empty one",
		ErrMissing, full, left, left, copies[len(copies)-1])
}

// escapeGlob returns a pattern that matches only the text.
func escapeGlob(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(text)
}

// makePrivate makes a file that only the process serving a database opens. If the file
// is there, it is not opened: closing it would end SQLite's locks on it
// (sqlite.org/howtocorrupt.html).
func makePrivate(path, database string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, private)
	switch {
	case err == nil:
		giveToOwner(file.Chown, database)
		return file.Close()
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := checkBeside(path); err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if err == nil {
		_ = os.Chmod(path, info.Mode().Perm()&private) // as far as possible, see keepFromOthers
	}
	return err
}

// giveToOwner gives a file that root has just made to the user and group whose the database is, or
// if there is none, its folder: else the user that the bot runs as could not open it. SQLite
// does so with its own files. Where it cannot be done it stays, see keepFromOthers.
func giveToOwner(chown func(user, group int) error, database string) {
	if os.Geteuid() != 0 {
		return
	}
	info, err := os.Stat(database)
	if err != nil {
		info, err = os.Stat(filepath.Dir(database))
	}
	if err != nil {
		return
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		_ = chown(int(owner.Uid), int(owner.Gid))
	}
}
