// Package bounds says how large a document may be, and refuses one that is larger with an
// [Error], before any library sees it: the parsers of HTML, Markdown and feeds take
// hundreds of bytes for a single mark, and some take memory with the square of the nesting.
//
// [CountHTML], [CheckMarks], [CheckParagraphs], [CheckTOML] and [CheckFeed] build nothing of a text but,
// of an Atom feed with bases of addresses, the entries.
package bounds

import "fmt"

// Bounds of what a document may hold, far above what an issue of any digest has: one of
// 30 KB has about 300 marks, 200 lines and, as HTML, 1,000 tags.
const (
	MaxFrontMatter = 32 << 10 // bytes
	maxMetaNesting = 8        // of brackets and dotted keys in TOML
	MaxText        = 1 << 20  // bytes of a document, or of an entry of a feed
	maxMarks       = 20_000   // of Markdown, each line counted as one
	maxRunMarks    = 8_000    // of Markdown without an empty line or a new list entry between them
	MaxTags        = 15_000   // of HTML, with attributes
	MaxElements    = 200_000  // that a parser of HTML may make of the tags
	maxOpenStyles  = 1_000    // unclosed elements such as <b>, with attributes
	MaxTargets     = 2 << 20  // bytes of the addresses and titles of links in Markdown
	MaxEntries     = 500      // of a feed
	MaxFeedTags    = 40_000   // of HTML, in all entries of a feed
	maxFeedMarks   = 60_000   // elements and attributes, or values, of a feed
	maxFeedNesting = 64
)

// Error says that a document holds more than any issue does.
type Error struct {
	Line int    // in the document, counted from 1; 0: unknown
	What string // what there is too much of, and the cure
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.What)
	}
	return e.What
}

// ErrEntries says that a feed has more entries than MaxEntries.
var ErrEntries = &Error{What: fmt.Sprintf("more than %d entries: divide the feed", MaxEntries)}

// ErrTooLong says that a text is longer than MaxText.
var ErrTooLong = &Error{What: fmt.Sprintf("text is longer than %d MB: give each issue a file of its own, without pictures in it", MaxText>>20)}

// MaxSize is the size from which on a document is refused, in bytes. Only a feed
// may be that large: its entries, and all other documents, up to half of it.
const MaxSize = 2 << 20
