package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"digestbot/digest"
)

// errAddress says that the document is somewhere on the web.
var errAddress = errors.New("addresses are not fetched: save the document as a file and give that")

// ReadFile reads the document in a file, or in stdin if name is "-". The file may be a
// pipe: then ReadFile waits for its end, or until ctx ends.
func ReadFile(ctx context.Context, name string, stdin io.Reader) (Document, error) {
	if digest.IsWebAddress(name) {
		return Document{Name: filepath.Base(name)}, fmt.Errorf("%s: %w", name, errAddress)
	}
	reading := begin(func() (Document, error) { return readNamed(name, stdin) })
	if !reading.wait(ctx.Done(), 0) {
		return Document{Name: filepath.Base(name)}, fmt.Errorf("read %s: %w", name, ctx.Err())
	}
	return reading.value, reading.err
}

func readNamed(name string, stdin io.Reader) (document Document, err error) {
	if name == "-" {
		document.Name, document.Path = "stdin", "stdin"
	} else {
		document.Path = filepath.Clean(name)
		document.Name = strings.ToValidUTF8(filepath.Base(name), "\ufffd")
		file, err := os.Open(name)
		if err != nil {
			return document, fmt.Errorf("%w; give the name of a document that can be read", err)
		}
		defer file.Close()
		info, err := file.Stat()
		if err == nil && info.IsDir() {
			return document, fmt.Errorf("%s: it is a folder; name the documents in it, such as %s", name, filepath.Join(name, "*.md"))
		}
		if err == nil && info.Mode().IsRegular() {
			document.Modified = info.ModTime()
		}
		stdin = file
	}
	document.Data, err = readDocument(stdin)
	if err != nil {
		return document, fmt.Errorf("read %s: %w", name, err)
	}
	return document, nil
}

// LeftOut is called for a file in a folder that is not taken for a document.
type LeftOut func(name, why string)

// ReadAll yields the documents at paths, each a file, a folder or "-". A file is taken
// whatever its name is; names decides which files of a folder are. leftOut is called
// for those that a person might miss. An error is about one document or folder, and the
// next one follows.
func ReadAll(ctx context.Context, paths []string, stdin io.Reader, names Names, leftOut LeftOut) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, path := range paths {
			documents := readFolder(ctx, path, names, leftOut)
			if !isFolder(ctx, path) {
				documents = func(yield func(Document, error) bool) { yield(ReadFile(ctx, path, stdin)) }
			}
			for document, err := range documents {
				if !yield(document, err) || ctx.Err() != nil {
					return
				}
			}
		}
	}
}

func isFolder(ctx context.Context, path string) bool {
	looking := begin(func() (os.FileInfo, error) { return os.Stat(path) })
	return looking.wait(ctx.Done(), 0) && looking.err == nil && looking.value.IsDir()
}

func readFolder(ctx context.Context, path string, names Names, told LeftOut) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		empty := true
		folder := OpenFolder(path, Rules{Names: names})
		folder.noteLeftOut = func(name string, out leftOut) {
			if out.level >= slog.LevelInfo {
				told(filepath.Join(path, name), out.why)
			}
		}
		for document, err := range folder.Documents(ctx) {
			empty = false
			if err != nil {
				err = fmt.Errorf("folder %s: %w", path, err)
			}
			if !yield(document, err) {
				return
			}
		}
		if empty {
			yield(Document{}, fmt.Errorf("folder %s: there are no documents in it (%s)", path, strings.Join(names.include, " ")))
		}
	}
}
