package intake_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// Two documents with one number and date do not correct each other: the first one
// keeps the issue as long as it is there and has it, even after a restart.
func TestTwoDocumentsThatAreOneIssue(t *testing.T) {
	store := openStore(t)
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	for _, folder := range []string{one, two} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	text := func(body string) string { return strings.Replace(issue7, "A first paragraph", body, 1) }
	remove := func(name string) {
		if err := os.Remove(filepath.Join(one, name)); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		name    string
		change  func()
		edition int
		body    string // of the issue
		want    string // part of the trouble; "": none
	}{
		{"one document", func() { write(t, one, "a.md", text("From a")) }, 1, "From a", ""},
		{"another beside it", func() { write(t, one, "b.md", text("From b")) }, 1, "From a", "b.md: issue 7 is in a.md already"},
		{"the first is corrected", func() { write(t, one, "a.md", text("Better, from a")) }, 2, "Better, from a", "b.md: issue 7 is in a.md already"},
		{"a copy of it is none", func() { write(t, one, "copy.md", text("Better, from a")) }, 2, "Better, from a", "b.md: issue 7 is in a.md already"},
		{"the first gets another number", func() {
			remove("copy.md")
			write(t, one, "a.md", strings.NewReplacer("issue 7", "issue 6", "-13", "-06").Replace(issue7))
		}, 3, "From b", ""},
		{"the other is renamed and corrected", func() {
			remove("b.md")
			write(t, one, "c.md", text("Better, from c"))
		}, 4, "Better, from c", ""},
		{"another in the other source, of the same name", func() { write(t, two, "c.md", text("Of two")) }, 4, "Better, from c",
			"two/c.md: issue 7 is in " + one + "/c.md already"},
		{"which is moved there", func() { remove("c.md") }, 5, "Of two", ""},
		{"another in the source that is looked at first", func() { write(t, one, "d.md", text("From d")) }, 5, "Of two",
			"d.md: issue 7 is in " + two + "/c.md already"},
		{"which goes", func() { remove("d.md") }, 5, "Of two", ""},
		{"the first is renamed as it is", func() {
			if err := os.Rename(filepath.Join(two, "c.md"), filepath.Join(two, "e.md")); err != nil {
				t.Fatal(err)
			}
		}, 5, "Of two", ""},
		{"and another comes", func() { write(t, one, "d.md", text("From d")) }, 5, "Of two", "d.md: issue 7 is in " + two + "/e.md already"},
	}
	start := func() *intake.Sources {
		return intake.NewSources(store, slog.New(slog.DiscardHandler), new(checks).note, folders(t, one, two))
	}
	running := start()
	for _, step := range steps {
		step.change()
		for _, sources := range []*intake.Sources{running, start(), start()} {
			for range 2 {
				err := sources.Look(t.Context())
				if (err != nil) != (step.want != "") || err != nil && !strings.Contains(err.Error(), step.want) {
					t.Errorf("%s: Look = %v, want %q", step.name, err, step.want)
				}
			}
		}
		wantIssue7(t, store, step.name, step.edition, step.body)
	}
}

func wantIssue7(t *testing.T, store *subscribers.Store, step string, edition int, body string) {
	t.Helper()
	issue, err := store.IssueByNumber(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	messages, err := store.Messages(t.Context(), issue.ID, issue.Edition)
	if err != nil {
		t.Fatal(err)
	}
	if last := messages[len(messages)-1].HTML; issue.Edition != edition || !strings.Contains(last, body) {
		t.Errorf("%s: edition %d is %q, want edition %d with %q", step, issue.Edition, last, edition, body)
	}
}

func TestImportOfTwoDocumentsThatAreOneIssue(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "7.md", issue7)
	write(t, dir, "7-new.md", strings.Replace(issue7, "first", "second", 1))
	write(t, dir, "8.md", issue8)
	database := filepath.Join(t.TempDir(), "test.db")
	want := []string{"added 7 from 7-new.md", "failed 7.md", "added 8 from 8.md"}
	for range 2 {
		if diff := cmp.Diff(want, importing(t, database, dir)); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
		want = []string{"unchanged 7 from 7-new.md", "failed 7.md", "unchanged 8 from 8.md"}
	}
}

// An issue without a date has that of its file, and keeps it. Admins hear of it while
// only that date makes it the newest.
func TestUndatedIssueHasTheDateOfItsFile(t *testing.T) {
	const note, numbered = "# A note\n\nBuy milk.\n", "# Letters, issue 7\n\nSome text.\n"
	store, folder := openStore(t), t.TempDir()
	written := time.Date(2026, 11, 12, 20, 0, 0, 0, time.UTC)
	put := func(name, text string, modified time.Time) {
		path := write(t, folder, name, text)
		if err := os.Chtimes(path, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	const newest = "note.md is the newest issue by the time of its file, 2026-11-12"
	steps := []struct {
		name   string
		change func()
		want   string // part of the trouble; "": none
		newest string // title and date
	}{
		{"a note", func() { put("note.md", note, written) }, newest, "A note 2026-11-12"},
		{"which is corrected later", func() { put("note.md", note+"And tea.\n", written.Add(100*time.Hour)) }, newest, "A note 2026-11-12"},
		{"a newer issue with a number", func() { put("seven.md", numbered, written.Add(24*time.Hour)) }, "", "Letters, issue 7 2026-11-13"},
		{"a note of the future", func() { put("tomorrow.md", "# More\n\nText.\n", time.Now().Add(1000*time.Hour)) }, "tomorrow.md is the newest issue by the time of its file",
			"More " + time.Now().UTC().Format(time.DateOnly)},
		{"which gets a date", func() { put("tomorrow.md", "---\ndate: 2020-01-01\n---\n# More\n\nText.\n", written) }, "", "Letters, issue 7 2026-11-13"},
	}
	for _, step := range steps {
		step.change()
		for range 2 { // starts
			sources := intake.NewSources(store, slog.New(slog.DiscardHandler), new(checks).note, folders(t, folder))
			for range 2 {
				if err := sources.Look(t.Context()); (err != nil) != (step.want != "") || err != nil && !strings.Contains(err.Error(), step.want) {
					t.Errorf("%s: Look = %v, want %q", step.name, err, step.want)
				}
			}
		}
		issue, err := store.NewestIssue(t.Context())
		if got := issue.Title + " " + issue.Date.Format(time.DateOnly); err != nil || got != step.newest {
			t.Errorf("%s: the newest issue is %q, %v, want %q", step.name, got, err, step.newest)
		}
	}

	const warning = "note.md: it has no date, and is taken as of 2026-11-12"
	put("note.md", note, written)
	database := filepath.Join(t.TempDir(), "test.db")
	documents := intake.ReadAll(t.Context(), []string{filepath.Join(folder, "note.md")}, intake.Ways{}, parsedNames(t), nil)
	err := intake.Import(t.Context(), database, documents, func(n intake.Note) {
		if got := n.Document + ": " + strings.Join(n.Warnings, "\n"); !strings.HasPrefix(got, warning) {
			t.Errorf("Import warned %q, want %q", got, warning)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPreviewWarnsOfAMissingDate(t *testing.T) {
	tests := []struct {
		name     string
		modified time.Duration // before now; 0: unknown
		want     string        // "": no warning
		data     string
	}{
		{"a file of yesterday", 24 * time.Hour, "1999-12-31", "# Letters 7\n"},
		{"a file of tomorrow", -24 * time.Hour, "2000-01-01", "# Letters 7\n"},
		{"a file that names a month before", 24 * time.Hour, "1998-05-01", "# Letters, May 1998\n"},
		{"a file that names its month", 24 * time.Hour, "1999-12-31", "# Letters, December 1999\n"},
		{"standard input", 0, "2000-01-01", "# Letters 7\n"},
		{"a document with a date", 24 * time.Hour, "", issue7},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			document := intake.Document{Name: "seven.md", Data: []byte(tt.data)}
			if tt.modified != 0 {
				document.Modified = time.Now().Add(-tt.modified)
			}
			batch, err := intake.Parse(document)
			if err != nil {
				t.Fatal(err)
			}
			var asJSON strings.Builder
			if err := batch.WriteJSON(&asJSON, time.Now()); err != nil {
				t.Fatal(err)
			}
			const warning = "it has no date, and is taken as of "
			for _, text := range []string{strings.Join(batch.Warnings(time.Now()), "\n"), asJSON.String()} {
				if strings.Contains(text, warning+tt.want) != (tt.want != "") {
					t.Errorf("%s: %s, want %q in it", tt.name, text, warning+tt.want)
				}
			}
		})
	}
}
