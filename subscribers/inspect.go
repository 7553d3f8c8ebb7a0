package subscribers

import (
	"context"
	"database/sql"

	"digestbot/subscribers/database"
)

// Inspection is what can be seen of the database without changing it.
type Inspection struct {
	database.Inspection
	Readers int    // subscribers that are on
	Issues  int    // in the archive
	Bot     string // its username, as far as known
}

// ProgressFile returns how large the progress file is, in bytes. While no bot runs, something in
// it is what the next start takes up.
func (i Inspection) ProgressFile() int64 {
	for _, file := range i.Files {
		if file.Path == i.Path+progressSuffix {
			return file.Size
		}
	}
	return 0
}

// Inspect looks at the database at path, also while a bot serves it, and writes nothing. The
// process must not serve the database itself.
func Inspect(ctx context.Context, path string) (Inspection, error) {
	var i Inspection
	found, err := database.Inspect(ctx, path, schema, func(ctx context.Context, db *sql.DB) error {
		return db.QueryRowContext(ctx, `
			SELECT
				(SELECT count(*) FROM subscribers WHERE state = ?),
				(SELECT count(*) FROM issues),
				(SELECT coalesce(max(username), '') FROM publication)`, On).Scan(&i.Readers, &i.Issues, &i.Bot)
	})
	i.Inspection = found
	return i, err
}

// IsServed reports whether another process serves the database at path.
func IsServed(path string) (bool, error) { return database.IsServed(path) }
