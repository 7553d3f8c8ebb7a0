// Package sourcestore remembers the sources of issues over restarts: how they answered,
// which files and entries were dealt with, and the entries that wait to be gathered into an
// issue. It knows neither folders nor the web, nor what an entry says.
//
// [Store.Open] finds the row of a source or makes one. A look at the source ends with
// [Store.NoteLook]. [Store.SaveEntries] keeps entries, and [Store.Gather] puts those that
// wait into the archive as one issue, each of them once.
package sourcestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// ErrGathered says that an entry is in an issue already.
var ErrGathered = errors.New("an entry is in another issue already")

// Store is what is remembered of sources. Its methods may be called at the same time.
type Store struct {
	db      *database.DB
	reads   *sql.DB // of db
	archive *archive.Archive
}

// New returns what a database remembers of sources.
func New(db *database.DB, archive *archive.Archive) *Store {
	return &Store{db: db, reads: db.Reads(), archive: archive}
}

// Source is what is remembered of a source.
type Source struct {
	ID           int64
	Place        string // folder or address, as the operator writes it
	Title        string // of the feed or page; empty: unknown
	Kind         string // as found last; empty: unknown
	Address      string // where it has moved for good; empty: it has not
	Version      string // by which its server tells whether it has changed
	Begun        time.Time
	Looked       time.Time
	Succeeded    time.Time
	Failures     int // looks in a row that failed
	FailingSince time.Time
	Retry        time.Time // the next look, unless somebody wants one
	WaitUntil    time.Time // the server wants no look before
	Fault        string    // what was wrong at the last look
	Told         bool      // admins know that it does not answer
	Gathered     time.Time // up to when its entries were gathered
	Issue        int64     // the last issue that came from it; 0: none
}

const columns = `id, place, title, kind, address, version, begun_at, looked_at, succeeded_at, failures, failing_since,
	retry_at, wait_until, fault, told, gathered_at, coalesce(issue_id, 0)`

func scan(row interface{ Scan(...any) error }) (s Source, err error) {
	var begun, looked, succeeded, since, retry, wait, gathered int64
	err = row.Scan(&s.ID, &s.Place, &s.Title, &s.Kind, &s.Address, &s.Version, &begun, &looked, &succeeded, &s.Failures, &since,
		&retry, &wait, &s.Fault, &s.Told, &gathered, &s.Issue)
	for unix, at := range map[*int64]*time.Time{
		&begun: &s.Begun, &looked: &s.Looked, &succeeded: &s.Succeeded, &since: &s.FailingSince, &retry: &s.Retry, &wait: &s.WaitUntil, &gathered: &s.Gathered,
	} {
		*at = fromUnix(*unix)
	}
	return s, database.NotFound(err)
}

// Open returns what is remembered of a source, by its name if the operator gave it one and
// else by its place. Nothing: it begins to be remembered. A source with a name may get
// another place and is the same, except for what its server has said.
func (s *Store) Open(ctx context.Context, place, name string) (source Source, err error) {
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		source, err = open(ctx, tx, place, name)
		return err
	})
	if err != nil {
		return Source{}, fmt.Errorf("remember source %s: %w", place, err)
	}
	return source, nil
}

func open(ctx context.Context, tx *sql.Tx, place, name string) (Source, error) {
	row := func() (Source, error) {
		return scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM sources WHERE place = ?1 OR name = ?2 AND name <> '' ORDER BY name = ?2 DESC LIMIT 1", place, name))
	}
	source, err := row()
	if errors.Is(err, database.ErrNotFound) {
		_, err := tx.ExecContext(ctx, "INSERT INTO sources (place, name) VALUES (?, ?)", place, name)
		if err != nil {
			return Source{}, err
		}
		return row()
	}
	if err != nil {
		return Source{}, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE sources SET name = ? WHERE id = ?", name, source.ID); err != nil || source.Place == place {
		return source, err
	}
	// The other row with that place, if there is one, gives it up.
	if _, err := tx.ExecContext(ctx, "UPDATE sources SET place = place || ' (' || id || ')' WHERE place = ?", place); err != nil {
		return Source{}, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE sources
		SET place = ?, kind = '', address = '', version = '', failures = 0, failing_since = 0, retry_at = 0, wait_until = 0
		WHERE id = ?`, place, source.ID)
	if err != nil {
		return Source{}, err
	}
	return row()
}

// Source returns what is remembered of a source.
func (s *Store) Source(ctx context.Context, id int64) (Source, error) {
	source, err := scan(s.reads.QueryRowContext(ctx, "SELECT "+columns+" FROM sources WHERE id = ?", id))
	if err != nil {
		return Source{}, fmt.Errorf("read source %d: %w", id, err)
	}
	return source, nil
}

// NoteLook keeps what a look has found out about a source, all but what SaveEntries and
// Gather keep. A loss of power may undo it; then the next look finds it out again.
func (s *Store) NoteLook(ctx context.Context, source Source) error {
	_, err := database.Exec(ctx, s.db.WriteUnsynced, `
		UPDATE sources
		SET title = ?, kind = ?, address = ?, version = ?, begun_at = ?, looked_at = ?, succeeded_at = ?, failures = ?, failing_since = ?,
			retry_at = ?, wait_until = ?, fault = ?, told = ?, issue_id = nullif(?, 0)
		WHERE id = ?`,
		source.Title, source.Kind, source.Address, source.Version, unix(source.Begun), unix(source.Looked), unix(source.Succeeded), source.Failures, unix(source.FailingSince),
		unix(source.Retry), unix(source.WaitUntil), source.Fault, source.Told, source.Issue, source.ID)
	if err != nil {
		return fmt.Errorf("remember source %s: %w", source.Place, err)
	}
	return nil
}

func fromUnix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

func unix(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}
