package document

import (
	"bytes"
	"regexp"
	"strings"
)

// IsFeed reports whether the document is a feed (RSS, RDF, Atom, JSON Feed), of
// which [ParseAll] makes an issue for each entry.
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

// feedRoot matches the root element of an RSS, RDF or Atom document, after its
// declaration, comments and processing instructions.
var feedRoot = regexp.MustCompile(`(?is)^(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*<(rss|feed|(?:[a-z0-9]+:)?rdf|[a-z0-9]+:feed)[\s>/]`)

// jsonFeed matches the version that every JSON Feed names, jsonfeed.org/version/1.1.
var jsonFeed = regexp.MustCompile(`"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org`)

// opensAsHTML matches what pages and fragments of pages begin with.
var opensAsHTML = regexp.MustCompile(`(?i)^(?:\s|<!--(?:[^-]|-[^-])*-->)*<(?:!doctype|html|head|body|div|section|article|main|header|p|h[1-6]|ul|ol|table|blockquote|style|center|figure|meta|link|title|span|font|img|a)[\s>/]`)

// looksLikeHTML reports whether a document is HTML rather than Markdown. Markdown
// may begin with a little HTML, such as a centred picture, so the marks of both
// are counted.
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
