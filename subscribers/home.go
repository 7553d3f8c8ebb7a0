package subscribers

import (
	"context"
	"fmt"

	"digestbot/subscribers/database"
)

// A program that has had its token to itself is at home where its database is. It is so after
// a restart as well, but a copy of the database elsewhere has no home there: of two programs
// with one token it is the one that came later.

// IsAtHome reports whether MoveIn was called for the database where it is.
func (s *Store) IsAtHome(ctx context.Context) (home bool, err error) {
	place, err := s.db.Place()
	if err == nil {
		err = s.reads.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM home WHERE place = ?)", place).Scan(&home)
	}
	if err != nil {
		return false, fmt.Errorf("look whether the database was moved: %w", err)
	}
	return home, nil
}

// MoveIn notes that the program is at home where the database is.
func (s *Store) MoveIn(ctx context.Context) error {
	place, err := s.db.Place()
	if err == nil {
		_, err = database.Exec(ctx, s.write, "INSERT OR REPLACE INTO home (only, place) VALUES (1, ?)", place)
	}
	if err != nil {
		return fmt.Errorf("note where the database is: %w", err)
	}
	return nil
}
