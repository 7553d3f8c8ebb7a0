package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"digestbot/digest/document"
)

// Document is what an issue is read from.
type Document struct {
	Name     string // file name, for document.ParseAll
	Path     string // of its file, as the archive notes it
	Data     []byte
	Modified time.Time // when its file was last changed; zero: unknown

	size int64 // of its file
}

// ErrNotFeed says that the document is data for programs. An issue made of it would be a
// page of brackets.
var ErrNotFeed = errors.New("JSON and XML are only read as a feed (RSS, Atom, JSON Feed), and this is none: " +
	"give the feed, or the document as Markdown or HTML")

// readDocument reads a document to its end. It fails if it is longer than
// document.MaxSize.
func readDocument(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, document.MaxSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > document.MaxSize {
		return nil, fmt.Errorf("document is larger than %d MB: give each issue a file of its own", document.MaxSize>>20)
	}
	return data, nil
}

// namedAsFeed reports whether a file has the name of a feed.
func namedAsFeed(name string) bool {
	return slices.Contains([]string{".xml", ".rss", ".atom", ".json"}, strings.ToLower(path.Ext(name)))
}

// page matches the root of a page, which may begin as XML does (XHTML).
var page = regexp.MustCompile(`(?i)<(?:!doctype\s+)?html[\s>]`)

// isForPrograms reports whether a document is JSON or XML that is neither a
// feed nor a page.
func isForPrograms(name string, data []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(text) == 0 || document.IsFeed(data) || page.Match(text[:min(len(text), 4096)]) {
		return false
	}
	switch {
	case namedAsFeed(name), bytes.HasPrefix(text, []byte("<?xml")):
		return true
	case text[0] == '{' || text[0] == '[':
		return json.Valid(text)
	}
	return false
}
