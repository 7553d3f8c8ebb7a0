package archive_test

import (
	"testing"

	"digestbot/subscribers/archive"
)

// TestRekey: an issue whose document is read in another way by a newer program stays
// one issue.
func TestRekey(t *testing.T) {
	a := open(t)
	issue := dated(130, "2026-11-20")
	issue.Key, issue.Number = "weekly-130", 0
	row, _, err := a.SaveIssue(t.Context(), issue, "weekly-130.md", []byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	other := dated(131, "2026-11-27")
	issue = dated(130, "2026-11-20")

	for _, tt := range []struct {
		name, document, text string
		siblings             []string
	}{
		{"another document", "other.md", "text", []string{"130"}},
		{"another text with another title", "weekly-130.md", "more text", []string{"130"}},
		{"an issue of the feed that is there", "weekly-130.md", "text", []string{"130", "weekly-130"}},
	} {
		changed := *issue
		changed.Title = "Another"
		if err := a.Rekey(t.Context(), &changed, tt.document, []byte(tt.text), tt.siblings); err != nil {
			t.Fatal(err)
		}
		if got, err := a.Issue(t.Context(), row.ID); err != nil || got.Key != "weekly-130" {
			t.Errorf("%s: key = %q, %v, want it as it was", tt.name, got.Key, err)
		}
	}

	if err := a.Rekey(t.Context(), issue, "weekly-130.md", []byte("text"), []string{"130"}); err != nil {
		t.Fatal(err)
	}
	got, saved, err := a.SaveIssue(t.Context(), issue, "weekly-130.md", []byte("text"))
	if err != nil || got.ID != row.ID || got.Number != 130 || saved != archive.Unchanged {
		t.Errorf("SaveIssue = %+v, %s, %v, want issue %d unchanged with number 130", got, saved, err, row.ID)
	}

	// An entry of a feed is the same by its title and date.
	issue.Key = "guid"
	feed := []string{"guid", other.Key}
	if err := a.Rekey(t.Context(), issue, "weekly-130.md", []byte("text of a feed"), feed); err != nil {
		t.Fatal(err)
	}
	if err := a.Rekey(t.Context(), other, "weekly-130.md", []byte("text of a feed"), feed); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Issue(t.Context(), row.ID); err != nil || got.Key != "guid" {
		t.Errorf("key = %q, %v, want guid", got.Key, err)
	}
}
