// Package document reads the documents that publishers write.
//
// [Parse] makes a [digest.Issue] of a document: Markdown or HTML, with or without
// front matter. [ParseAll] makes one of each entry of a feed.
//
//	issue, err := document.Parse("issue-179.md", data)
//	if err != nil {
//		return err
//	}
//	for _, m := range issue.Messages() {
//		fmt.Println(m.Section, m.Part, m.HTML)
//	}
//
// A document goes through the packages in this folder. Package encoding decodes the text,
// and fields separates the front matter. format.go finds out the format from the content.
// Package markdown makes HTML of Markdown, feed.go takes the HTML out of the entries of a
// feed, and page makes a list of blocks of HTML. Package cut takes out what is around the
// text, and outline finds sections and items. Title, number, date, picture and key are
// found last (assemble.go).
//
// Everything here is a pure function of its input: no clock, no network, no
// files. A document may be hostile; one that would take too much memory is
// refused with a [BoundsError] before a library sees it.
package document

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/encoding"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/page"
	"digestbot/digest/document/web"
)

// Errors of Parse and ParseAll that a caller may want to tell apart. Each says
// the cause and the cure. The returned error wraps it with the document's name.
var (
	// ErrEmpty: there is nothing in the document, or only white space.
	ErrEmpty = encoding.ErrEmpty
	// ErrNotText: the document is a picture, an archive or another binary file.
	ErrNotText = encoding.ErrNotText
	// ErrEncoding: the document is not UTF-8, and in no other known encoding either.
	ErrEncoding = encoding.ErrEncoding
	// ErrNothing: the document was read, but holds nothing a reader could see.
	ErrNothing = errors.New("document has nothing to show: it needs a title or some text")
	// ErrNotFeed: the document is data for programs. An issue made of it would be a page
	// of brackets.
	ErrNotFeed = errors.New("JSON and XML are only read as a feed (RSS, Atom, JSON Feed), and this is none: " +
		"give the feed, or the document as Markdown or HTML")
	// ErrNoLinks: a page has no link where there should be some.
	ErrNoLinks = errors.New("there are no such links on the page")
	// ErrFeed: the feed is cut off or malformed.
	ErrFeed = errors.New("feed is cut off or malformed: fetch it again, or validate it")
)

// Types of errors that Parse and ParseAll wrap.
type (
	// BoundsError says that a document holds more than any issue does.
	BoundsError = bounds.Error
	// FormatError says that a document is in a format that is not read.
	FormatError = encoding.FormatError
	// FrontMatterError says why a front matter cannot be read.
	FrontMatterError = fields.FrontMatterError
)

// MaxSize is the size from which on a document is refused, in bytes. Only a feed
// may be that large: its entries, and all other documents, up to half of it.
const MaxSize = bounds.MaxSize

// Note is one thing that was decided when a document was read.
type Note = note.Note

// Parse reads one document, HTML or Markdown, with or without front matter; of a
// feed it reads the first entry. The content decides which format it is. name is
// the file name or address of the document: it gives the key if nothing else
// does, and the date if the document has none; relative links are resolved
// against it if it is an http(s) address.
//
// The error wraps [ErrEmpty] or another of that block, a [*FrontMatterError], a
// [*FormatError] or a [*BoundsError]. A document of 1 MB that is within the bounds takes
// at most 64 MB of memory, and about a second.
func Parse(name string, document []byte) (*digest.Issue, error) {
	issues, err := ParseAll(name, document)
	if err != nil {
		return nil, err
	}
	return issues[0], nil
}

// ParseAll reads all issues of a document: of a feed one for each entry, in the
// order of the feed; of any other document exactly one. Without an error there
// is at least one issue. Its errors are those of [Parse].
func ParseAll(name string, document []byte) ([]*digest.Issue, error) {
	issues, err := (&reading{}).readDocument(name, document)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return issues, nil
}

// Transcode returns a document from the web as UTF-8 if it is in the encoding that its server
// named, such as "gb2312"; else as it is, and ParseAll finds out. What is kept of a document
// is best this: the word of the server is not in it.
func Transcode(document []byte, label string) []byte { return encoding.Transcode(document, label) }

// draft is a document on its way to becoming an issue.
type draft struct {
	name       string // file name or address
	meta       fields.Metadata
	place      place    // where meta is from
	plan       plan     // of the sections
	title      string   // of a page, from its head
	above      string   // the heading of level 1 of a page that stands outside of its text
	linesAbove []string // what else stands there
	headTitle  string   // the title in the head of a page, with all that stands beside it
	teaser     string   // of a mail, hidden above its text
	nodes      []page.Node
	base       *url.URL // relative addresses are resolved against it; nil: they are dropped
	// address is where the document is published; nil: unknown
	address  *url.URL
	relative page.Relatives
	feed     string // title of the feed that it is an entry of

	tags     int  // how many tags it may have
	markdown bool // the body was Markdown

	top   []numbers.TopLine // what the lines above everything say, once the title is known
	notes *note.List        // what was decided, and why
}

func (r *reading) readDocument(name string, document []byte) ([]*digest.Issue, error) {
	s, err := open(name, document)
	if err != nil {
		return nil, err
	}
	s.reading = r
	if r.explain {
		s.encoding = encoding.Of(document, s.warnings)
	}
	f := s.format()
	s.kind = f.name
	issues, err := f.read(s)
	if err != nil {
		return nil, err
	}
	issues[0].Warnings = append(s.warnings, issues[0].Warnings...)
	return issues, nil
}

// readBody reads the one issue of a document that is no feed.
func (s *source) readBody(read func(*draft, string) error) ([]*digest.Issue, error) {
	if len(s.text) > bounds.MaxText {
		return nil, bounds.ErrTooLong
	}
	d := &draft{name: s.name, meta: s.front.Metadata, place: inFrontMatter, tags: bounds.MaxTags, notes: s.reading.next()}
	d.notes.Say(note.Format, "%s, by its content", s.kind)
	d.address = web.Base(s.front.Get(fields.Address.Keys...), s.name)
	var err error
	if d.plan, err = readPlan(s.front); err != nil {
		return nil, err
	}
	d.notes.Say(note.Encoding, "%s", s.encoding)
	err = read(d, s.body)
	if e, ok := errors.AsType[*bounds.Error](err); ok && e.Line > 0 {
		e.Line += strings.Count(s.text, "\n") - strings.Count(s.body, "\n")
	}
	if err != nil {
		return nil, err
	}
	issue := d.issue()
	if issue.Title == "" && len(issue.Sections) == 0 && len(issue.Intro) == 0 {
		return nil, ErrNothing
	}
	return []*digest.Issue{issue}, nil
}
