package site_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"digestbot/bot/site"
	"digestbot/subscribers"
)

// tree returns the files in a folder with their texts.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// writeTo writes the pages, and checks how many files were written and removed.
func (w *world) writeTo(dir string, changed, removed int) {
	w.t.Helper()
	done, err := newSite(w.t, w.store, publicURL, true).WriteTo(w.t.Context(), dir)
	if err != nil || done.Changed != changed || done.Removed != removed {
		w.t.Errorf("WriteTo = %+v, %v; want %d changed and %d removed", done, err, changed, removed)
	}
}

func TestWriteTo(t *testing.T) {
	w := newWorld(t)
	for n := 1; n <= 21; n++ {
		picture := "\n\n"
		if n < 20 { // drawing posters takes time
			picture = "\n\n![](https://example.org/cover.jpg)\n"
		}
		w.save(n, fmt.Sprintf("2026-01-%02d", n), strings.Replace(fmt.Sprintf(english, n), "\n\n", picture, 1))
	}
	dir := filepath.Join(t.TempDir(), "new", "site")
	w.writeTo(dir, 2+2+21+2+2+6, 0) // index, other pages, issues, posters, sections, and the rest
	before := tree(t, dir)
	for _, name := range []string{"index.html", "page/2/index.html", "all/index.html", "feeds/index.html", "issues/21/index.html", "issues/21/poster.png", "sections/1/feed.atom", "feed.atom", "sitemap.xml", "robots.txt", "poster.png", "404.html"} {
		if before[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	for name, text := range before {
		if strings.Contains(text, "<form") || strings.Contains(text, "weekly/search") {
			t.Errorf("%s has a search", name)
		}
		if strings.HasSuffix(name, ".digestbot-new") {
			t.Errorf("%s is left", name)
		}
	}
	w.writeTo(dir, 0, 0)
	write(t, dir, "index.html", "somebody has written into it")
	write(t, dir, "all/index.html.digestbot-new", "cut off")
	write(t, dir, "mine.html", "of somebody else")
	w.writeTo(dir, 1, 0)
	if _, err := w.store.WithdrawIssue(t.Context(), 21, subscribers.InPrivate(1)); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "issues/21/notes.txt", "of somebody else")
	w.writeTo(dir, 1+1+1+1+1+1+2, 2+1) // index, all, feeds, feed, sitemap, the issue before, feeds of sections; the issue, its poster, page 2
	after := tree(t, dir)
	if _, there := after["issues/21/index.html"]; there || after["mine.html"] == "" || after["issues/21/notes.txt"] == "" || strings.Contains(strings.Join(slices.Collect(maps.Values(after)), ""), "issue 21") {
		t.Errorf("after withdrawing there are %q", slices.Sorted(maps.Keys(after)))
	}
	if _, err := os.Stat(filepath.Join(dir, "page")); err == nil {
		t.Error("an empty folder is left")
	}
}

// Who follows the feed of a section finds that of the one it was merged into at its address.
func TestWriteToAfterAMerge(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", fmt.Sprintf(english, 1))
	sections, err := w.store.CountedSections(t.Context())
	if err != nil || len(sections) != 2 {
		t.Fatalf("sections are %+v, %v", sections, err)
	}
	dir := t.TempDir()
	w.writeTo(dir, 13, 0)
	if _, err := w.store.MergeSections(t.Context(), subscribers.InPrivate(1), sections[1].ID, sections[0].ID); err != nil {
		t.Fatal(err)
	}
	w.writeTo(dir, 3, 0) // both, and the list of feeds
	after := tree(t, dir)
	old, now := after[fmt.Sprintf("sections/%d/feed.atom", sections[1].ID)], after[fmt.Sprintf("sections/%d/feed.atom", sections[0].ID)]
	if old != now || !strings.Contains(now, "library") || !strings.Contains(now, "cobblers") {
		t.Errorf("at the old address is %s, at the new one %s", old, now)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Files of somebody else are never replaced, and links lead nowhere.
func TestWriteToAForeignFolder(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", fmt.Sprintf(english, 1))
	for name, prepare := range map[string]func(dir string){
		"a page":              func(dir string) { write(t, dir, "index.html", "mine") },
		"an issue":            func(dir string) { write(t, dir, "issues/1/index.html", "mine") },
		"a file for a folder": func(dir string) { write(t, dir, "issues", "mine") },
		"a manifest":          func(dir string) { write(t, dir, ".digestbot-site", "mine\n") },
		"a way out": func(dir string) {
			write(t, dir, ".digestbot-site", "# The files that digestbot has written here, and may replace and remove.\n../../x\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			prepare(dir)
			before := tree(t, dir)
			_, err := newSite(t, w.store, publicURL, true).WriteTo(t.Context(), dir)
			if err == nil || name != "a way out" && !errors.Is(err, site.ErrForeign) {
				t.Errorf("WriteTo = %v, want %v", err, site.ErrForeign)
			}
			if !maps.Equal(tree(t, dir), before) {
				t.Errorf("the folder has %q now", slices.Sorted(maps.Keys(tree(t, dir))))
			}
		})
	}
}

func TestWriteToFollowsNoLinks(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", fmt.Sprintf(english, 1))
	dir, other := t.TempDir(), t.TempDir()
	if err := os.Symlink(other, filepath.Join(dir, "issues")); err != nil {
		t.Fatal(err)
	}
	if _, err := newSite(t, w.store, publicURL, true).WriteTo(t.Context(), dir); !errors.Is(err, site.ErrForeign) || len(tree(t, other)) > 0 {
		t.Errorf("WriteTo = %v, and wrote %v behind a link", err, tree(t, other))
	}
}

// After a run that was cut off the next one knows what is its own.
func TestWriteToAfterACrash(t *testing.T) {
	w := newWorld(t)
	for n := 1; n <= 3; n++ {
		w.save(n, fmt.Sprintf("2026-01-%02d", n), fmt.Sprintf(english, n))
	}
	dir := t.TempDir()
	inTheWay := filepath.Join(dir, "all", "index.html.digestbot-new") // nothing can be written there
	if err := os.MkdirAll(inTheWay, 0o755); err != nil {
		t.Fatal(err)
	}
	if done, err := newSite(t, w.store, publicURL, true).WriteTo(t.Context(), dir); err == nil || done.Changed < 6 {
		t.Fatalf("WriteTo = %+v, %v; want an error after the issues", done, err)
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.WithdrawIssue(t.Context(), 3, subscribers.InPrivate(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := newSite(t, w.store, publicURL, true).WriteTo(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if files := tree(t, dir); files["issues/3/index.html"] != "" || files["issues/2/index.html"] == "" || files["all/index.html"] == "" {
		t.Errorf("there are %q, want all but the issue that was withdrawn", slices.Sorted(maps.Keys(files)))
	}
}
