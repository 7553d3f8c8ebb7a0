package digest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// Errors of Parse and ParseAll that a caller may want to tell apart. Each
// names cause and cure; the returned error wraps it with the document's name.
var (
	// ErrEmpty: there is nothing in the document, or only white space.
	ErrEmpty = errors.New("document is empty: check that it was saved or downloaded completely")
	// ErrNotText: the document is a picture, an archive or another binary file.
	ErrNotText = errors.New("document is not text: give a Markdown, HTML or text file, or a feed")
	// ErrEncoding: the document is neither UTF-8 nor says what else it is.
	ErrEncoding = errors.New("document is not UTF-8 and declares no other encoding: save it as UTF-8")
	// ErrNothing: the document was read, but holds nothing a reader could see.
	ErrNothing = errors.New("document has nothing to show: it needs a title or some text")
	// ErrFeed: the feed is cut off or malformed.
	ErrFeed = errors.New("feed is cut off or malformed: fetch it again, or validate it")
)

// FrontMatterError is a front matter that cannot be read.
type FrontMatterError struct {
	Line int // in the document, counted from 1
	Err  error
}

func (e *FrontMatterError) Error() string {
	return fmt.Sprintf("front matter, line %d: %v", e.Line, e.Err)
}

func (e *FrontMatterError) Unwrap() error { return e.Err }

// Parse reads one document: front matter or none, then HTML or Markdown; of a
// feed, its first entry. name is the document's file name or address: it
// gives the key when nothing else does, a date when the document has none,
// and resolves relative links when it is an http(s) address. What format the
// document has is decided by its content.
//
// The error wraps one of the errors above, a *FrontMatterError or a *BoundsError. What the
// bounds let through takes at most 64 MB of memory and about a second for a document
// of 1 MB.
func Parse(name string, document []byte) (*Issue, error) {
	if IsFeed(document) {
		issues, err := ParseAll(name, document)
		if err != nil {
			return nil, err
		}
		return issues[0], nil
	}
	issue, err := parseDocument(name, document)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return issue, nil
}

// ParseAll reads all issues of a document: of a feed one per entry, in the
// feed's order; of anything else exactly one. It never returns an empty slice
// without an error.
func ParseAll(name string, document []byte) ([]*Issue, error) {
	if !IsFeed(document) {
		issue, err := Parse(name, document)
		if err != nil {
			return nil, err
		}
		return []*Issue{issue}, nil
	}
	issues, err := parseFeed(name, document)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return issues, nil
}

// draft is a document on its way to becoming an issue.
type draft struct {
	name  string // file name or address
	meta  metadata
	title string // what the document says of itself outside its body
	nodes []node
	base  *url.URL // resolves relative addresses; nil: they are dropped
	feed  string   // title of the feed it came in

	tags     int  // how many tags it may have
	markdown bool // the body was Markdown
}

func parseDocument(name string, document []byte) (*Issue, error) {
	text, err := decode(document)
	if err != nil {
		return nil, err
	}
	if len(text) > maxText {
		return nil, errTooLong
	}
	meta, body, err := splitFrontMatter(text)
	if err != nil {
		return nil, err
	}
	d := &draft{name: name, meta: meta, tags: maxTags}
	d.base = baseURL(meta.get("canonical", "canonical_url", "link", "url", "source", "permalink"), name)
	if looksLikeHTML(body) {
		err = d.readHTML(body)
	} else {
		err = d.readMarkdown(body)
	}
	if e, ok := errors.AsType[*BoundsError](err); ok && e.Line > 0 {
		e.Line += strings.Count(text, "\n") - strings.Count(body, "\n")
	}
	if err != nil {
		return nil, err
	}
	issue := d.issue()
	if issue.Title == "" && len(issue.Sections) == 0 && len(issue.Intro) == 0 {
		return nil, ErrNothing
	}
	return issue, nil
}

// decode returns the document as UTF-8 with "\n" line ends.
func decode(document []byte) (string, error) {
	if len(bytes.TrimSpace(document)) == 0 {
		return "", ErrEmpty
	}
	text, err := toUTF8(document)
	if err != nil {
		return "", err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if strings.TrimSpace(text) == "" {
		return "", ErrEmpty
	}
	return text, nil
}

func toUTF8(document []byte) (string, error) {
	wide := bytes.HasPrefix(document, []byte("\xff\xfe")) || bytes.HasPrefix(document, []byte("\xfe\xff"))
	if !wide && bytes.IndexByte(document, 0) >= 0 {
		return "", ErrNotText
	}
	if utf8.Valid(document) {
		return string(document), nil
	}
	label := declaredEncoding(document)
	if wide {
		label = "utf-16"
	}
	encoding, name := charset.Lookup(label)
	if encoding == nil || name == "utf-8" {
		if binarySignature(document) {
			return "", ErrNotText
		}
		return "", ErrEncoding
	}
	if wide {
		encoding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	decoded, err := encoding.NewDecoder().Bytes(document)
	if err != nil || !utf8.Valid(decoded) {
		return "", ErrEncoding
	}
	return string(decoded), nil
}

var encodingPatterns = []*regexp.Regexp{
	regexp.MustCompile(`^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.:-]+)["']`),
	regexp.MustCompile(`(?i)<meta[^>]*charset\s*=\s*["']?([A-Za-z0-9_.:-]+)`),
}

// declaredEncoding returns the encoding an XML declaration or a page's head
// names, or "".
func declaredEncoding(document []byte) string {
	head := document[:min(len(document), 4096)]
	for _, pattern := range encodingPatterns {
		if m := pattern.FindSubmatch(head); m != nil {
			return string(m[1])
		}
	}
	return ""
}

// binarySignature tells whether the document starts with control characters
// that no text has.
func binarySignature(document []byte) bool {
	for _, c := range document[:min(len(document), 512)] {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			return true
		}
	}
	return bytes.HasPrefix(document, []byte("\xff\xd8"))
}

// feedRoot matches the root elements of RSS, RDF and Atom documents, after
// declaration, comments and processing instructions.
var feedRoot = regexp.MustCompile(`(?is)^(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*<(rss|feed|(?:[a-z0-9]+:)?rdf|[a-z0-9]+:feed)[\s>/]`)

// jsonFeed matches the version every JSON Feed names, jsonfeed.org/version/1.1.
var jsonFeed = regexp.MustCompile(`"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org`)

// IsFeed tells whether the document is a feed (RSS, RDF, Atom, JSON Feed), of
// which ParseAll makes one issue per entry.
func IsFeed(document []byte) bool {
	head := bytes.TrimPrefix(document[:min(len(document), 1<<16)], []byte("\ufeff"))
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 {
		return false
	}
	if head[0] == '{' {
		return jsonFeed.Match(head)
	}
	return head[0] == '<' && feedRoot.Match(head)
}

// opensAsHTML matches what pages and fragments of pages begin with.
var opensAsHTML = regexp.MustCompile(`(?i)^(?:\s|<!--(?:[^-]|-[^-])*-->)*<(?:!doctype|html|head|body|div|section|article|main|header|p|h[1-6]|ul|ol|table|blockquote|style|center|figure|meta|link|title|span|font|img|a)[\s>/]`)

// looksLikeHTML tells HTML from Markdown (which may begin with a little HTML
// of its own, such as a centred picture) by what there is more of.
func looksLikeHTML(body string) bool {
	if !opensAsHTML.MatchString(body[:min(len(body), 4096)]) {
		return false
	}
	sample := body[:min(len(body), 1<<18)]
	tags := strings.Count(sample, "</") + strings.Count(sample, "<br") + strings.Count(sample, "<p>")
	marks := strings.Count(sample, "](http")
	for line := range strings.Lines(sample) {
		if isMarkdownLine(line) {
			marks++
		}
	}
	return tags >= 2*marks
}

// isMarkdownLine tells whether a line begins as a heading, a list, a quotation
// or a fence does in Markdown.
func isMarkdownLine(line string) bool {
	for _, mark := range []string{"# ", "- ", "* ", "+ ", "> ", "## ", "### ", "#### ", "1. ", "```", "~~~"} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// baseURL returns the first absolute http(s) address of candidates.
func baseURL(candidates ...string) *url.URL {
	for _, c := range candidates {
		if u, err := url.Parse(strings.TrimSpace(c)); err == nil && isWeb(u) && len(c) <= maxURL {
			return u
		}
	}
	return nil
}

func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// baseName returns the last part of the document's file name or address,
// without extension.
func baseName(name string) string {
	if u, err := url.Parse(name); err == nil && isWeb(u) {
		name = strings.TrimSuffix(u.Path, "/")
		if name == "" {
			return u.Host
		}
	}
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	if ext := path.Ext(name); len(ext) > 1 && len(ext) <= 9 && ext != name {
		name = strings.TrimSuffix(name, ext)
	}
	return name
}
