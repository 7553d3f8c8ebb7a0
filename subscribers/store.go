package subscribers

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/replies"
	"digestbot/subscribers/sourcestore"
)

// Errors a caller decides by.
var (
	// ErrNotFound: there is no such subscriber, issue, section or broadcast.
	ErrNotFound = database.ErrNotFound
	// ErrNewerDatabase: a newer digestbot has written the database.
	ErrNewerDatabase = database.ErrNewer
	// ErrLocked: another digestbot serves the same database.
	ErrLocked = database.ErrLocked
	// ErrNothingToSend: everybody who would receive the issue has it already.
	ErrNothingToSend = errors.New("nobody is left to receive this issue")
	// ErrRunning: a broadcast of this issue is under way.
	ErrRunning = errors.New("a broadcast of this issue is under way")
	// ErrAggregated: the deliveries of the issue were aggregated into totals.
	ErrAggregated = errors.New("the issue was broadcast too long ago to know who has it")
	// ErrNotOver: a delivery of the broadcast is pending.
	ErrNotOver = errors.New("the broadcast is not over")
	// ErrForeignDatabase: the file belongs to another program.
	ErrForeignDatabase = database.ErrForeign
	// ErrMissing: there is no database any more where there was one.
	ErrMissing = database.ErrMissing
	// ErrNoDatabase: there is no database at the path that was given.
	ErrNoDatabase = errors.New("no database was found")
	// ErrLost: the name of the database leads to nothing, or to another file, while the
	// database is open. Everything goes on working, but would be lost at the next start.
	ErrLost = database.ErrLost
	// ErrUnbalanced: the books of a broadcast do not add up.
	ErrUnbalanced = errors.New("books do not balance")
	// ErrTooManyWords: a subscriber would have more than MaxWords words.
	ErrTooManyWords = errors.New("there are too many words")
	// ErrChanged: the issue has another edition than the one that was seen.
	ErrChanged = errors.New("the issue has changed")
	// ErrDeliveryTime: there is no such weekday, time of day or time zone.
	ErrDeliveryTime = errors.New("there is no such delivery time")
)

// Store is the database, with all that digestbot keeps in it.
type Store struct {
	*archive.Archive                    // the issues
	Sources          *sourcestore.Store // what is remembered of the sources of issues
	Feedback         *feedback.Store    // what readers think of issues
	Replies          *replies.Store     // what readers and editors write each other

	db              *database.DB
	reads           *sql.DB       // of db
	progress        *sql.Stmt     // updateProgress
	changes         atomic.Uint64 // see PreferenceChanges
	tidied          time.Time     // when updates were forgotten last; only writes use it
	editors         editors
	changingEditors sync.Mutex // held while one is named or removed
}

//go:embed migrations/*.sql
var migrations embed.FS

var schema = database.Schema{
	Migrations: migrations,
	Table:      "subscribers",
	Begin:      beginSchedule,
	Beside:     []string{progressSuffix},
	Whose:      whose,
}

// CheckPath returns what is wrong with a name for the database, as far as that shows
// without opening anything. A file that is not there yet will be made.
func CheckPath(path string) error { return database.CheckPath(path) }

// Open opens the database at path, creates it if there is none, and brings it up
// to date. It fails with ErrNewerDatabase if a newer version has written the file,
// and with ErrForeignDatabase if another program has; it never changes such a file.
// It fails with ErrMissing if there is no database, but the files beside it show
// that there was one.
//
// Before it brings a database up to date it makes a backup, see [Opening].
func Open(ctx context.Context, path string) (*Store, error) {
	return OpenWith(ctx, path, Opening{})
}

// Opening is how a database of an older version is opened.
type Opening struct {
	BackupFolder string // where the backup goes; empty: beside the database
	NoBackup     bool   // none is made
}

// OpenWith is Open for a program that says where backups go.
func OpenWith(ctx context.Context, path string, how Opening) (*Store, error) {
	schema := schema
	schema.BackupFolder, schema.NoBackup = how.BackupFolder, how.NoBackup
	db, err := database.Open(ctx, path, schema)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, reads: db.Reads()}
	if s.progress, err = db.Prepare(ctx, updateProgress); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, database.WithCure(err)), s.Close())
	}
	if s.Archive, err = archive.New(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), s.Close())
	}
	if err := s.readEditors(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), s.Close())
	}
	s.Sources, s.Feedback, s.Replies = sourcestore.New(db, s.Archive), feedback.New(db), replies.New(db)
	return s, nil
}

// OpenExisting is Open that makes no database: it fails with ErrNoDatabase if there is none.
func OpenExisting(ctx context.Context, path string) (*Store, error) {
	if err := CheckPath(path); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDatabase, err)
	}
	full, err := filepath.Abs(path) // for an operator in another folder than they think
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(full); err != nil {
		return nil, fmt.Errorf("%w: %w; give the bot's database with --database", ErrNoDatabase, err)
	}
	return Open(ctx, path)
}

// Files returns the names of the files that the database consists of, of which some may not
// be there.
func (s *Store) Files() []string { return s.db.Files() }

// Sizes returns the sizes in bytes of the files that grow: the database, its write-ahead log
// and the progress file; 0: the file is not there.
func (s *Store) Sizes() map[string]int64 {
	sizes := make(map[string]int64)
	for name, suffix := range map[string]string{"database": "", "wal": "-wal", "progress": progressSuffix} {
		sizes[name] = 0
		if info, err := os.Stat(s.Files()[0] + suffix); err == nil {
			sizes[name] = info.Size()
		}
	}
	return sizes
}

// Close closes the database. The Store cannot be used afterwards.
func (s *Store) Close() error {
	var err error
	if s.progress != nil { // else opening failed
		err = s.progress.Close()
	}
	return errors.Join(err, s.db.Close())
}

// IsNew reports whether there was no database before it was opened.
func (s *Store) IsNew() bool { return s.db.IsNew() }

// Upgraded returns what opening the database has done to it.
func (s *Store) Upgraded() database.Upgrade { return s.db.Upgraded() }

// Lock makes this process the only one that serves the database, until the
// returned function is called or the process ends, however it ends. It fails
// with ErrLocked when another process holds the lock. Importing and reading
// need no lock.
func (s *Store) Lock(ctx context.Context) (unlock func() error, err error) { return s.db.Lock(ctx) }

// Check looks whether the database is still where it was opened. The error wraps
// ErrLost if it is not. It costs two looks at the file system.
func (s *Store) Check(ctx context.Context) error { return s.db.Check(ctx) }

// CheckWrites returns why writing does not work, or did not in the last five minutes.
// If nothing was written for that long, it tries until ctx is done.
func (s *Store) CheckWrites(ctx context.Context) error { return s.db.CheckWrites(ctx) }

// Rescue writes all that the database holds to a file beside it, and returns its name.
// If that does not work, the file is in the folder for temporary files. The database
// may have lost its name: the file is whole as long as it is open.
func (s *Store) Rescue(ctx context.Context) (path string, err error) { return s.db.Rescue(ctx) }

// Version returns a number that changes with each commit, also of other processes, but not
// with those of CheckWrites. It means nothing to another Store, and is never 0.
func (s *Store) Version(ctx context.Context) (version int64, err error) { return s.db.Version(ctx) }

// View runs f with the database as it is at one moment. f must not write.
func (s *Store) View(ctx context.Context, f func(database.Queryer) error) error {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	return f(tx)
}

// write runs f in a transaction and commits it unless f fails. If another write
// undoes the transaction, f is called again.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	return s.db.Write(ctx, f)
}

// writeUnsynced is write for what a loss of power may undo. It costs a fraction.
func (s *Store) writeUnsynced(ctx context.Context, f func(*sql.Tx) error) error {
	return s.db.WriteUnsynced(ctx, f)
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

// ChangePreferences runs f in a transaction of writePreferences. It is for package
// [digestbot/subscribers/roster], which changes many subscribers at once.
func (s *Store) ChangePreferences(ctx context.Context, f func(*sql.Tx) error) error {
	return s.writePreferences(ctx, f)
}

// ChangeUnsynced runs f in a transaction of writeUnsynced, for the packages beside this one.
func (s *Store) ChangeUnsynced(ctx context.Context, f func(*sql.Tx) error) error {
	return s.writeUnsynced(ctx, f)
}

// Reads returns what the packages beside this one read from.
func (s *Store) Reads() *sql.DB { return s.reads }

func isUnique(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.ExtendedCode == sqlite3.ErrConstraintUnique
}

func now() int64 { return time.Now().Unix() }

func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
