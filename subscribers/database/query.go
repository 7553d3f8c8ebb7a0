package database

import (
	"context"
	"database/sql"
	"errors"
)

// Queryer is what one can read from: a database or a transaction.
type Queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Collect reads all rows of a query with scan.
func Collect[T any](ctx context.Context, q Queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
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

// NotFound turns database/sql's error for an empty result into ErrNotFound. It returns
// any other error as it is.
func NotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// Affected reports whether a statement changed a row.
func Affected(result sql.Result, err error) bool {
	n, err := RowsChanged(result, err)
	return err == nil && n > 0
}

// RowsChanged returns how many rows a statement changed.
func RowsChanged(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// Exec runs a single statement in a transaction of write, which is such as [DB.Write],
// and reports whether it changed a row.
func Exec(ctx context.Context, write func(context.Context, func(*sql.Tx) error) error, statement string, args ...any) (changed bool, err error) {
	err = write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		changed = Affected(result, err)
		return err
	})
	return changed && err == nil, err
}
