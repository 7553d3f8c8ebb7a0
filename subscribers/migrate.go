package subscribers

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/mattn/go-sqlite3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database to the newest version, which is the number of files
// in migrations. Each step and its PRAGMA user_version share one transaction, so
// that a database always has exactly one of the versions.
func migrate(ctx context.Context, db *sql.DB) error {
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	version, err := databaseVersion(ctx, db)
	if err != nil {
		return err
	}
	isNew := version == 0
	for ; version < len(steps); version++ {
		if err := step(ctx, db, steps[version], version); err != nil {
			return fmt.Errorf("migrate with %s: %w", steps[version], err)
		}
	}
	if !isNew {
		return nil
	}
	// The creation of the database counts as a run of the schedule: what was due
	// before is not made up for, what is missed from now on is.
	_, err = db.ExecContext(ctx, "INSERT OR IGNORE INTO schedule_runs (scheduled_at, fired_at) VALUES (?1, ?1)", now())
	return err
}

// checkFile looks at the database before it is opened for writing, because that
// alone would change the file.
func checkFile(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return err
	}
	err := checkWith(ctx, path, "mode=ro")
	if e, ok := errors.AsType[sqlite3.Error](err); ok && e.ExtendedCode == sqlite3.ErrReadonlyRollback {
		// A change was cut off, and is undone when the file is opened for writing.
		// What is looked at here is there all the same.
		err = checkWith(ctx, path, "mode=ro&immutable=1")
	}
	return err
}

func checkWith(ctx context.Context, path, pragmas string) error {
	db, err := connect(path, 1, pragmas)
	if err != nil {
		return err
	}
	return errors.Join(checkOurs(ctx, db), db.Close())
}

// checkOurs fails with ErrNewerDatabase or ErrForeignDatabase if this program must
// not write into the database.
func checkOurs(ctx context.Context, q queryer) error {
	var version int
	var foreign bool
	// In one statement: another process may be making the database.
	err := q.QueryRowContext(ctx, `
		SELECT user_version, CASE user_version
			WHEN 0 THEN EXISTS (SELECT 1 FROM sqlite_schema)
			ELSE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'subscribers')
		END
		FROM pragma_user_version`).Scan(&version, &foreign)
	if err != nil {
		return err
	}
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return fmt.Errorf("%w: it has version %d, this program knows %d; start the newer program, or restore a backup made before the upgrade",
			ErrNewerDatabase, version, len(steps))
	case foreign:
		return ErrForeignDatabase
	}
	return nil
}

func databaseVersion(ctx context.Context, q queryer) (version int, err error) {
	err = q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// step takes the database from version to version+1, unless another process
// has done so meanwhile.
func step(ctx context.Context, db *sql.DB, file string, version int) error {
	statements, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
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
