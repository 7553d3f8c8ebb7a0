package fields

import "fmt"

// FrontMatterError says why a front matter cannot be read.
type FrontMatterError struct {
	Line int // in the document, counted from 1
	Err  error
}

func (e *FrontMatterError) Error() string {
	return fmt.Sprintf("front matter, line %d: %v", e.Line, e.Err)
}

func (e *FrontMatterError) Unwrap() error { return e.Err }
