//go:build unix

package intake_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"digestbot/subscribers/intake"
)

// Only regular files of the folder itself are documents. Anything else with such a name
// is named in an error, and nothing waits for it.
func TestFolderOpensOnlyItsOwnRegularFiles(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	secret := write(t, outside, "token", "# A secret\n")
	write(t, inside, "7.md", issue7)
	if err := os.Mkdir(filepath.Join(inside, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(inside, "data"), "8", issue8)
	link := func(to string) func(string) error {
		return func(path string) error { return os.Symlink(to, path) }
	}
	pipe := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	socket := func(path string) error {
		listener, err := net.Listen("unix", path)
		if err == nil {
			t.Cleanup(func() { listener.Close() })
		}
		return err
	}
	tests := []struct {
		name string
		make func(path string) error
		want string // what is wrong; "": it is read; "-": it is left out in silence
	}{
		{"pipe.md", pipe, "pipe.md is no regular file"},
		{"socket.md", socket, "socket.md is no regular file"},
		{"folder.md", func(path string) error { return os.Mkdir(path, 0o700) }, "-"},
		{"out.md", link(secret), "out.md is a link that does not lead to a document of this folder"},
		{"up.md", link("../" + filepath.Base(outside) + "/token"), "up.md is a link that"},
		{"device.md", link("/dev/zero"), "device.md is a link that"},
		{"nowhere.md", link("none"), "nowhere.md is a link that"},
		{"loop.md", link("loop.md"), "loop.md is a link that"},
		{"to-pipe.md", link("pipe.md"), "to-pipe.md is no regular file"},
		{"in.md", link("data/8"), ""},
		{"and-on.md", link("in.md"), ""},
		{"caf\xe9.md", func(path string) error { return os.WriteFile(path, []byte(issue8), 0o600) }, `"caf\xe9.md": the name is not UTF-8: rename the file`},
		{"pipe.png", pipe, "-"},
	}
	for _, tt := range tests {
		if err := tt.make(filepath.Join(inside, tt.name)); err != nil {
			t.Fatalf("make %q: %v", tt.name, err)
		}
	}
	got := map[string]string{}
	for document, err := range intake.OpenFolder(inside, intake.Rules{Names: parsedNames(t)}).Documents(t.Context()) {
		got[document.Name] = string(document.Data)
		if err != nil {
			got[document.Name] = err.Error()
		}
	}
	for _, tt := range tests {
		text, found := got[tt.name]
		switch {
		case tt.want == "-" && found, tt.want != "-" && !strings.Contains(text, tt.want), tt.want == "" && text != issue8:
			t.Errorf("%q: got %q, %v, want %q", tt.name, text, found, tt.want)
		}
	}
	if got["7.md"] != issue7 {
		t.Errorf("7.md was not read: %q", got["7.md"])
	}
}

// A file that was a document a moment ago is checked again once it is open.
func TestDocumentThatBecomesALink(t *testing.T) {
	secret := write(t, t.TempDir(), "token", "# A secret\n")
	dir := t.TempDir()
	path := filepath.Join(dir, "7.md")
	root, err := intake.OpenDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.(io.Closer).Close()
	for want, swap := range map[string]func() error{
		"escapes":         func() error { return os.Symlink(secret, path) },
		"no regular file": func() error { return syscall.Mkfifo(path, 0o600) },
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		write(t, dir, "7.md", issue7)
		files := swapped{FS: os.DirFS(dir), path: path, swap: swap, root: root}
		for document, err := range intake.NewFolder(dir, files, intake.Rules{Names: parsedNames(t)}).Documents(t.Context()) {
			if err == nil || !strings.Contains(err.Error(), want) || len(document.Data) > 0 {
				t.Errorf("read %q, %v, want the error %q", document.Data, err, want)
			}
		}
	}
}

// A person may name a pipe, and may give up waiting for it.
func TestReadFileFromAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.md")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(path, []byte(issue7), 0o600) }()
	document, err := intake.ReadFile(t.Context(), path, intake.Ways{})
	if err != nil || string(document.Data) != issue7 || !document.Modified.IsZero() {
		t.Errorf("ReadFile = %q, %v, want the document, of no known age", document.Data, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := intake.ReadFile(ctx, path, intake.Ways{})
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), path) {
		t.Errorf("ReadFile = %v after it was given up, want an error with the name", err)
	}
	// The goroutine that waits for a writer gets one.
	if writer, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		t.Error(err)
	} else if err := writer.Close(); err != nil {
		t.Error(err)
	}

	if _, err := intake.ReadFile(t.Context(), "/dev/zero", intake.Ways{}); err == nil || !strings.Contains(err.Error(), "larger than 2 MB") {
		t.Errorf("ReadFile(/dev/zero) = %v, want that it is too large", err)
	}
}

func TestSourcesTellOfALinkAndGoOn(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	write(t, folder, "7.md", issue7)
	if err := os.Symlink(write(t, t.TempDir(), "token", "# 99\n"), filepath.Join(folder, "9.md")); err != nil {
		t.Fatal(err)
	}
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), func(context.Context, string, error) {}, folders(t, folder))
	for range 2 {
		if err := sources.Look(t.Context()); err == nil || !strings.Contains(err.Error(), "9.md is a link") {
			t.Errorf("Look = %v, want that 9.md is a link", err)
		}
	}
	if issue, err := store.NewestIssue(t.Context()); err != nil || issue.Key != "7" {
		t.Errorf("newest issue is %q, %v, want 7", issue.Key, err)
	}
}

// swapped is a folder in which a file is replaced between Stat and Open.
type swapped struct {
	fs.FS // of the looks
	path  string
	swap  func() error
	root  fs.FS // of the opening
}

func (s swapped) Open(name string) (fs.File, error) {
	if name != filepath.Base(s.path) {
		return s.FS.Open(name)
	}
	if err := os.Remove(s.path); err != nil {
		return nil, err
	}
	if err := s.swap(); err != nil {
		return nil, err
	}
	return s.root.Open(name)
}

// Stat implements fs.StatFS, so that it does not open the file.
func (s swapped) Stat(name string) (fs.FileInfo, error) { return fs.Stat(s.FS, name) }
