// Package database is the file that a program keeps its tables in: SQLite, opened so
// that nothing that was written is lost.
//
// [Open] makes the file or brings it up to date, as a [Schema] says. [DB.Write] changes
// it; writes that wait for one another share a commit. [DB.Reads] are the connections to
// read with, and [Collect] reads all rows of a query. [DB.Lock] keeps a second program
// from serving the same file, [DB.Check] and [DB.CheckWrites] find out that the file is
// lost or cannot be written to, and [DB.Rescue] saves what a lost file holds. [BackUp] makes
// a backup, [Unpack] brings it back, and [Replace] puts that in the place of a database.
//
// The package knows no table, except that of the heartbeat, see [Schema].
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3" // the database/sql driver, too
)

// Errors a caller decides by.
var (
	// ErrNotFound: there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrNewer: a newer digestbot has written the database.
	ErrNewer = errors.New("database was written by a newer version of digestbot")
	// ErrForeign: the file belongs to another program.
	ErrForeign = errors.New("it is the database of another program; give another file, or the name of a new one")
	// ErrLocked: another digestbot serves the same database.
	ErrLocked = errors.New("database is in use by another running digestbot")
	// ErrMissing: there is no database any more where there was one.
	ErrMissing = errors.New("there was a database, and it is gone or empty")
	// ErrLost: the name of the database leads to nothing, or to another file, while the
	// database is open. Everything goes on working, but would be lost at the next start.
	ErrLost = errors.New("the database was removed or replaced while digestbot was running")
)

// DB is an open database. Writes come one after the other, instead of competing for
// SQLite's lock; reads have connections of their own and never wait for a write.
//
// It is safe for concurrent use.
type DB struct {
	name     string // as it was given
	path     string // where that leads
	schema   Schema
	file     fs.FileInfo // of the open database
	isNew    bool
	served   bool // before it was opened, see WasServed
	wasOld   bool // of an older version, when it was opened
	upgraded Upgrade
	wal      atomic.Pointer[fs.FileInfo] // the write-ahead log, when last seen
	reads    *sql.DB
	watch    *sql.DB // one connection, for Version
	changes  changes
	pulse    pulse

	waiting  atomic.Int64 // writes that wait for their turn
	writing  sync.Mutex   // guards the fields below, and is held during a write
	writes   *sql.DB      // one connection
	survives durability   // what its transactions survive
	group    *group       // the transaction that is open; nil: none
}

// Open opens the database at path, creates it if there is none, and brings it up
// to date. It fails with ErrNewer if a newer version has written the file,
// and with ErrForeign if another program has; it never changes such a file.
// It fails with ErrMissing if there is no database, but the files beside it show
// that there was one.
func Open(ctx context.Context, path string, schema Schema) (*DB, error) {
	if err := CheckPath(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{name: path, path: realPath(path), schema: schema}
	var err error
	if db.isNew, err = db.prepare(); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, WithCure(err)), db.Close())
	}
	return db, nil
}

// SQLiteVersion returns the version of SQLite that the program has in it.
func SQLiteVersion() string {
	version, _, _ := sqlite3.Version()
	return version
}

// IsNew reports whether there was no database before it was opened.
func (db *DB) IsNew() bool { return db.isNew }

// WasServed reports whether a program has ever served the database where it is: a copy that
// comes from elsewhere lacks the file of the lock.
func (db *DB) WasServed() bool { return db.served }

// Reads returns the connections to read with. They refuse to write.
func (db *DB) Reads() *sql.DB { return db.reads }

// Prepare returns a statement for the transactions of Write. The caller closes it
// before the database.
func (db *DB) Prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	return db.writes.PrepareContext(ctx, query)
}

// cures say what to do about errors of SQLite's.
var cures = map[sqlite3.ErrNo]string{
	sqlite3.ErrNotADB:   "give another file, or restore a backup of this one",
	sqlite3.ErrCorrupt:  "give another file, or restore a backup of this one",
	sqlite3.ErrReadonly: "the user that digestbot runs as must be able to write to the file and its folder",
	sqlite3.ErrFull:     "make room on the disk",
}

// WithCure adds to an error of SQLite's what to do about it, if that is known.
func WithCure(err error) error {
	if e, ok := errors.AsType[sqlite3.Error](err); ok && cures[e.Code] != "" {
		return fmt.Errorf("%w; %s", err, cures[e.Code])
	}
	return err
}

func (db *DB) open(ctx context.Context) (err error) {
	if err := db.checkFile(ctx); err != nil {
		return db.withWayBack(err)
	}
	if db.reads, err = connect(db.path, 4, "_query_only=on&_cache_size=-512"); err != nil {
		return err
	}
	// Without a pragma for which SQLite reads the schema: Version needs none.
	if db.watch, err = connect(db.path, 1, "_query_only=on"); err != nil {
		return err
	}
	if db.writes, err = connect(db.path, 1, "_synchronous=FULL&_journal_mode=WAL&_txlock=immediate&_cache_size=-1024"); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if db.file, err = os.Stat(db.name); err != nil {
		return err
	}
	return db.checkLog(ctx)
}

// connect returns a pool of at most that many connections.
func connect(path string, connections int, pragmas string) (*sql.DB, error) {
	pool, err := sql.Open("sqlite3", dsn(path, busyTimeout, pragmas))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// keptStatements is how many statements a connection keeps prepared: preparing one
// takes longer than running it.
const keptStatements = 64

// busyTimeout is how long a write waits for another process, such as an import.
const busyTimeout = 10 * time.Second

// dsn builds the driver's connection string. It holds the pragmas, because one set
// by Exec would be set for a single connection of the pool.
//
// synchronous=FULL: in WAL mode NORMAL survives a crash of the process but may
// lose the last commits when power is lost, and then a section is sent twice.
// Commits are grouped, so syncing costs little. See durability.
func dsn(path string, busyTimeout time.Duration, extra string) string {
	return fmt.Sprintf("file:%s?_foreign_keys=on&_busy_timeout=%d&_stmt_cache_size=%d&%s",
		(&url.URL{Path: path}).EscapedPath(), busyTimeout.Milliseconds(), keptStatements, extra)
}

// eraseTimeout is how long EraseLog waits for others, and they for it.
const eraseTimeout = 200 * time.Millisecond

// EraseLog empties the write-ahead log into the file, so that what was overwritten is in neither.
// Otherwise it stays in the log until the same place of that is written again. done is false
// if somebody else has read or written all the time; then it should be tried again later.
func (db *DB) EraseLog(ctx context.Context) (done bool, err error) {
	pool, err := sql.Open("sqlite3", dsn(db.path, eraseTimeout, "mode=rw")) // a database that is gone is not made anew
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	var busy, pages, moved int
	err = pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved) // sqlite.org/pragma.html#pragma_wal_checkpoint
	if err != nil {
		return false, fmt.Errorf("empty the write-ahead log: %w", err)
	}
	return busy == 0, nil
}

// Close closes the database, which cannot be used afterwards.
func (db *DB) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{db.writes, db.reads, db.watch} {
		if pool != nil { // else opening failed
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
