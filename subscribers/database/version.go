package database

import (
	"context"
	"fmt"
)

// Version returns a number that changes with each commit, also of other processes. It
// means nothing to another DB, and is never 0.
func (db *DB) Version(ctx context.Context) (version int64, err error) {
	// A connection's own commits do not change its data_version, so this connection
	// makes none (sqlite.org/pragma.html#pragma_data_version).
	if err := db.watch.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the database: %w", err)
	}
	return version, nil
}
