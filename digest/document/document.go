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
// A document is read in four steps. The text is decoded (encoding.go, guess.go), and
// its format found out from the content (format.go); what is none of ours is refused
// (data.go, foreign.go). Markdown and the entries of a
// feed become HTML (clean.go, markdown.go, feed.go), and HTML becomes a list of blocks
// (html.go, nodes.go). Headings, or bold lines where there are none, divide them into
// sections (outline.go, title.go, labels.go, sections.go), and what stands out within a section divides it into items (items.go, shapes.go,
// itemtitle.go). Number, date, picture and key are found last (assemble.go).
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
)

// Errors of Parse and ParseAll that a caller may want to tell apart. Each says
// the cause and the cure. The returned error wraps it with the document's name.
var (
	// ErrNothing: the document was read, but holds nothing a reader could see.
	ErrNothing = errors.New("document has nothing to show: it needs a title or some text")
	// ErrNotFeed: the document is data for programs. An issue made of it would be a page
	// of brackets.
	ErrNotFeed = errors.New("JSON and XML are only read as a feed (RSS, Atom, JSON Feed), and this is none: " +
		"give the feed, or the document as Markdown or HTML")
	// ErrFeed: the feed is cut off or malformed.
	ErrFeed = errors.New("feed is cut off or malformed: fetch it again, or validate it")
)

// Parse reads one document, HTML or Markdown, with or without front matter; of a
// feed it reads the first entry. The content decides which format it is. name is
// the file name or address of the document: it gives the key if nothing else
// does, and the date if the document has none; relative links are resolved
// against it if it is an http(s) address.
//
// The error wraps [ErrEmpty] or another of that block, a [*FrontMatterError], a
// [*FormatError] or a [*BoundsError]. A document of 1 MB that is within the bounds takes at most 64 MB
// of memory, and about a second.
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

// draft is a document on its way to becoming an issue.
type draft struct {
	name  string // file name or address
	meta  metadata
	place place  // where meta is from
	plan  plan   // of the sections
	title string // of a page, from its head
	page  string // the title in the head of a page, with all that stands beside it
	nodes []node
	base  *url.URL // relative addresses are resolved against it; nil: they are dropped
	// address is where the document is published; nil: unknown
	address  *url.URL
	relative relatives
	feed     string // title of the feed that it is an entry of

	tags     int  // how many tags it may have
	markdown bool // the body was Markdown

	outline Outline // what made the sections
	notes   *notes  // what was decided, and why
}

func (r *reading) readDocument(name string, document []byte) ([]*digest.Issue, error) {
	s, err := open(name, document)
	if err != nil {
		return nil, err
	}
	s.reading = r
	if r.explain {
		s.encoding = encodingOf(document, s.warnings)
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
	if len(s.text) > maxText {
		return nil, errTooLong
	}
	d := &draft{name: s.name, meta: s.meta, place: inFrontMatter, tags: maxTags, notes: s.reading.next()}
	d.notes.say(AboutFormat, "%s, by its content", s.kind)
	d.address = baseURL(s.meta.get(addressField.Keys...), s.name)
	var err error
	if d.plan, err = readPlan(strings.TrimSuffix(s.text, s.body)); err != nil {
		return nil, err
	}
	d.notes.say(AboutEncoding, "%s", s.encoding)
	err = read(d, s.body)
	if e, ok := errors.AsType[*BoundsError](err); ok && e.Line > 0 {
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
