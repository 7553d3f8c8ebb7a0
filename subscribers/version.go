package subscribers

import (
	"context"
	"fmt"
)

// Version returns a number that is another one after each commit, whoever made it.
// It means nothing to another Store, and is never 0.
func (s *Store) Version(ctx context.Context) (version int64, err error) {
	// Of a connection's own commits data_version says nothing, so this one makes
	// none (sqlite.org/pragma.html#pragma_data_version).
	if err := s.watch.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the database: %w", err)
	}
	return version, nil
}
