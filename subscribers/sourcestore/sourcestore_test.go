package sourcestore_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/sourcestore"
	"digestbot/subscribers/storetest"
)

func openStore(t *testing.T) *subscribers.Store {
	t.Helper()
	store, err := storetest.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
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

// An issue and the entries in it are kept together or not at all, and no entry is in two.
func TestGather(t *testing.T) {
	store := openStore(t)
	ctx, sources := t.Context(), store.Sources
	source, err := sources.Open(ctx, "https://example.org/feed.xml", "")
	if err != nil {
		t.Fatal(err)
	}
	found := time.Now()
	if err := sources.SaveEntries(ctx, source.ID, []sourcestore.Entry{
		{Identity: "1", Found: found, Waiting: true, Body: "{}"}, {Identity: "2", Found: found, Waiting: true, Body: "{}"}, {Identity: "3", Found: found},
	}); err != nil {
		t.Fatal(err)
	}
	waiting, err := sources.Waiting(ctx, source.ID, 10)
	if err != nil || len(waiting) != 2 {
		t.Fatalf("%d entries wait, %v, want 2", len(waiting), err)
	}
	gathering := func(key string) sourcestore.Gathering {
		return sourcestore.Gathering{
			Source: source.ID, Entries: waiting, Up: found, Issue: &digest.Issue{Key: key, Number: 1, Title: key}, From: archive.Origin{Name: key, Document: []byte(key)},
		}
	}
	broken := errors.New("broken")
	if _, err := sources.Gather(ctx, gathering("a"), func(*sql.Tx, archive.Issue, archive.Saved) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("Gather = %v, want %v", err, broken)
	}
	state := func() (issues, waiting int) {
		t.Helper()
		_, issues, err := store.Issues(ctx, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		if waiting, err = sources.CountWaiting(ctx, source.ID); err != nil {
			t.Fatal(err)
		}
		return issues, waiting
	}
	if issues, waiting := state(); issues != 0 || waiting != 2 {
		t.Errorf("after a transaction that was undone: %d issues, %d entries wait", issues, waiting)
	}
	row, err := sources.Gather(ctx, gathering("a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sources.Gather(ctx, gathering("b"), nil); !errors.Is(err, sourcestore.ErrGathered) {
		t.Errorf("the same entries again: %v, want %v", err, sourcestore.ErrGathered)
	}
	if _, err := sources.Gather(ctx, gathering("a"), nil); !errors.Is(err, archive.ErrKeyTaken) {
		t.Errorf("the same key again: %v, want %v", err, archive.ErrKeyTaken)
	}
	if issues, waiting := state(); issues != 1 || waiting != 0 {
		t.Errorf("%d issues, %d entries wait, want 1 and none", issues, waiting)
	}
	// An entry that changes after its issue was made does not wait again.
	waiting[0].Body, waiting[0].Hash = "{}", "x"
	if err := sources.SaveEntries(ctx, source.ID, waiting[:1]); err != nil {
		t.Fatal(err)
	}
	entries, err := sources.Entries(ctx, source.ID)
	if err != nil || entries[0].Waiting || entries[0].Body != "" || entries[0].Issue != row.ID || entries[0].Hash != "x" || entries[2].Issue != 0 {
		t.Errorf("entries are %+v, %v", entries, err)
	}
	after, err := sources.Source(ctx, source.ID)
	if err != nil || after.Issue != row.ID || after.Gathered.Unix() != found.Unix() {
		t.Errorf("source is %+v, %v", after, err)
	}
}

// A source with a name is the same at another address, without what its server has said. One
// without a name gets one.
func TestOpen(t *testing.T) {
	store := openStore(t)
	ctx, sources := t.Context(), store.Sources
	open := func(place, name string) sourcestore.Source {
		t.Helper()
		source, err := sources.Open(ctx, place, name)
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	first := open("https://example.org/1", "")
	first.Begun, first.Version, first.Address, first.Failures = time.Unix(5, 0), "v", "https://example.org/moved", 2
	if err := sources.NoteLook(ctx, first); err != nil {
		t.Fatal(err)
	}
	if again := open("https://example.org/1", "Blog"); again.ID != first.ID || again.Version != "v" {
		t.Errorf("with a name it is %+v", again)
	}
	other := open("https://example.org/2", "")
	moved := open("https://example.org/2", "Blog")
	if moved.ID != first.ID || moved.Begun.Unix() != 5 || moved.Version != "" || moved.Address != "" || moved.Failures != 0 {
		t.Errorf("at another address it is %+v", moved)
	}
	if back := open("https://example.org/1", ""); back.ID == first.ID || back.ID == other.ID {
		t.Errorf("the old address is %+v, want a new source", back)
	}
}
