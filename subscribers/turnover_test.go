package subscribers_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers"
)

// turnover returns what a database says of who joined and left, without times.
func turnover(t *testing.T, path string) map[string]int {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	rows := must(db.Query("SELECT change, reason, sum(subscribers), min(at % 900) FROM turnover GROUP BY 1, 2"))(t)
	defer rows.Close()
	all := make(map[string]int)
	for rows.Next() {
		var change, reason string
		var n, odd int
		if err := rows.Scan(&change, &reason, &n, &odd); err != nil {
			t.Fatal(err)
		}
		if odd != 0 {
			t.Errorf("%s %s is %d seconds after the begin of a quarter", change, reason, odd)
		}
		all[change+" "+reason] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever switches a subscriber on or off is in the turnover, and nothing else is.
func TestTurnoverCountsJoinsAndLeaves(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := must(subscribers.Open(ctx, path))(t)
	defer store.Close()
	for i := range int64(6) {
		chat := subscribers.Chat{ID: -100 - i, Kind: subscribers.Group, Title: "A group"}
		must(store.EnsureChat(ctx, chat))(t) // has only written
		if i == 5 {
			continue
		}
		for range 2 { // the second time changes nothing
			if _, _, err := store.Subscribe(ctx, chat); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -100, Thread: 7, Kind: subscribers.Supergroup}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		store.Forget(ctx, -100), // and its topic
		store.Forget(ctx, -105), // was never on
		second(store.Unsubscribe(ctx, -101, 0)),
		second(store.Unsubscribe(ctx, -101, 0)),
		store.MarkGone(ctx, -102, subscribers.ReasonKicked),
		store.Forget(ctx, -102), // has left before
		store.MarkGone(ctx, -103, subscribers.ReasonBlocked),
		second(store.MarkReturned(ctx, -103)),
		store.MoveChat(ctx, -104, -9104),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	exec(t, path, `
		INSERT INTO subscribers (id, chat_id, kind, state, unconfirmed, created_at, updated_at)
		VALUES (101, 1001, 'private', 'on', 1, 0, 900), (102, 1002, 'private', 'on', 1, 0, 900), (103, 1003, 'private', 'off', 0, 0, 900)`) // as an import does
	must(store.MarkReturned(ctx, 1001))(t)                                                                    // changes nothing
	if _, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 1003, Kind: subscribers.Private}); err != nil { // joins themselves
		t.Fatal(err)
	}
	want := map[string]int{
		"join ": 7, "join imported": 2, "join returned": 1, "leave forgotten": 2, "leave unsubscribed": 1, "leave kicked": 1, "leave blocked": 1,
	}
	if diff := cmp.Diff(want, turnover(t, path)); diff != "" {
		t.Errorf("turnover (-want +got):\n%s", diff)
	}
}

func second[T any](_ T, err error) error { return err }

// A database of an older version says who is there, and who was: who is off without having
// been in a broadcast may never have been on.
func TestTurnoverBeforeItWasCounted(t *testing.T) {
	path := database(t, 38)
	exec(t, path, `
		INSERT INTO subscribers (id, chat_id, kind, state, reason, created_at, updated_at)
		VALUES (3, 33, 'private', 'gone', 'blocked', 1600000000, 1700000000), (4, 44, 'private', 'off', '', 1600000000, 1700000000),
			(5, 55, 'private', 'off', '', 1600000000, 1700000000);
		INSERT INTO deliveries (issue_id, subscriber_id, broadcast_id, edition, state) VALUES (1, 4, 1, 1, 'done'), (1, 5, NULL, 1, 'done')`)
	before := time.Now()
	must(subscribers.Open(t.Context(), path))(t).Close()
	want := map[string]int{"join ": 3, "leave blocked": 1, "leave unsubscribed": 1}
	if diff := cmp.Diff(want, turnover(t, path)); diff != "" {
		t.Errorf("turnover (-want +got):\n%s", diff)
	}
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	var since int64
	if err := db.QueryRow("SELECT at FROM turnover_start").Scan(&since); err != nil || since < before.Unix() {
		t.Errorf("it is counted since %s, %v, want from %s on", fmt.Sprint(since), err, before)
	}
}
