package intake

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"digestbot/digest"
)

// DocumentExtensions returns how the names of a folder's documents end.
func DocumentExtensions() []string {
	return []string{".md", ".markdown", ".html", ".htm", ".txt", ".xml", ".rss", ".atom", ".json"}
}

// Document is what an issue is read from.
type Document struct {
	Name string // file name, for digest.Parse
	Data []byte

	stamp stamp
}

// stamp tells whether a file was changed, without reading it.
type stamp struct {
	modified time.Time
	size     int64
}

// Folder finds the documents of one folder; it does not look into folders
// within it. It is not safe for concurrent use.
type Folder struct {
	files fs.FS
	done  map[string]stamp
}

// NewFolder returns the folder at the root of files.
func NewFolder(files fs.FS) *Folder {
	return &Folder{files: files, done: map[string]stamp{}}
}

// Documents yields the documents that are new or changed since Done was called
// for them, ordered by name. Hidden and temporary files and files that are no
// documents by their extension are left out. A file that cannot be read is
// yielded as an error that names it, with Document.Name set, and the next one
// follows; when the folder itself cannot be read, that error is the only one.
func (f *Folder) Documents() iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		entries, err := fs.ReadDir(f.files, ".")
		if err != nil {
			yield(Document{}, fmt.Errorf("read folder: %w", err))
			return
		}
		for _, entry := range entries {
			if entry.IsDir() || !isDocument(entry.Name()) {
				continue
			}
			document, changed, err := f.read(entry.Name())
			if (changed || err != nil) && !yield(document, err) {
				return
			}
		}
	}
}

// Done notes that a document was dealt with, whatever came of it: Documents
// leaves it out until its file changes.
func (f *Folder) Done(d Document) { f.done[d.Name] = d.stamp }

func (f *Folder) read(name string) (d Document, changed bool, err error) {
	d.Name = name
	file, err := f.files.Open(name)
	if err != nil {
		return d, false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return d, false, err
	}
	d.stamp = stamp{modified: info.ModTime(), size: info.Size()}
	if !info.Mode().IsRegular() || f.done[name] == d.stamp {
		return d, false, nil
	}
	d.Data, err = readDocument(file)
	if err != nil {
		return d, false, fmt.Errorf("%s: %w", name, err)
	}
	return d, true, nil
}

// readDocument reads a document to its end. It fails when there is more than
// digest.MaxDocument.
func readDocument(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, digest.MaxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(data) > digest.MaxDocument {
		return nil, fmt.Errorf("document is larger than %d MB: give each issue a file of its own", digest.MaxDocument>>20)
	}
	return data, nil
}

// isDocument tells by a file's name whether it holds a document. Names that
// begin with a dot, "~" or "#" or end in "~" are how editors, browsers and
// copying programs name what is not finished. A README is about the folder,
// and must not go out to thousands of people as the newest issue.
func isDocument(name string) bool {
	if strings.ContainsAny(name[:1], ".~#") || strings.HasPrefix(strings.ToLower(name), "readme.") {
		return false
	}
	return slices.Contains(DocumentExtensions(), strings.ToLower(path.Ext(name)))
}
