package intake

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers/intake/fetch"
)

// Ways are the ways to documents that have no file.
type Ways struct {
	Stdin io.Reader
	Web   *fetch.Client
}

// ReadFile reads the document in a file, at an address of the web, or in the standard input
// if name is "-". The file may be a pipe: then ReadFile waits for its end, or until ctx ends.
func ReadFile(ctx context.Context, name string, ways Ways) (Document, error) {
	if digest.IsWebAddress(name) {
		return ReadAddress(ctx, name, ways.Web)
	}
	reading := begin(func() (Document, error) { return readNamed(name, ways.Stdin) })
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

// ReadAll yields the documents at paths, each a file, a folder, an address or "-". A file is taken
// whatever its name is; names decides which files of a folder are. leftOut is called
// for those that a person might miss. An error is about one document or folder, and the
// next one follows.
func ReadAll(ctx context.Context, paths []string, ways Ways, names Names, leftOut LeftOut) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, path := range paths {
			documents := readFolder(ctx, path, names, leftOut)
			if digest.IsWebAddress(path) || !isFolder(ctx, path) {
				documents = func(yield func(Document, error) bool) { yield(ReadFile(ctx, path, ways)) }
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

// ReadAddress reads the document at an address of the web. Its name and path are the
// address at which it was found, after redirects.
func ReadAddress(ctx context.Context, address string, client *fetch.Client) (Document, error) {
	response, err := client.Get(ctx, fetch.Request{Address: address, Limit: document.MaxSize})
	if err != nil {
		return Document{Name: fetch.Shown(address)}, err
	}
	return fetched(response), nil
}

// fetched returns the document in a response. A page that has no date is taken as of the
// time at which its server says that it was changed, as a file is.
func fetched(r fetch.Response) Document {
	d := Document{Name: r.Address, Path: r.Address, Data: document.Transcode(r.Data, r.Charset)}
	if changed, err := http.ParseTime(r.Version.LastModified); err == nil {
		d.Modified = changed
	}
	return d
}
