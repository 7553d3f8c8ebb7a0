package document

import (
	"errors"
	"fmt"
)

// FormatError says that a document is in a format that is not read.
type FormatError struct {
	Format string
	Cure   string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("looks like %s, which is not read: %s", e.Format, e.Cure)
}

// ErrEmpty: there is nothing in the document, or only white space.
var ErrEmpty = errors.New("document is empty: check that it was saved or downloaded completely")

// ErrNotText: the document is a picture, an archive or another binary file.
var ErrNotText = errors.New("document is not text: give a Markdown, HTML or text file, or a feed")

// ErrEncoding: the document is not UTF-8, and in no other known encoding either.
var ErrEncoding = errors.New("document is not UTF-8, and no other encoding makes a text of it: save it as UTF-8")
