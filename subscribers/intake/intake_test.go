package intake_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/storetest"
)

const (
	issue7 = "---\ntitle: \"Letters, issue 7\"\ndate: 2026-11-13\n---\n\n## News\n\nA first paragraph.\n"
	issue8 = "---\ntitle: \"Letters, issue 8\"\ndate: 2026-11-20\n---\n\n## News\n\nAnother paragraph.\n"
	// usurper is another issue with the number 7.
	usurper = "---\ntitle: \"Postcards, issue 7\"\ndate: 2025-01-03\n---\n\n## Views\n\nSomething else.\n"
	feed    = `<?xml version="1.0"?><rss version="2.0"><channel><title>Letters</title>
<item><title>Letters 3</title><guid>l3</guid><description>&lt;p&gt;Third.&lt;/p&gt;</description></item>
<item><title>Letters 4</title><guid>l4</guid><description>&lt;p&gt;Fourth.&lt;/p&gt;</description></item>
</channel></rss>`
)

// importing imports the paths and returns what was noted, one line each.
func importing(t *testing.T, database string, paths ...string) (notes []string) {
	t.Helper()
	err := intake.Import(t.Context(), database, intake.ReadAll(t.Context(), paths, intake.Ways{Stdin: strings.NewReader(issue8), Web: fetch.New(fetch.Config{})}, parsedNames(t), func(string, string) {}), func(n intake.Note) {
		if n.Err != nil {
			notes = append(notes, "failed "+n.Document)
			return
		}
		notes = append(notes, string(n.Outcome)+" "+n.Issue.Key+" from "+n.Document)
	})
	if err != nil {
		t.Fatal(err)
	}
	return notes
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImport(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	seventh := write(t, folder, "7.md", issue7)
	write(t, folder, "broken.md", " \n")
	write(t, folder, "feed.xml", feed)

	steps := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"a folder", []string{folder}, []string{"added 7 from 7.md", "failed broken.md", "added 3 from feed.xml", "added 4 from feed.xml"}},
		{"a file again", []string{seventh}, []string{"unchanged 7 from 7.md"}},
		{"standard input", []string{"-"}, []string{"added 8 from stdin"}},
		{"a correction", []string{write(t, dir, "7.md", strings.Replace(issue7, "first", "better", 1))}, []string{"corrected 7 from 7.md"}},
		{"another issue with the same number", []string{write(t, dir, "u.md", usurper), "-"}, []string{"failed u.md", "unchanged 8 from stdin"}},
		{"a file that is missing", []string{filepath.Join(dir, "none.md"), "-"}, []string{"failed none.md", "unchanged 8 from stdin"}},
		{"an address", []string{"http://127.0.0.1:1/7"}, []string{"failed http://127.0.0.1:1/7"}},
	}
	for _, step := range steps {
		if diff := cmp.Diff(step.want, importing(t, database, step.paths...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestImportOfNothingMakesNoDatabase(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	empty := t.TempDir()
	got := importing(t, database, empty, write(t, dir, "empty.md", ""))
	if diff := cmp.Diff([]string{"failed ", "failed empty.md"}, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(database); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat(database) = %v, want that there is none", err)
	}
}

func TestImportReportsAnUnusableDatabase(t *testing.T) {
	dir := t.TempDir()
	database := write(t, dir, "test.db", "this is no database, though it has a fitting name\n")
	err := intake.Import(t.Context(), database, intake.ReadAll(t.Context(), []string{"-"}, intake.Ways{Stdin: strings.NewReader(issue7)}, parsedNames(t), nil), func(n intake.Note) {
		t.Errorf("noted %+v", n)
	})
	if err == nil || !strings.Contains(err.Error(), database) {
		t.Errorf("Import = %v, want an error that names %s", err, database)
	}
}

func TestReadFileErrors(t *testing.T) {
	dir := t.TempDir()
	large := write(t, dir, "large.md", strings.Repeat("x", document.MaxSize+1))
	tests := []struct{ name, want string }{
		{filepath.Join(dir, "none.md"), "no such file"},
		{dir, "it is a folder; name the documents in it"},
		{large, "larger than 2 MB"},
	}
	for _, tt := range tests {
		_, err := intake.ReadFile(t.Context(), tt.name, intake.Ways{})
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.name) {
			t.Errorf("ReadFile(%s) = %v, want its name and %q", tt.name, err, tt.want)
		}
	}
}

// checks notes what a Sources reports about its sources.
type checks []string

func (c *checks) note(_ context.Context, source string, err error) {
	line := filepath.Base(source) + ": "
	if err == nil {
		line += "fine"
	} else {
		line += strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	*c = append(*c, line)
}

// folders are folders with the default names, which need not settle.
func folders(t *testing.T, names ...string) (all []*intake.Folder) {
	t.Helper()
	for _, name := range names {
		all = append(all, intake.OpenFolder(name, intake.Rules{Names: parsedNames(t)}))
	}
	return all
}

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

func TestSourcesLook(t *testing.T) {
	store := openStore(t)
	folder := t.TempDir()
	var checked checks
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, folder))
	name := filepath.Base(folder)

	steps := []struct {
		name   string
		change func()
		want   string // what is wrong; "": nothing
		newest string // key of the newest issue
	}{
		{"two documents", func() { write(t, folder, "7.md", issue7); write(t, folder, "8.md", issue8) }, "", "8"},
		{"nothing new", func() {}, "", "8"},
		{"a document at fault", func() { write(t, folder, "9.md", " ") }, "parse 9.md", "8"},
		{"is named for as long as it is", func() {}, "parse 9.md", "8"},
		{"and read when it was mended", func() {
			write(t, folder, "9.md", strings.NewReplacer("issue 8", "issue 9", "-20", "-27").Replace(issue8))
		}, "", "9"},
		{"an issue that clashes", func() { write(t, folder, "u.md", usurper) }, "u.md: issue 7 is in 7.md already", "9"},
		{"is named for as long as it does", func() {}, "u.md: issue 7 is in 7.md already", "9"},
		{"folder is gone", func() {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}, "read folder", "9"},
		{"and is named every time", func() {}, "read folder", "9"},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			step.change()
			checked = nil
			err := sources.Look(t.Context())
			if (err != nil) != (step.want != "") {
				t.Errorf("Look = %v, want %q", err, step.want)
			}
			if len(checked) != 1 || !strings.HasPrefix(checked[0], name+": ") || !strings.Contains(checked[0], step.want) ||
				(step.want == "") != strings.HasSuffix(checked[0], ": fine") {
				t.Errorf("checked %q, want %q", checked, step.want)
			}
			newest, err := store.NewestIssue(t.Context())
			if err != nil || newest.Key != step.newest {
				t.Errorf("newest issue is %q, %v, want %q", newest.Key, err, step.newest)
			}
		})
	}
}

func TestSourcesLookGoesOnToTheNextSource(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	store, err := storetest.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	gone, folder := filepath.Join(t.TempDir(), "gone"), t.TempDir()
	write(t, folder, "7.md", issue7)
	var checked checks
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, gone, folder))
	if err := sources.Look(t.Context()); err == nil || !strings.Contains(err.Error(), gone) {
		t.Errorf("Look = %v, want an error that names %s", err, gone)
	}
	if issue, err := store.NewestIssue(t.Context()); err != nil || issue.Key != "7" {
		t.Errorf("newest issue is %q, %v, want 7", issue.Key, err)
	}

	// A document that could not be saved is tried again.
	write(t, folder, "8.md", issue8)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		checked = nil
		if err := sources.Look(t.Context()); err == nil {
			t.Error("Look with a closed store succeeded")
		}
		if !slices.ContainsFunc(checked, func(c string) bool {
			return strings.Contains(c, filepath.Base(folder)) && strings.Contains(c, "8.md: ")
		}) {
			t.Errorf("checked %q, want trouble with 8.md", checked)
		}
	}
}

func TestCheckFolder(t *testing.T) {
	folder := t.TempDir()
	file := write(t, folder, "7.md", issue7)
	if err := intake.CheckFolder(folder); err != nil {
		t.Errorf("CheckFolder(folder) = %v", err)
	}
	for _, name := range []string{file, filepath.Join(folder, "none")} {
		if err := intake.CheckFolder(name); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "give") {
			t.Errorf("CheckFolder(%s) = %v, want an error with its name and what to do", name, err)
		}
	}
}

func TestPreview(t *testing.T) {
	batch, err := intake.Parse(intake.Document{Name: "7.md", Data: []byte(issue7)})
	if err != nil {
		t.Fatal(err)
	}
	feeds, err := intake.Parse(intake.Document{Name: "feed.xml", Data: []byte(feed)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		batch  intake.Batch
		prefix string
		inText []string
	}{
		{"document", batch, "{\n  \"title\": \"Letters, issue 7\"", []string{"Letters, issue 7", "──── News", "A first paragraph."}},
		{"feed", feeds, "[\n  {\n    \"title\": \"Letters 3\"", []string{"Letters 3", "Third.", "Letters 4", "Fourth."}},
	}
	for _, tt := range tests {
		var asJSON, text strings.Builder
		if err := tt.batch.WriteJSON(&asJSON, time.Now()); err != nil || !strings.HasPrefix(asJSON.String(), tt.prefix) {
			t.Errorf("%s: WriteJSON: %v, %s, want %s", tt.name, err, &asJSON, tt.prefix)
		}
		if err := tt.batch.WriteText(&text, "sections", false); err != nil {
			t.Errorf("%s: WriteText: %v", tt.name, err)
		}
		for _, want := range tt.inText {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s: text lacks %q:\n%s", tt.name, want, &text)
			}
		}
	}
}

// TestNewerProgramKeepsIssues: a document that an older version archived under its
// name, because it did not find the number, is not archived again.
func TestNewerProgramKeepsIssues(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	path := write(t, dir, "letters.md", issue7)
	old, err := document.Parse("letters.md", []byte(issue7))
	if err != nil {
		t.Fatal(err)
	}
	old.Key, old.Number = "letters", 0
	store, err := storetest.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.SaveIssue(t.Context(), old, path, []byte(issue7)); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unchanged 7 from letters.md"}, importing(t, database, path)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
