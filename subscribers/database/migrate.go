package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/mattn/go-sqlite3"
)

// Schema says what is in a database.
type Schema struct {
	// Migrations has the steps from version to version, migrations/*.sql, in the order
	// of their names. One of them makes the table that CheckWrites writes to:
	// heartbeat (id INTEGER PRIMARY KEY, at INTEGER).
	Migrations fs.FS
	// Table is in databases of every version, and in no other program's.
	Table string
	// Begin writes what a new database begins with; nil: nothing.
	Begin func(ctx context.Context, db *sql.DB) error
	// Beside are the endings of the names of the program's own files beside the
	// database. One with something in it shows that there was a database.
	Beside []string
	// BackupFolder is where the backup goes that is made before a database is brought to a
	// newer version; empty, or if it cannot go there: beside the database. NoBackup: none is
	// made.
	BackupFolder string
	NoBackup     bool
	// Whose returns what tells backups of several programs apart whose databases have the same
	// name; "": it is not known.
	Whose func(ctx context.Context, q Queryer, b Backup) (string, error)
}

// migrate brings the database to the newest version, which is the number of files
// in Migrations. Each step and its PRAGMA user_version share one transaction, so
// that a database always has exactly one of the versions.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := db.schema.steps()
	if err != nil {
		return err
	}
	version, err := databaseVersion(ctx, db.writes)
	if err != nil {
		return err
	}
	switch {
	case version >= len(steps):
		return nil
	case version > 0:
		return db.upgrade(ctx, steps)
	}
	if err := db.takeSteps(ctx, steps, version); err != nil || db.schema.Begin == nil {
		return err
	}
	return db.schema.Begin(ctx, db.writes)
}

// takeSteps takes the database from a version to the newest.
func (db *DB) takeSteps(ctx context.Context, steps []string, version int) error {
	for ; version < len(steps); version++ {
		if err := db.step(ctx, steps[version], version); err != nil {
			if ctx.Err() != nil {
				err = ctx.Err() // SQLite only says "interrupted"
			}
			return fmt.Errorf("migrate with %s: %w", steps[version], err)
		}
	}
	return nil
}

// steps returns the names of the files of Migrations.
func (s Schema) steps() ([]string, error) { return fs.Glob(s.Migrations, "migrations/*.sql") }

// checkFile looks at the database before it is opened for writing, because that
// alone would change the file.
func (db *DB) checkFile(ctx context.Context) error {
	if info, err := os.Stat(db.path); err != nil || info.Size() == 0 {
		return err
	}
	err := db.checkWith(ctx, "mode=ro")
	if e, ok := errors.AsType[sqlite3.Error](err); ok && e.ExtendedCode == sqlite3.ErrReadonlyRollback {
		// A change was cut off, and is undone when the file is opened for writing.
		// What is looked at here is there all the same.
		err = db.checkWith(ctx, "mode=ro&immutable=1")
	}
	return err
}

func (db *DB) checkWith(ctx context.Context, pragmas string) error {
	pool, err := connect(db.path, 1, pragmas)
	if err != nil {
		return err
	}
	return errors.Join(db.schema.checkOurs(ctx, pool), pool.Close())
}

// checkOurs fails with ErrNewer, ErrForeign or ErrBackup if this program must
// not write into the database.
func (s Schema) checkOurs(ctx context.Context, pool *sql.DB) error {
	var version int
	var foreign, backup bool
	// In one statement: another process may be making the database.
	err := pool.QueryRowContext(ctx, `
		SELECT user_version, CASE user_version
			WHEN 0 THEN EXISTS (SELECT 1 FROM sqlite_schema)
			ELSE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)
		END, EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '`+backupTable+`')
		FROM pragma_user_version`, s.Table).Scan(&version, &foreign, &backup)
	if err != nil {
		return err
	}
	steps, err := s.steps()
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return fmt.Errorf("%w: it has version %d, this program knows %d; start the newer program, or restore a backup made before the upgrade",
			ErrNewer, version, len(steps))
	case foreign:
		return ErrForeign
	case backup:
		return ErrBackup
	}
	return nil
}

// rowQueryer is a database or a transaction.
type rowQueryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func databaseVersion(ctx context.Context, q rowQueryer) (version int, err error) {
	err = q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// step takes the database from version to version+1, unless another process
// has done so meanwhile.
func (db *DB) step(ctx context.Context, file string, version int) error {
	statements, err := fs.ReadFile(db.schema.Migrations, file)
	if err != nil {
		return err
	}
	tx, err := db.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	current, err := databaseVersion(ctx, tx)
	if err != nil || current > version {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
		return err
	}
	// PRAGMA takes no parameters.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return err
	}
	return tx.Commit()
}
