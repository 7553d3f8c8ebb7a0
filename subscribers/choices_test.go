package subscribers_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

func TestChoices(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub := subscribe(t, store, 1)[0]
	if sub.Choices != (subscribers.Choices{}) {
		t.Errorf("a new subscriber has chosen %+v, want nothing", sub.Choices)
	}
	before := store.PreferenceChanges()
	for _, err := range []error{
		store.SetLayout(ctx, sub.ID, digest.LayoutCompact),
		store.SetLanguage(ctx, sub.ID, "zh-Hans"),
		store.SetSilent(ctx, sub.ID, true),
		store.SetNoPreviews(ctx, sub.ID, true),
		store.SetEvery(ctx, sub.ID, 4),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if store.PreferenceChanges() == before {
		t.Error("choices do not count as changes of preferences")
	}
	want := subscribers.Choices{Layout: digest.LayoutCompact, ChosenLanguage: "zh-Hans", Silent: true, NoPreviews: true, Every: 4}
	if diff := cmp.Diff(want, must(store.Recipient(ctx, sub.ID))(t).Choices); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	// They outlast changes of the chat.
	must(store.EnsureChat(ctx, subscribers.Chat{ID: sub.Chat.ID, Kind: subscribers.Private, Language: "en"}))(t)
	must(store.Unsubscribe(ctx, sub.Chat.ID, 0))(t)
	back, _, err := store.Subscribe(ctx, sub.Chat)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, back.Choices); diff != "" {
		t.Errorf("choices after leaving and returning (-want +got):\n%s", diff)
	}
	if got := back.ChosenLanguage; got != "zh-Hans" {
		t.Errorf("the language is %q, want the chosen one", got)
	}
	if err := store.SetLanguage(ctx, sub.ID, ""); err != nil {
		t.Fatal(err)
	}
	if got := must(store.Subscriber(ctx, sub.Chat.ID, 0))(t); got.ChosenLanguage != "" || got.Language != "en" {
		t.Errorf("the languages are %q and %q, want only Telegram's", got.ChosenLanguage, got.Language)
	}
	if err := store.SetLayout(ctx, sub.ID, "odd"); err == nil {
		t.Error("an unknown layout was kept")
	}
	for what, err := range map[string]error{
		"SetLayout": store.SetLayout(ctx, 999, digest.LayoutRich), "SetLanguage": store.SetLanguage(ctx, 999, "en"), "SetSilent": store.SetSilent(ctx, 999, true),
	} {
		if !errors.Is(err, subscribers.ErrNotFound) {
			t.Errorf("%s of an unknown subscriber: %v, want ErrNotFound", what, err)
		}
	}
}

// A database from before there were choices has subscribers without any.
func TestChoicesOfAnOldDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	first, err := os.ReadFile("migrations/0001_initial.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := must(sql.Open("sqlite3", path))(t)
	if _, err := db.Exec(string(first) + `
		PRAGMA user_version = 1;
		INSERT INTO subscribers (chat_id, kind, language, state, created_at, updated_at) VALUES (42, 'private', 'de', 'on', 5, 6);`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	store := openAt(t, path)
	sub := must(store.Subscriber(t.Context(), 42, 0))(t)
	if sub.State != subscribers.On || sub.Language != "de" || sub.ChosenLanguage != "" || sub.Choices != (subscribers.Choices{}) {
		t.Errorf("the old subscriber became %+v", sub)
	}
	if schema, fresh := schemaOf(t, path), schemaOf(t, freshDatabase(t)); schema != fresh {
		t.Errorf("the schema (-fresh +migrated):\n%s", cmp.Diff(fresh, schema))
	}
}

func freshDatabase(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "fresh.db")
	openAt(t, path)
	return path
}

func schemaOf(t *testing.T, path string) (schema string) {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	err := db.QueryRow("SELECT group_concat(sql, ';' ORDER BY name) FROM sqlite_schema").Scan(&schema)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// What a chat was told only grows, and nothing is read again for it.
func TestLayoutAdvice(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 5, Kind: subscribers.Private})
	check(t, err)
	changes := store.PreferenceChanges()
	for _, step := range []struct{ note, want subscribers.LayoutAdvice }{
		{subscribers.LayoutAsked, subscribers.LayoutAsked},
		{subscribers.LayoutHinted, subscribers.LayoutHinted},
		{subscribers.LayoutAsked, subscribers.LayoutHinted},
	} {
		check(t, store.NoteLayoutAdvice(ctx, sub.ID, step.note))
		if got := must(store.Subscriber(ctx, 5, 0))(t).LayoutAdvice; got != step.want {
			t.Errorf("after %d the advice is %d, want %d", step.note, got, step.want)
		}
	}
	check(t, store.NoteLayoutAdvice(ctx, 999, subscribers.LayoutAsked)) // it was forgotten in between
	if store.PreferenceChanges() != changes {
		t.Error("couriers would read all subscribers again")
	}
}

// Whose turn it was when a broadcast was cancelled, gets the issue with the next broadcast
// of it; who was passed over is passed over again, and is due with the next issue.
func TestEveryAfterACancelledBroadcast(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	for n, s := range subs {
		check(t, store.SetEvery(ctx, s.ID, 2+2*n))
	}
	states := func(number int) (got []subscribers.DeliveryState) {
		t.Helper()
		row := saveIssue(t, store, digesttest.Issue(number, "News"))
		for range 2 {
			b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(1)))(t)
			got = nil
			for _, s := range subs {
				got = append(got, must(store.Delivery(ctx, row.ID, s.ID))(t).State)
			}
			must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(1)))(t)
			books := must(store.FinishBroadcast(ctx, b.ID))(t)
			if err := books.Check(); err != nil {
				t.Error(err)
			}
			if !slices.Contains(got, subscribers.Pending) {
				break // nobody is left for a second broadcast
			}
		}
		return got
	}
	const due, not = subscribers.Pending, subscribers.Skipped
	for n, want := range [][]subscribers.DeliveryState{{due, due}, {not, not}, {due, not}, {not, not}, {due, due}} {
		if got := states(n + 1); !slices.Equal(got, want) {
			t.Errorf("issue %d: deliveries are %q, want %q", n+1, got, want)
		}
	}
}
