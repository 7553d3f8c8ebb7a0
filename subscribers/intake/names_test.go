package intake_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/document"
	"digestbot/subscribers/intake"
)

func TestNames(t *testing.T) {
	const all = "#11.md 12.md B.HTML CHANGELOG.md CODE_OF_CONDUCT.md ISSUE-12.md LICENSE.md README.md Readme-zh.md _index.md a.txt " +
		"contributing.md draft-13.md notes.TXT picture.png robots.txt changelog-2026-11-27.md 周刊.markdown"
	files := fstest.MapFS{}
	for name := range strings.FieldsSeq(all) {
		files[name] = &fstest.MapFile{Data: []byte("text")}
	}
	tests := []struct{ patterns, want string }{
		{"", "#11.md 12.md B.HTML ISSUE-12.md changelog-2026-11-27.md draft-13.md 周刊.markdown"},
		{"!draft-*", "#11.md 12.md B.HTML ISSUE-12.md changelog-2026-11-27.md 周刊.markdown"},
		{"*.md !*-[0-9]*", "#11.md 12.md"},
		{"*.txt *.md", "#11.md 12.md ISSUE-12.md a.txt changelog-2026-11-27.md draft-13.md notes.TXT"},
		{"README.md _index.md", "README.md _index.md"},
		{"*", "#11.md 12.md B.HTML ISSUE-12.md a.txt changelog-2026-11-27.md draft-13.md notes.TXT picture.png 周刊.markdown"},
	}
	for _, tt := range tests {
		folder := intake.NewFolder("folder", files, intake.Rules{Names: parsedNames(t, strings.Fields(tt.patterns)...)})
		var got []string
		for document, err := range folder.Documents(t.Context()) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, document.Name)
		}
		if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" {
			t.Errorf("--include %q (-want +got):\n%s", tt.patterns, diff)
		}
	}
	for _, pattern := range []string{"", "!", "[", "issues/*.md"} {
		if _, err := intake.ParseNames([]string{pattern}); err == nil || !strings.Contains(err.Error(), "*.md") {
			t.Errorf("ParseNames(%q) = %v, want an error with an example", pattern, err)
		}
	}
}

const sitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.org</loc></url></urlset>`

// A document for programs is no issue, whatever the name of its file is.
func TestDataIsNoIssue(t *testing.T) {
	tests := []struct {
		name, data string
		want       error
	}{
		{"package.json", `{"name": "x", "version": "1.0.0"}`, document.ErrNotFeed},
		{"cut.json", `{"name": "x", `, document.ErrNotFeed},
		{"list.txt", "\ufeff [1, 2]\n", document.ErrNotFeed},
		{"sitemap.xml", sitemap, document.ErrNotFeed},
		{"stdin", sitemap, document.ErrNotFeed},
		{"pom.xml", "<project><name>x</name></project>", document.ErrNotFeed},
		{"empty.json", " \n", document.ErrEmpty},
		{"feed.xml", feed, nil},
		{"feed.txt", feed, nil},
		{"page.xml", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html><body><p>Text.</p></body></html>", nil},
		{"link.md", "[a](https://example.org)\n", nil},
		{"template.md", "{% raw %}\ntext\n", nil},
	}
	for _, tt := range tests {
		_, err := intake.Parse(intake.Document{Name: tt.name, Data: []byte(tt.data)})
		if !errors.Is(err, tt.want) || err != nil && !strings.Contains(err.Error(), tt.name) {
			t.Errorf("Parse(%s) = %v, want %v", tt.name, err, tt.want)
		}
	}
}

// Other files in a folder do no harm; the log says once which were left out, and why.
func TestLeftOutIsLoggedOnce(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"7.md": issue7, "README.md": "# About\n", "package.json": "{}", "sitemap.xml": sitemap, "notes.txt": "Buy milk.\n", "a.png": "x", ".draft.md": "x",
	} {
		write(t, folder, name, text)
	}
	var log bytes.Buffer
	var checked checks
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	sources := intake.NewSources(openStore(t), logger, checked.note, folders(t, folder))
	for range 3 {
		if err := sources.Look(t.Context()); err != nil {
			t.Errorf("Look = %v", err)
		}
	}
	var got []string
	for line := range strings.Lines(log.String()) {
		if _, rest, found := strings.Cut(line, `msg="file left out"`); found {
			_, file, _ := strings.Cut(rest, "file=")
			got = append(got, strings.TrimSpace(file))
		}
	}
	want := []string{
		`README.md why="it is about the folder by its name; name it in --include to take it"`,
		`notes.txt why="no pattern of --include matches it"`,
		`package.json why="it is no feed"`,
		`sitemap.xml why="it is no feed"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}
