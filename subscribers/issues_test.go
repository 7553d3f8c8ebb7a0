package subscribers_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

func TestSaveIssue(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	issue := issueNumber(7, "News", "Tools")
	save := func(issue *digest.Issue, document string) (archive.Issue, archive.Saved) {
		t.Helper()
		row, saved, err := store.SaveIssue(ctx, issue, "7.md", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		return row, saved
	}
	first, saved := save(issue, "one")
	if saved != archive.Added || first.Edition != 1 || first.Number != 7 || !first.Date.Equal(issue.Date) {
		t.Errorf("first time: %s %+v", saved, first)
	}
	if again, saved := save(issue, "one"); saved != archive.Unchanged || again != first {
		t.Errorf("same document: %s %+v, want unchanged %+v", saved, again, first)
	}
	corrected := issueNumber(7, "News", "Tools", "Errata")
	second, saved := save(corrected, "two")
	if saved != archive.Corrected || second.ID != first.ID || second.Edition != 2 {
		t.Errorf("other document: %s %+v, want a correction of %d", saved, second, first.ID)
	}
	old := must(store.Messages(ctx, first.ID, 1))(t)
	current := must(store.Messages(ctx, first.ID, 2))(t)
	if len(old) != 3 || len(current) != 4 {
		t.Errorf("editions have %d and %d messages, want 3 and 4", len(old), len(current))
	}
	if old[0].SectionID != 0 || old[1].SectionID == 0 || old[1].SectionID != current[1].SectionID {
		t.Errorf("sections are not carried over: %+v, %+v", old, current)
	}
}

func TestSaveIssueUnderATakenKey(t *testing.T) {
	store := open(t)
	saveIssue(t, store, issueNumber(22, "News"))
	other := issueNumber(22, "News")
	other.Title, other.Date = "Season two, episode 22", other.Date.AddDate(1, 0, 0)
	_, _, err := store.SaveIssue(t.Context(), other, "02-22.md", []byte("other"))
	if !errors.Is(err, archive.ErrKeyTaken) {
		t.Fatalf("SaveIssue of another issue 22: %v, want ErrKeyTaken", err)
	}
	if row := must(store.IssueByNumber(t.Context(), 22))(t); row.Title != "Weekly 22" {
		t.Errorf("the archive has %q now, want it unchanged", row.Title)
	}
}

func TestNewestIssue(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	if _, err := store.NewestIssue(ctx); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("NewestIssue of an empty archive: %v, want ErrNotFound", err)
	}
	for _, number := range []int{3, 1, 2} { // imported in any order
		saveIssue(t, store, issueNumber(number, "News"))
	}
	if newest := must(store.NewestIssue(ctx))(t); newest.Number != 3 {
		t.Errorf("newest is %d, want 3", newest.Number)
	}
	for _, number := range []int{302, 301} { // no dates: they count as of today
		issue := issueNumber(number, "News")
		issue.Date = time.Time{}
		saveIssue(t, store, issue)
	}
	if newest := must(store.NewestIssue(ctx))(t); newest.Number != 302 {
		t.Errorf("newest is %d, want 302", newest.Number)
	}
}

// A message is refused in one form after the other; people are told only of the first
// refusal of an edition.
func TestRefuseMessage(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	row := saveIssue(t, store, issueNumber(1, "News", "Tools"))
	for i, step := range []struct {
		position int
		how      archive.Simpler
		why      string
		want     [3][2]string // of each message why it is plain and why bare
	}{
		{1, archive.Simpler{Plain: true}, "markup", [3][2]string{1: {"markup"}}},
		{1, archive.Simpler{Plain: true, Bare: true}, "button", [3][2]string{1: {"markup", "button"}}},
		{2, archive.Simpler{Bare: true}, "preview", [3][2]string{1: {"markup", "button"}, 2: {"", "preview"}}},
	} {
		if news := must(store.RefuseMessage(ctx, row.ID, 1, step.position, step.how, step.why))(t); news != (i == 0) {
			t.Errorf("refusal %d is news: %v, want only the first", i, news)
		}
		for p, m := range must(store.Messages(ctx, row.ID, 1))(t) {
			if got := [2]string{m.Refused, m.Bare}; got != step.want[p] {
				t.Errorf("after refusal %d message %d is refused as %q, want %q", i, p, got, step.want[p])
			}
		}
	}
}

// When the compact message is refused, the other forms of the cover and other editions
// are not.
func TestRefuseCompact(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	row := saveIssue(t, store, issueNumber(1, "News"))
	correction := issueNumber(1, "News")
	correction.Title = "Corrected"
	corrected := saveIssue(t, store, correction)
	if news := must(store.RefuseCompact(ctx, row.ID, 1, "markup"))(t); !news {
		t.Error("the first refusal is no news")
	}
	if news := must(store.RefuseCompact(ctx, row.ID, 1, "markup"))(t); news {
		t.Error("the second refusal is news")
	}
	for position, m := range must(store.Messages(ctx, row.ID, 1))(t) {
		if (m.CompactRefused == "markup") != (position == 0) || m.Refused != "" || m.RichRefused != "" {
			t.Errorf("message %d is refused as %q, %q and %q, want the first as compact only", position, m.CompactRefused, m.Refused, m.RichRefused)
		}
	}
	if m := must(store.Messages(ctx, row.ID, corrected.Edition))(t)[0]; m.CompactRefused != "" {
		t.Errorf("the corrected edition is refused as %q, want it to be tried", m.CompactRefused)
	}
}
