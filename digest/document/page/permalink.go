package page

import (
	"net/url"
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isPermalink reports whether an element is a sign that site generators put into
// headings for their own use: a link to the heading itself, or to edit it.
// Readers of a chat can use neither.
func (b *builder) isPermalink(n *html.Node) bool {
	if n.DataAtom != atom.A && !b.heading {
		return false
	}
	class := attr(n, "class")
	if strings.Contains(class, "editsection") || strings.Contains(class, "secedit") {
		return true
	}
	if n.DataAtom != atom.A {
		return false
	}
	href := attr(n, "href")
	if b.heading && strings.Contains(href, "action=edit") {
		return true
	}
	if !b.leadsWithin(href) {
		return false
	}
	return b.heading && isSign(n) || strings.Contains(class, "headerlink") || b.heading && isPermalinkClass(class) && hasTextBeside(n)
}

// leadsWithin reports whether a link leads to a place within the page.
func (b *builder) leadsWithin(href string) bool {
	if strings.HasPrefix(href, "#") {
		return true
	}
	page, place, found := strings.Cut(href, "#")
	if !found || place == "" {
		return false
	}
	if b.base != nil {
		if u, err := url.Parse(page); err == nil {
			base := *b.base
			base.Fragment, base.RawFragment = "", ""
			return b.base.ResolveReference(u).String() == base.String()
		}
	}
	return place == b.place
}

// maxSign is how many elements and texts a sign may consist of.
const maxSign = 32

// isSign reports whether an element shows no words, only a sign such as "¶" or a
// picture.
func isSign(n *html.Node) bool {
	seen := 0
	for c := range n.Descendants() {
		if seen++; seen > maxSign || c.Type == html.TextNode && digest.HasWords(c.Data) && c.Parent.DataAtom != atom.Title {
			return false
		}
	}
	return true
}

// isPermalinkClass reports whether a class is one that generators give to their
// permalinks; those hold words for screen readers.
func isPermalinkClass(class string) bool {
	return hasOneOf([]string{"anchor", "permalink", "headerlink", "hash-link", "header-link", "heading-link"}, strings.ToLower(class))
}

// hasTextBeside reports whether words stand beside an element, so that it is not
// the whole heading.
func hasTextBeside(n *html.Node) bool {
	seen := 0
	for c := n.Parent.FirstChild; c != nil && seen < maxSign; c = c.NextSibling {
		if c != n && (c.Type == html.TextNode && digest.HasWords(c.Data) || !isSign(c)) {
			return true
		}
		seen++
	}
	return false
}
