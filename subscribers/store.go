package subscribers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3" // the database/sql driver, too
)

// Errors a caller decides by.
var (
	// ErrNotFound: there is no such subscriber, issue, section or broadcast.
	ErrNotFound = errors.New("not found")
	// ErrNewerDatabase: a newer digestbot has written the database.
	ErrNewerDatabase = errors.New("database was written by a newer version of digestbot")
	// ErrLocked: another digestbot serves the same database.
	ErrLocked = errors.New("database is in use by another running digestbot")
	// ErrKeyTaken: the archive has another issue under the same key.
	ErrKeyTaken = errors.New("the archive has a different issue under this key")
	// ErrNothingToSend: everybody who would receive the issue has it already.
	ErrNothingToSend = errors.New("nobody is left to receive this issue")
	// ErrRunning: a broadcast of this issue is under way.
	ErrRunning = errors.New("a broadcast of this issue is under way")
	// ErrFolded: the deliveries of the issue were folded into totals.
	ErrFolded = errors.New("the issue was broadcast too long ago to know who has it")
	// ErrNotOver: a delivery of the broadcast is pending.
	ErrNotOver = errors.New("the broadcast is not over")
	// ErrWithdrawn: the issue was taken back, see WithdrawIssue.
	ErrWithdrawn = errors.New("the issue is withdrawn")
	// ErrSameSection: a section was to become part of itself.
	ErrSameSection = errors.New("a section cannot be merged into itself")
	// ErrForeignDatabase: the file belongs to another program.
	ErrForeignDatabase = errors.New("it is the database of another program; give another file, or the name of a new one")
	// ErrUnbalanced: the books of a broadcast do not add up.
	ErrUnbalanced = errors.New("books do not balance")
	// ErrDeliveryTime: there is no such weekday, time of day or time zone.
	ErrDeliveryTime = errors.New("there is no such delivery time")
)

// Store is the database. Writes come one after the other, instead of competing for
// SQLite's lock; reads have connections of their own and never wait for a write.
type Store struct {
	name    string      // as it was given
	path    string      // where that leads
	file    fs.FileInfo // of the open database
	isNew   bool
	wal     atomic.Pointer[fs.FileInfo] // the write-ahead log, when last seen
	reads   *sql.DB
	watch   *sql.DB       // one connection, for Version
	changes atomic.Uint64 // see PreferenceChanges
	index   index
	pulse   pulse

	waiting  atomic.Int64 // writes that wait for their turn
	writing  sync.Mutex   // guards the fields below, and is held during a write
	writes   *sql.DB      // one connection
	survives durability   // what its transactions survive
	group    *group       // the transaction that is open; nil: none
	progress *sql.Stmt    // updateProgress
	tidied   time.Time    // when updates were forgotten last
}

// Open opens the database at path, creates it if there is none, and brings it up
// to date. It fails with ErrNewerDatabase if a newer version has written the file,
// and with ErrForeignDatabase if another program has; it never changes such a file.
// It fails with ErrMissing if there is no database, but the files beside it show
// that there was one.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := CheckPath(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{name: path, path: path, index: index{turn: make(chan struct{}, 1)}}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		s.path = real // its other files lie beside the file, not beside a link to it
	}
	var err error
	if s.isNew, err = prepare(s.path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, withCure(err)), s.Close())
	}
	if err := s.fillItems(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), s.Close())
	}
	return s, nil
}

// IsNew reports whether there was no database before it was opened.
func (s *Store) IsNew() bool { return s.isNew }

// cures say what to do about errors of SQLite's.
var cures = map[sqlite3.ErrNo]string{
	sqlite3.ErrNotADB:   "give another file, or restore a backup of this one",
	sqlite3.ErrCorrupt:  "give another file, or restore a backup of this one",
	sqlite3.ErrReadonly: "the user that digestbot runs as must be able to write to the file and its folder",
	sqlite3.ErrFull:     "make room on the disk",
}

// withCure adds to an error of SQLite's what to do about it, if that is known.
func withCure(err error) error {
	if e, ok := errors.AsType[sqlite3.Error](err); ok && cures[e.Code] != "" {
		return fmt.Errorf("%w; %s", err, cures[e.Code])
	}
	return err
}

func (s *Store) open(ctx context.Context) (err error) {
	if err := checkFile(ctx, s.path); err != nil {
		return err
	}
	if s.reads, err = connect(s.path, 4, "_query_only=on"); err != nil {
		return err
	}
	if s.watch, err = connect(s.path, 1, "_query_only=on"); err != nil {
		return err
	}
	if s.writes, err = connect(s.path, 1, "_synchronous=FULL&_journal_mode=WAL&_txlock=immediate"); err != nil {
		return err
	}
	if err := migrate(ctx, s.writes); err != nil {
		return err
	}
	if s.progress, err = s.writes.PrepareContext(ctx, updateProgress); err != nil {
		return err
	}
	if s.file, err = os.Stat(s.name); err != nil {
		return err
	}
	return s.checkLog(ctx)
}

// connect returns a pool of at most that many connections.
func connect(path string, connections int, pragmas string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", dsn(path, busyTimeout, pragmas))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
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

// Close closes the database. The Store cannot be used afterwards.
func (s *Store) Close() error {
	var errs []error
	if s.progress != nil { // else opening failed
		errs = append(errs, s.progress.Close())
	}
	for _, db := range []*sql.DB{s.writes, s.reads, s.watch} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// PreferenceChanges counts the changes of who receives what: subscribing, leaving,
// muting, moving. A caller that holds preferences in memory reads them again when
// the count has changed.
func (s *Store) PreferenceChanges() uint64 {
	return s.changes.Load()
}

// writePreferences is write for changes that PreferenceChanges counts.
func (s *Store) writePreferences(ctx context.Context, f func(*sql.Tx) error) error {
	defer s.changes.Add(1)
	return s.write(ctx, f)
}

// queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect reads all rows of a query with scan.
func collect[T any](ctx context.Context, q queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// notFound turns database/sql's error for an empty result into ErrNotFound.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// affected reports whether a statement changed a row.
func affected(result sql.Result, err error) bool {
	if err != nil {
		return false
	}
	n, err := result.RowsAffected()
	return err == nil && n > 0
}

// rowsChanged returns how many rows a statement changed.
func rowsChanged(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func isUnique(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.ExtendedCode == sqlite3.ErrConstraintUnique
}

func isBusy(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

func now() int64 { return time.Now().Unix() }

func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
