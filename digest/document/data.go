package document

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/fields"
)

// isData reports whether a document is JSON or XML that is neither a feed nor a page, or
// what is left of such a document.
func (s *source) isData() bool {
	text := strings.TrimLeft(s.text, leadingBlanks)
	switch {
	case s.front.Metadata != nil || text == "" || isPage(text):
		return false
	case hasExtension(s.name, ".xml", ".rss", ".atom", ".json"), opensAsXML(text), isTail(text):
		return true
	case isFragment(text):
		return true
	case text[0] == '{' || text[0] == '[':
		return fields.OpensAsJSON.MatchString(text[:min(len(text), 1024)]) || json.Valid([]byte(text))
	}
	return false
}

// pageRoot matches the root of a page, which may begin as XML does (XHTML).
var pageRoot = regexp.MustCompile(`(?i)<(?:!doctype\s+)?html[\s>]`)

func isPage(text string) bool { return pageRoot.MatchString(text[:min(len(text), 4096)]) }

// xmlOpening is how XML begins, and what a cut may leave of it.
const xmlOpening = "<?xml"

func opensAsXML(text string) bool {
	return strings.HasPrefix(text, xmlOpening) || len(text) > 1 && strings.HasPrefix(xmlOpening, text)
}

// feedEnd matches the end of a feed, whose beginning may be missing.
var feedEnd = regexp.MustCompile(`(?i)</(?:item|entry|channel|items)>\s*</(?:rss|feed|channel|rdf:rdf)>(?:\s*</rss>)?(?:\s|<!--[^<]*-->)*$`)

// isTail reports whether a document ends as a feed does.
func isTail(text string) bool {
	return feedEnd.MatchString(text[max(0, len(text)-1024):])
}

// isFragment reports whether a document is from the middle of a feed. Markdown may show such
// a piece as code.
func isFragment(text string) bool {
	has := func(marks ...string) bool {
		return slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(text, mark) })
	}
	return has("</item>", "</entry>") && has("<item>", "<entry>", "<item ") && has("<pubDate>", "<guid", "<updated>", "<published>") &&
		!has("```", "~~~", "    <item>", "\t<item>", "<pre")
}

// IsData reports whether a document is JSON or XML that is neither a feed nor a page. name
// is its file name.
func IsData(name string, document []byte) bool {
	s, err := open(name, document)
	return err == nil && !s.isFeed() && s.isData()
}

// refuseData says why data is not read.
func (s *source) refuseData() ([]*digest.Issue, error) {
	text := strings.TrimLeft(s.text, leadingBlanks)
	switch {
	case isTail(text), isFragment(text):
		return nil, fmt.Errorf("the beginning is missing: %w", ErrFeed)
	case fields.OpensAsJSON.MatchString(text[:min(len(text), 1024)]) && !json.Valid([]byte(text)):
		return nil, fmt.Errorf("it is cut off or malformed; %w", ErrNotFeed)
	}
	return nil, ErrNotFeed
}
