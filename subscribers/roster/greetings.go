package roster

import (
	"context"
	"database/sql"
	"fmt"

	"digestbot/subscribers"
	"digestbot/subscribers/database"
)

// Whom an import is to have greeted is on record until that was done. That the greeting is
// about to leave is recorded before, so that it is never sent twice: when the program ends
// before Telegram has answered, it may have arrived, and that is left at that.
//
// SQLite uses the index of greetings only if its condition, greeting > 0, is in the statement
// (sqlite.org/partialindex.html#queries_using_partial_indexes).

// GreetingsDue returns the ids of up to n subscribers that are to be greeted, from the one
// after the given id on.
func GreetingsDue(ctx context.Context, store *subscribers.Store, after int64, n int) ([]int64, error) {
	ids, err := database.Collect(ctx, store.Reads(), func(rows *sql.Rows) (id int64, err error) {
		return id, rows.Scan(&id)
	}, "SELECT id FROM subscribers WHERE greeting > 0 AND greeting = 1 AND id > ? ORDER BY id LIMIT ?", after, n)
	if err != nil {
		return nil, fmt.Errorf("read who is to be greeted: %w", err)
	}
	return ids, nil
}

// BeginGreeting records that a greeting is about to leave. ok is false if it is not to: the
// subscriber has left, or was greeted.
func BeginGreeting(ctx context.Context, store *subscribers.Store, subscriber int64) (ok bool, err error) {
	ok, err = database.Exec(ctx, store.ChangeUnsynced, "UPDATE subscribers SET greeting = 2 WHERE id = ? AND greeting = 1 AND state = 'on'", subscriber)
	if err != nil {
		return false, fmt.Errorf("begin to greet subscriber %d: %w", subscriber, err)
	}
	return ok, nil
}

// PutOffGreeting notes that a greeting was certainly not sent, and is due again.
func PutOffGreeting(ctx context.Context, store *subscribers.Store, subscriber int64) error {
	return setGreeting(ctx, store, "greeting = 1 WHERE id = ? AND greeting = 2", subscriber)
}

// EndGreeting notes that a subscriber is not to be greeted any more. arrived is true if a
// greeting has reached it, which confirms it.
func EndGreeting(ctx context.Context, store *subscribers.Store, subscriber int64, arrived bool) error {
	if arrived {
		return setGreeting(ctx, store, "greeting = 0, unconfirmed = 0 WHERE id = ?", subscriber)
	}
	return setGreeting(ctx, store, "greeting = 0 WHERE id = ?", subscriber)
}

// EndBegunGreetings ends the greetings that were cut off by the end of the program, and
// returns how many there were.
func EndBegunGreetings(ctx context.Context, store *subscribers.Store) (n int, err error) {
	err = store.ChangeUnsynced(ctx, func(tx *sql.Tx) error {
		n, err = database.RowsChanged(tx.ExecContext(ctx, "UPDATE subscribers SET greeting = 0 WHERE greeting > 0 AND greeting = 2"))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("end greetings that were cut off: %w", err)
	}
	return n, nil
}

func setGreeting(ctx context.Context, store *subscribers.Store, change string, subscriber int64) error {
	_, err := database.Exec(ctx, store.ChangeUnsynced, "UPDATE subscribers SET "+change, subscriber)
	if err != nil {
		return fmt.Errorf("note the greeting of subscriber %d: %w", subscriber, err)
	}
	return nil
}
