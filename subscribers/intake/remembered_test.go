package intake_test

import (
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"digestbot/subscribers/intake"
)

// counted is a folder that counts which of its files are opened.
type counted struct {
	fstest.MapFS
	opened []string
}

func (c *counted) Open(name string) (fs.File, error) {
	if name != "." {
		c.opened = append(c.opened, name)
	}
	return c.MapFS.Open(name)
}

func (c *counted) Stat(name string) (fs.FileInfo, error) { return c.MapFS.Stat(name) }

// What was dealt with in a folder is not read again, also after a start. What has changed, what
// has come back and what has a fault is.
func TestFolderIsRemembered(t *testing.T) {
	store := openStore(t)
	old := time.Now().Add(-time.Hour)
	file := func(text string, at time.Time) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(text), ModTime: at}
	}
	folder := &counted{MapFS: fstest.MapFS{"7.md": file(issue7, old), "8.md": file(issue8, old), "9.md": file(" ", old)}}
	var checked checks
	look := func(starts bool, sources *intake.Sources) *intake.Sources {
		t.Helper()
		if starts {
			sources = intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, []*intake.Folder{
				intake.NewFolder("issues", folder, intake.Rules{Names: parsedNames(t)}),
			})
		}
		folder.opened, checked = nil, nil
		_ = sources.Look(t.Context()) // 9.md has a fault
		return sources
	}
	sources := look(true, nil)
	steps := []struct {
		name   string
		change func()
		starts bool
		want   []string
	}{
		{"nothing new", func() {}, false, nil},
		{"after a start only what has a fault", func() {}, true, []string{"9.md"}},
		{"a change", func() {
			folder.MapFS["7.md"] = file(strings.Replace(issue7, "first", "better", 1), old.Add(time.Minute))
		}, true, []string{"7.md", "9.md"}},
		{"another size at the same time", func() { folder.MapFS["8.md"] = file(issue8+"More.\n", old) }, true, []string{"8.md", "9.md"}},
		{"the fault is mended", func() { folder.MapFS["9.md"] = file(issueWith(9, "Rain."), old) }, false, []string{"9.md"}},
		{"all is well", func() {}, true, nil},
		{"a file goes", func() { delete(folder.MapFS, "8.md") }, false, nil},
		{"and comes back", func() { folder.MapFS["8.md"] = file(issue8+"More.\n", old) }, true, []string{"8.md"}},
	}
	for _, step := range steps {
		step.change()
		sources = look(step.starts, sources)
		slices.Sort(folder.opened)
		if !slices.Equal(folder.opened, step.want) {
			t.Errorf("%s: read %q, want %q", step.name, folder.opened, step.want)
		}
		if hasFault := strings.Contains(strings.Join(checked, ""), "9.md"); hasFault != slices.Contains(step.want, "9.md") && step.starts {
			t.Errorf("%s: told %q", step.name, checked)
		}
	}
}
