package document

import (
	"regexp"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/encoding"
	"digestbot/digest/document/fields"
)

// source is a document whose text is known, but not its format.
type source struct {
	name     string // file name or address
	text     string // all of it
	front    fields.FrontMatter
	body     string // text without the front matter
	warnings []string

	kind     string // name of its format
	encoding string // in words, if somebody asked
	reading  *reading
}

// open decodes a document and separates its metadata.
func open(name string, document []byte) (*source, error) {
	s := &source{name: name}
	text, warning, err := encoding.Decode(document, IsFeed)
	if err != nil {
		return nil, err
	}
	s.text = text
	if warning != "" {
		s.warnings = []string{warning}
	}
	if s.isFeed() {
		s.body = text // in JSON it is no front matter
		return s, nil
	}
	s.front, s.body, err = fields.Split(text)
	return s, err
}

// format is one kind of document.
type format struct {
	name string
	is   func(*source) bool
	read func(*source) ([]*digest.Issue, error)
}

// formats are all of them, in the order in which they are tried. The content decides
// before the name of the file does.
var formats = []format{
	{"feed", (*source).isFeed, (*source).readFeed},
	{"data", (*source).isData, (*source).refuseData},
	{"HTML", (*source).isHTML, (*source).readHTML},
	{"another markup language", (*source).isForeign, (*source).refuseForeign},
	{"Markdown", func(*source) bool { return true }, (*source).readMarkdown},
}

// format returns the first format that the document is.
func (s *source) format() format {
	return formats[slices.IndexFunc(formats, func(f format) bool { return f.is(s) })]
}

func (s *source) readHTML() ([]*digest.Issue, error) { return s.readBody((*draft).readHTML) }
func (s *source) readMarkdown() ([]*digest.Issue, error) {
	s.addListed()
	return s.readBody((*draft).readMarkdown)
}

// IsFeed reports whether the document is a feed (RSS, RDF, Atom, JSON Feed), of
// which [ParseAll] makes an issue for each entry.
func IsFeed(document []byte) bool {
	return isFeedText(encoding.Beginning(document))
}

func (s *source) isFeed() bool { return isFeedText(s.text) }

func isFeedText(text string) bool {
	head := strings.TrimLeft(text[:min(len(text), 1<<16)], leadingBlanks)
	if head == "" {
		return false
	}
	if head[0] == '{' {
		return jsonFeed.MatchString(head)
	}
	return head[0] == '<' && feedRoot.MatchString(head)
}

// leadingBlanks may stand before a document without a meaning.
const leadingBlanks = " \t\r\n\ufeff\u00a0\u200b"

// feedRoot matches the root element of an RSS, RDF or Atom document, after its
// declaration, comments and processing instructions.
var feedRoot = regexp.MustCompile(`(?is)^(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>)*<(rss|feed|(?:[a-z0-9]+:)?rdf|[a-z0-9]+:feed)(?:[\s>/]|$)`)

// jsonFeed matches the version that every JSON Feed names, jsonfeed.org/version/1.1.
var jsonFeed = regexp.MustCompile(`"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org`)

// opensAsHTML matches what pages and fragments of pages begin with.
var opensAsHTML = regexp.MustCompile(`(?i)^(?:\s|<\?xml[^>]*\?>|<!--(?:[^-]|-[^-])*-->)*<(?:!doctype|html|head|body|div|section|article|main|header|p|h[1-6]|ul|ol|table|blockquote|style|center|figure|meta|link|title|span|font|img|a)[\s>/]`)

// pageTag matches a tag that a page has, and no fragment.
var pageTag = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body)[\s>]`)

// generatorLine matches a line that only site generators understand: a tag of a template,
// or a picture of Markdown.
var generatorLine = regexp.MustCompile(`(?m)^(?:\{\{[<%].*[>%]\}\}|\{%.*%\}|!\[[^\]\n]*\]\([^)\n]+\))[ \t]*$`)

func hasGeneratorLine(text string) bool {
	mayBe := strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "](") // the pattern takes long
	return mayBe && generatorLine.MatchString(text)
}

// definitionLine matches the definition of a link in Markdown.
var definitionLine = regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:[ \t]+<?https?://`)

func definesLinks(text string) bool { // the pattern takes long
	return strings.Contains(text, "]: ") && definitionLine.MatchString(text)
}

// isHTML reports whether a document is HTML rather than Markdown. Markdown
// may begin with a little HTML, such as a centred picture, so the marks of both
// are counted.
func (s *source) isHTML() bool {
	body := s.body
	if !opensAsHTML.MatchString(body[:min(len(body), 4096)]) {
		return false
	}
	sample := body[:min(len(body), 1<<18)]
	if s.isMarkdownAmidHTML(sample) && !pageTag.MatchString(sample) {
		return false
	}
	tags := strings.Count(sample, "</") + strings.Count(sample, "<br") + strings.Count(sample, "<p>")
	marks := strings.Count(sample, "](http")
	for line := range strings.Lines(sample) {
		if isMarkdownLine(line) {
			marks++
		}
	}
	return tags >= 2*marks
}

// isMarkdownAmidHTML reports whether a text that is no page has what no fragment of HTML has:
// definitions of links, texts that only empty lines separate, and below a front matter, where
// a text may be nearly all HTML, lines for a site generator.
func (s *source) isMarkdownAmidHTML(sample string) bool {
	return definesLinks(sample) || s.front.Metadata != nil && hasGeneratorLine(sample) || hasBareTexts(sample)
}

// How many lines of text must stand outside of elements, and how long each is, in bytes, so
// that a document is no HTML.
const (
	manyBareTexts = 3
	bareText      = 60
)

// hasBareTexts reports whether several texts begin behind empty lines, and not with a tag. In
// code and scripts of HTML they may.
func hasBareTexts(sample string) bool {
	if strings.Contains(sample, "<pre") || strings.Contains(sample, "<script") || strings.Contains(sample, "<style") {
		return false
	}
	texts, blank := 0, true
	for line := range strings.Lines(sample) {
		if blank && len(line) >= bareText && !strings.ContainsAny(line[:1], " \t<{") {
			texts++
		}
		blank = strings.TrimSpace(line) == ""
	}
	return texts >= manyBareTexts
}

// isMarkdownLine reports whether a line begins like a heading, a list, a quotation
// or a fence of Markdown.
func isMarkdownLine(line string) bool {
	for _, mark := range []string{"# ", "- ", "* ", "+ ", "> ", "## ", "### ", "#### ", "1. ", "```", "~~~"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}
