package intake

import (
	"fmt"
	"io"
	"path"
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

// isData reports whether a document is JSON or XML that is neither a feed nor a page.
func isData(d Document) bool { return document.IsData(d.Name, d.Data) }
