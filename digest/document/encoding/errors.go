package encoding

import (
	"errors"
	"fmt"
)

// Errors of Decode. Each says the cause and the cure.
var (
	// ErrEmpty says that there is nothing in the document, or only white space.
	ErrEmpty = errors.New("document is empty: check that it was saved or downloaded completely")
	// ErrNotText says that the document is a picture, an archive or another binary file.
	ErrNotText = errors.New("document is not text: give a Markdown, HTML or text file, or a feed")
	// ErrEncoding says that the document is not UTF-8, and in no other known encoding either.
	ErrEncoding = errors.New("document is not UTF-8, and no other encoding makes a text of it: save it as UTF-8")
)

// FormatError says that a document is in a format that is not read.
type FormatError struct {
	Format string // its name
	Cure   string // what to do about it
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("looks like %s, which is not read: %s", e.Format, e.Cure)
}
