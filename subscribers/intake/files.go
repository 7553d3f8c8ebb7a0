package intake

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// ErrAddress says that the document is somewhere on the web.
var ErrAddress = errors.New("addresses are not fetched: save the document as a file and give that")

// ReadFile reads the document in a file, or in stdin when name is "-".
func ReadFile(name string, stdin io.Reader) (Document, error) {
	document := Document{Name: filepath.Base(name)}
	if isAddress(name) {
		return document, fmt.Errorf("%s: %w", name, ErrAddress)
	}
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return document, fmt.Errorf("%w; give the name of a document that can be read", err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return document, fmt.Errorf("%s: it is a folder; name the documents in it, such as %s", name, filepath.Join(name, "*.md"))
		}
		stdin = file
	} else {
		document.Name = "stdin"
	}
	var err error
	document.Data, err = readDocument(stdin)
	if err != nil {
		return document, fmt.Errorf("read %s: %w", name, err)
	}
	return document, nil
}

// ReadAll yields the documents that paths name, each a file, a folder or "-".
// An error is about one document or folder, and the next one follows.
func ReadAll(paths []string, stdin io.Reader) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, path := range paths {
			documents := readFolder(path)
			if info, err := os.Stat(path); err != nil || !info.IsDir() {
				documents = func(yield func(Document, error) bool) { yield(ReadFile(path, stdin)) }
			}
			for document, err := range documents {
				if !yield(document, err) {
					return
				}
			}
		}
	}
}

func readFolder(path string) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		empty := true
		for document, err := range NewFolder(os.DirFS(path)).Documents() {
			empty = false
			if err != nil {
				err = fmt.Errorf("folder %s: %w", path, err)
			}
			if !yield(document, err) {
				return
			}
		}
		if empty {
			yield(Document{}, fmt.Errorf("folder %s: there are no documents in it (%s)", path, strings.Join(DocumentExtensions(), " ")))
		}
	}
}

func isAddress(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}
