package subscribers_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

// open returns a store on a file of its own.
func open(t testing.TB) *subscribers.Store {
	t.Helper()
	return openWith(t, storetest.Open, filepath.Join(t.TempDir(), "digestbot.db"))
}

// openAt migrates what is there, even if it is nothing.
func openAt(t testing.TB, path string) *subscribers.Store {
	t.Helper()
	return openWith(t, subscribers.Open, path)
}

func openWith(t testing.TB, open func(context.Context, string) (*subscribers.Store, error), path string) *subscribers.Store {
	t.Helper()
	store, err := open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// must returns v unless there is an error.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func saveIssue(t testing.TB, store *subscribers.Store, issue *digest.Issue) archive.Issue {
	t.Helper()
	row, _, err := store.SaveIssue(t.Context(), issue, issue.Key+".md", []byte(issue.Title))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// subscribe adds n private chats with ids from 1 on.
func subscribe(t testing.TB, store *subscribers.Store, n int) []subscribers.Subscriber {
	t.Helper()
	subs := make([]subscribers.Subscriber, n)
	for i := range subs {
		sub, _, err := store.Subscribe(t.Context(), subscribers.Chat{ID: int64(i + 1), Kind: subscribers.Private})
		if err != nil {
			t.Fatal(err)
		}
		subs[i] = sub
	}
	return subs
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	db := must(sql.Open("sqlite3", newer))(t)
	if _, err := db.Exec("PRAGMA user_version = 1000"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	foreign := map[int]string{0: filepath.Join(dir, "foreign0.db"), 3: filepath.Join(dir, "foreign3.db"), 6: filepath.Join(dir, "foreign6.db")}
	for version, path := range foreign {
		db := must(sql.Open("sqlite3", path))(t)
		if _, err := db.Exec(fmt.Sprintf("CREATE TABLE bookmarks (address TEXT); PRAGMA user_version = %d", version)); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	before := must(os.ReadFile(foreign[0]))(t)
	for _, test := range []struct{ name, path, want string }{
		{"another program's, without a version", foreign[0], "database of another program; give another file"},
		{"another program's, of an old version", foreign[3], "database of another program; give another file"},
		{"another program's, of this version", foreign[6], "database of another program; give another file"},
		{"folder", dir, "it is a folder"},
		{"missing folder", filepath.Join(dir, "nowhere", "x.db"), "the folder is missing"},
		{"not a folder", filepath.Join(garbage, "x.db"), "x.db"},
		{"not a database", garbage, "file is not a database; give another file"},
		{"newer version", newer, "start the newer program"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store, err := subscribers.Open(t.Context(), test.path)
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), store.Close()))
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %q, want it to contain %q", err, test.want)
			}
		})
	}
	if after := must(os.ReadFile(foreign[0]))(t); !bytes.Equal(after, before) {
		t.Error("another program's database was changed")
	}
	if _, err := subscribers.Open(t.Context(), newer); !errors.Is(err, subscribers.ErrNewerDatabase) {
		t.Errorf("Open(newer) = %v, want ErrNewerDatabase", err)
	}
}

func TestOpenKeepsWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "name with spaces & signs?#%.db")
	first := must(subscribers.Open(t.Context(), path))(t)
	subscribe(t, first, 3)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the database is not where it was asked for: %v", err)
	}
	counts := must(openAt(t, path).CountSubscribers(t.Context()))(t)
	if counts[subscribers.On] != 3 {
		t.Errorf("after reopening %d subscribers are on, want 3", counts[subscribers.On])
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	one, two := openAt(t, path), openAt(t, path)
	unlock, err := one.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Lock(t.Context()); !errors.Is(err, subscribers.ErrLocked) {
		t.Errorf("second Lock: %v, want ErrLocked", err)
	}
	if _, _, err := two.Subscribe(t.Context(), subscribers.Chat{ID: 1, Kind: subscribers.Private}); err != nil {
		t.Errorf("the lock keeps others from writing: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := two.Lock(t.Context())
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

func TestWaitsOnlyMoveLater(t *testing.T) {
	store := open(t)
	start := time.Now()
	for _, wait := range []time.Duration{time.Minute, time.Hour, time.Second} {
		if err := store.SaveWait(t.Context(), 7, start.Add(wait)); err != nil {
			t.Fatal(err)
		}
	}
	waits := must(store.Waits(t.Context(), start))(t)
	if got := waits[7]; got.Before(start.Add(time.Hour)) || got.After(start.Add(time.Hour+time.Second)) {
		t.Errorf("wait ends at %v, want an hour after %v", got, start)
	}
	if waits := must(store.Waits(t.Context(), start.Add(2*time.Hour)))(t); len(waits) != 0 {
		t.Errorf("waits that have passed are returned: %v", waits)
	}
}

// Deadlines are kept to the millisecond, rounded up, until they have passed.
func TestRecentMessages(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	start := time.Now().Truncate(time.Millisecond)
	at := func(chat int64, ago time.Duration) subscribers.RecentMessage {
		return subscribers.RecentMessage{Chat: chat, AnsweredAt: start.Add(-ago)}
	}
	sent := []subscribers.RecentMessage{at(1, time.Hour), at(-2, time.Minute), at(1, 2*time.Second), at(1, 2*time.Second), at(3, -time.Hour)}
	if err := store.SaveRecentMessages(ctx, sent, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if got := must(store.RecentMessages(ctx, start.Add(-time.Minute-1), start))(t); !slices.Equal(got, sent[1:4]) {
		t.Errorf("recent are %v, want %v", got, sent[1:4])
	}
	if err := store.SaveRecentMessages(ctx, nil, start.Add(-time.Minute+time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got := must(store.RecentMessages(ctx, time.Unix(0, 0), start))(t); !slices.Equal(got, sent[2:4]) {
		t.Errorf("after a minute %v are left, want %v", got, sent[2:4])
	}
}

func TestWaitsAreRoundedUp(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	until := time.Now().Add(time.Hour).Truncate(time.Millisecond).Add(999 * time.Microsecond)
	for chat := range int64(2) {
		if err := store.SaveWait(ctx, chat, until); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.SaveWait(ctx, 2, time.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	waits := must(store.Waits(ctx, time.Now()))(t)
	if len(waits) != 2 {
		t.Errorf("waits are %v, want those of the bot and of a chat", waits)
	}
	for chat, at := range waits {
		if at.Before(until) || at.After(until.Add(time.Millisecond)) {
			t.Errorf("the wait of chat %d ends at %v, want %v or within a millisecond", chat, at, until)
		}
	}
	// Deadlines that have passed are deleted.
	if err := store.SaveWait(ctx, 3, until); err != nil {
		t.Fatal(err)
	}
	if waits := must(store.Waits(ctx, time.Unix(0, 0)))(t); len(waits) != 3 {
		t.Errorf("kept are %v, want the three that have not passed", waits)
	}
}

func TestUpdatesAreKeptUntilHandled(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	batch := []subscribers.Update{{ID: 10, Body: []byte(`{"update_id":10}`)}, {ID: 11, Body: []byte(`{"update_id":11}`)}}
	for range 2 { // Telegram may send them again
		if err := store.KeepUpdates(ctx, batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.MarkHandled(ctx, 10); err != nil {
		t.Fatal(err)
	}
	if err := store.KeepUpdates(ctx, batch); err != nil {
		t.Fatal(err)
	}
	left := must(store.UnhandledUpdates(ctx))(t)
	if len(left) != 1 || left[0].ID != 11 || string(left[0].Body) != `{"update_id":11}` {
		t.Errorf("unhandled updates are %v, want only 11 with its body", left)
	}
	for id, want := range map[int64]bool{10: false, 11: true, 12: false} {
		if got := must(store.IsUnhandled(ctx, id))(t); got != want {
			t.Errorf("UpdateUnhandled(%d) = %v, want %v", id, got, want)
		}
	}
}

// crowds are numbers of subscribers, the largest last.
func crowds() []int {
	if testing.Short() {
		return []int{1_000, 10_000, 20_000}
	}
	return []int{10_000, 100_000, 1_000_000}
}

// BenchmarkFreeze measures how long the audience of a broadcast takes to freeze.
func BenchmarkFreeze(b *testing.B) {
	for _, n := range crowds() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "digestbot.db")
			store := openAt(b, path)
			fill(b, path, n)
			benchmarkFreeze(b, store)
		})
	}
	// One in ten with a time of its own, 500 different ones.
	b.Run(fmt.Sprint(crowds()[2], " timed"), func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "digestbot.db")
		store := openAt(b, path)
		fill(b, path, crowds()[2])
		exec(b, path, `
			UPDATE subscribers
			SET delivery_weekday = id / 10 % 500 % 7, delivery_minute = id / 10 % 500,
				delivery_zone = CASE id / 10 % 5 % 3 WHEN 0 THEN 'UTC' WHEN 1 THEN 'Asia/Shanghai' ELSE 'Europe/Berlin' END
			WHERE id % 10 = 0`)
		benchmarkFreeze(b, store)
	})
}

func benchmarkFreeze(b *testing.B, store *subscribers.Store) {
	number := 0
	for b.Loop() {
		b.StopTimer()
		number++
		row := saveIssue(b, store, digesttest.Issue(number, "News", "Tools", "Essays", "Jobs", "Quotes"))
		b.StartTimer()
		if _, err := store.StartBroadcast(context.Background(), row.ID, subscribers.InPrivate(1)); err != nil {
			b.Fatal(err)
		}
	}
}

// fill adds n subscribers quickly.
func fill(t testing.TB, path string, n int) {
	t.Helper()
	db := must(sql.Open("sqlite3", path+"?_busy_timeout=10000"))(t)
	defer db.Close()
	if _, err := db.Exec(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
		INSERT INTO subscribers (chat_id, kind, state, created_at, updated_at)
		SELECT id, 'private', 'on', 0, 0 FROM ids`, n); err != nil {
		t.Fatal(err)
	}
}
