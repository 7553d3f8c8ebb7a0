package intake_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/document"
	"digestbot/subscribers/intake"
)

// folder is a folder of files with the default names, which need not settle.
func folder(t *testing.T, files fs.FS) *intake.Folder {
	t.Helper()
	return intake.NewFolder("folder", files, intake.Rules{Names: parsedNames(t)})
}

func parsedNames(t *testing.T, patterns ...string) intake.Names {
	t.Helper()
	names, err := intake.ParseNames(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestFolderYieldsDocumentsByName(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{
		"b.html", "a.md", "C.MD", "feed.xml", "feed.rss", "feed.atom", "feed.json", "d.markdown", "e.htm", "f.txt",
		".hidden.md", "~draft.md", "#draft.md#", "draft.md~", "a.md.swp", "a.md.part", "picture.png", "README", "README.md", "Readme.txt", "folder.md/inside.md",
	} {
		files[name] = &fstest.MapFile{Data: []byte("content of " + name)}
	}
	for _, name := range []string{"feed.xml", "feed.rss", "feed.atom", "feed.json"} {
		files[name].Data = []byte("<rss>content of " + name)
	}
	var got []string
	for document, err := range folder(t, files).Documents(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if want := "content of " + document.Name; !strings.HasSuffix(string(document.Data), want) {
			t.Errorf("%s: data %q, want %q", document.Name, document.Data, want)
		}
		got = append(got, document.Name)
	}
	want := []string{"C.MD", "a.md", "b.html", "d.markdown", "e.htm", "feed.atom", "feed.json", "feed.rss", "feed.xml"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
}

func TestFolderLeavesOutWhatIsDone(t *testing.T) {
	monday := time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	files := fstest.MapFS{
		"178.md": {Data: []byte("old"), ModTime: monday},
		"179.md": {Data: []byte("new"), ModTime: monday},
	}
	folder := folder(t, files)
	look := func() (names []string) {
		for document, err := range folder.Documents(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, document.Name)
			if document.Name == "178.md" {
				folder.Done(document)
			}
		}
		return names
	}
	steps := []struct {
		name   string
		change func()
		want   []string
	}{
		{"first look", func() {}, []string{"178.md", "179.md"}},
		{"one is done", func() {}, []string{"179.md"}},
		{"done one changed in size", func() { files["178.md"].Data = []byte("older") }, []string{"178.md", "179.md"}},
		{"done again", func() {}, []string{"179.md"}},
		{"done one changed in time", func() { files["178.md"].ModTime = monday.Add(time.Hour) }, []string{"178.md", "179.md"}},
		{"other one removed", func() { delete(files, "179.md") }, nil},
	}
	for _, step := range steps {
		step.change()
		if diff := cmp.Diff(step.want, look()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestFolderGoesOnAfterAnUnreadableFile(t *testing.T) {
	files := fstest.MapFS{
		"1.md": {Data: bytes.Repeat([]byte("x"), document.MaxSize+1)},
		"2.md": {Data: bytes.Repeat([]byte("x"), document.MaxSize)},
	}
	var got []string
	for document, err := range folder(t, files).Documents(t.Context()) {
		if err != nil {
			got = append(got, document.Name+": "+err.Error())
			continue
		}
		got = append(got, document.Name)
	}
	want := []string{"1.md: 1.md: document is larger than 2 MB: give each issue a file of its own", "2.md"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("documents and errors (-want +got):\n%s", diff)
	}
}

func TestFolderThatIsGone(t *testing.T) {
	root := fstest.MapFS{}
	gone, err := fs.Sub(root, "gone")
	if err != nil {
		t.Fatal(err)
	}
	var errs []error
	for _, err := range folder(t, gone).Documents(t.Context()) {
		errs = append(errs, err)
	}
	if len(errs) != 1 || !errors.Is(errs[0], fs.ErrNotExist) || !strings.Contains(errs[0].Error(), "read folder") {
		t.Errorf("errors %v, want one that wraps %v", errs, fs.ErrNotExist)
	}
}
