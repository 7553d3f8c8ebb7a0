package subscribers_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

var ada = subscribers.InPrivate(7)

func readyDraft(t *testing.T, store *subscribers.Store, message int) subscribers.Draft {
	t.Helper()
	return must(store.AddDraft(t.Context(), subscribers.Draft{User: 7, Message: message, Name: "x.md", State: subscribers.DraftReady, Document: []byte("# x")}))(t)
}

// A draft is decided about once, whoever does it and however often.
func TestDraftIsDecidedOnce(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	from := archive.Origin{Name: "x.md", Document: []byte("# x")}
	saved := readyDraft(t, store, 1)
	if again := readyDraft(t, store, 1); again.ID != saved.ID {
		t.Errorf("the same message makes drafts %d and %d", saved.ID, again.ID)
	}
	row, outcome, err := store.SaveDraft(ctx, saved.ID, digesttest.Issue(12, "News"), from, ada)
	if err != nil || outcome != archive.Added {
		t.Fatalf("SaveDraft = %s, %v", outcome, err)
	}
	if d := must(store.Draft(ctx, saved.ID))(t); d.State != subscribers.DraftSaved || d.Issue != row.ID || len(d.Document) != 0 {
		t.Errorf("the draft is %+v", d)
	}
	if _, _, err := store.SaveDraft(ctx, saved.ID, digesttest.Issue(13, "News"), from, ada); !errors.Is(err, subscribers.ErrDecided) {
		t.Errorf("SaveDraft again = %v", err)
	}
	if _, err := store.IssueByNumber(ctx, 13); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("a decided draft was saved: %v", err)
	}
	if _, err := store.DiscardDraft(ctx, saved.ID, ada); !errors.Is(err, subscribers.ErrDecided) {
		t.Errorf("DiscardDraft of a saved one = %v", err)
	}
	discarded := readyDraft(t, store, 2)
	if d, err := store.DiscardDraft(ctx, discarded.ID, ada); err != nil || d.State != subscribers.DraftDiscarded || len(d.Document) != 0 {
		t.Errorf("DiscardDraft = %+v, %v", d, err)
	}
	if _, _, err := store.SaveDraft(ctx, discarded.ID, digesttest.Issue(13, "News"), from, ada); !errors.Is(err, subscribers.ErrDecided) {
		t.Errorf("SaveDraft of a discarded one = %v", err)
	}
}

// A draft takes the place of an issue only if it is meant to, and then also of one that is
// held, or has another title and date.
func TestDraftReplacesOnPurpose(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	held := saveFound(t, store, 12, subscribers.Holding{New: true})
	draft := readyDraft(t, store, 1)
	other := dated(12, "2026-05-05")
	other.Title = "Another title"
	from := archive.Origin{Name: "x.md", Document: []byte("# x")}
	if _, _, err := store.SaveDraft(ctx, draft.ID, other, from, ada); !errors.Is(err, archive.ErrKeyTaken) {
		t.Errorf("SaveDraft over another issue = %v", err)
	}
	same := digesttest.Issue(12, "Tools")
	if _, _, err := store.SaveDraft(ctx, draft.ID, same, from, ada); !errors.Is(err, subscribers.ErrExists) {
		t.Errorf("SaveDraft over that issue = %v", err)
	}
	from.Replaces = true
	row, outcome, err := store.SaveDraft(ctx, draft.ID, other, from, ada)
	if err != nil || outcome != archive.Corrected || row.ID != held.ID || row.Title != other.Title {
		t.Errorf("SaveDraft that replaces = %+v, %s, %v", row, outcome, err)
	}
	if must(store.Issue(ctx, held.ID))(t).Held {
		t.Error("an issue that an admin has replaced still waits for approval")
	}
}

// The parts of a draft come in the order of their messages, and an edited one in its place.
func TestDraftParts(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	draft := must(store.AddDraft(ctx, subscribers.Draft{User: 7, Message: 1, State: subscribers.DraftOpen}))(t)
	for _, p := range []subscribers.Part{
		{Message: 3, Content: []byte("b")}, {Message: 2, Content: []byte("a")}, {Message: 4, Name: "x.md", Content: []byte("c")}, {Message: 3, Content: []byte("B")},
	} {
		if err := store.PutPart(ctx, draft.ID, p); err != nil {
			t.Fatal(err)
		}
	}
	if open := must(store.OpenDraftOf(ctx, 7))(t); open.ID != draft.ID {
		t.Errorf("the open draft is %d, want %d", open.ID, draft.ID)
	}
	want := []subscribers.Part{{Message: 2, Content: []byte("a")}, {Message: 3, Content: []byte("B")}, {Message: 4, Name: "x.md", Content: []byte("c")}}
	if diff := cmp.Diff(want, must(store.Parts(ctx, draft.ID))(t)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if d := must(store.CompleteDraft(ctx, draft.ID, "draft.html", []byte("aBc")))(t); d.State != subscribers.DraftReady || string(d.Document) != "aBc" {
		t.Errorf("CompleteDraft = %+v", d)
	}
	if err := store.PutPart(ctx, draft.ID, subscribers.Part{Message: 5}); !errors.Is(err, subscribers.ErrDecided) {
		t.Errorf("PutPart after the end = %v", err)
	}
	if _, err := store.CompleteDraft(ctx, draft.ID, "draft.html", nil); !errors.Is(err, subscribers.ErrDecided) {
		t.Errorf("CompleteDraft again = %v", err)
	}
	if _, err := store.OpenDraftOf(ctx, 7); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("OpenDraftOf = %v, want none", err)
	}
}
