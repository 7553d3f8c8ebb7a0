package page

import (
	"net/url"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// filingPath matches the addresses of the pages on which a site lists what it has by an
// author, or of a day. isTag knows those of tags and categories.
var filingPath = plain.Pattern(`(?i)(?:^|/)(?:authors?|autor(?:es)?)/[^/?#]+/?$|(?:^|/)(?:19|20)[0-9]{2}(?:/[0-9]{1,2}){0,2}/?$`)

// filingRole returns the role of a link that leads to such a page of the same site, or to
// the page itself. Elsewhere a path of that kind is that of a text.
func (b *builder) filingRole(n *html.Node) Role {
	host := ""
	if b.base != nil {
		host = b.base.Host
	}
	if isTag(n, host) {
		return Filing
	}
	href := strings.TrimSpace(attr(n, "href"))
	u, err := url.Parse(href)
	if err != nil || href == "#" { // which leads nowhere
		return 0
	}
	if b.base != nil {
		u = b.base.ResolveReference(u)
	}
	isSame := b.base != nil && u.Path == b.base.Path && len(u.Path) > 1 && u.RawQuery == b.base.RawQuery
	switch {
	case u.Host != host:
		return 0
	case isSame && u.Fragment != "":
		return Own
	case isSame, filingPath().MatchString(u.Path):
		return Filing
	}
	return 0
}

const (
	maxFilingLine  = 120 // columns of a line that says where a page is filed
	maxFilingNodes = 12  // how many nodes above or below the text may be such lines
)

// filesAll reports whether all links of a list file the page.
func (b *builder) filesAll(list *html.Node) bool {
	links := 0
	for n := range list.Descendants() {
		if n.DataAtom == atom.A {
			if b.filingRole(n) != Filing {
				return false
			}
			links++
		}
	}
	return links > 0
}

// withoutFiling takes out the lines above and below the text of a page that say where it
// is filed: under which tags, in which category, by whom. The lines above it may say the
// date as well, so they are kept for that.
func (p *Page) withoutFiling(nodes []Node) []Node {
	if !slices.ContainsFunc(nodes, isFiling) {
		return nodes
	}
	top := lenAboveText(nodes)
	bottom := len(nodes) - lenBelowText(nodes[top:])
	var out []Node
	for i, n := range nodes {
		if (i < top || i >= bottom) && isFiling(n) {
			text := oneLine(filingText(n))
			p.Notes.LeaveOut("tags, categories and authors of the page", text)
			if i < top {
				p.linesAbove = append(p.linesAbove, text)
			}
			continue
		}
		out = append(out, n)
	}
	return out
}

// lenAboveText returns how many nodes at the beginning may say where the page is filed: the
// text begins below the title, with a second heading or with a list.
func lenAboveText(nodes []Node) int {
	headings := 0
	first := slices.IndexFunc(nodes, func(n Node) bool {
		if n.Kind == digest.Heading {
			headings++
		}
		return headings > 1 || n.Kind == digest.List && !isFiling(n)
	})
	if first < 0 {
		first = len(nodes)
	}
	return min(first, maxFilingNodes)
}

// lenBelowText returns how many nodes at the end say where the page is filed, with the
// rules and gaps between them. Whatever else comes first, from the end, is the text.
func lenBelowText(nodes []Node) int {
	n := 0
	for _, node := range slices.Backward(nodes) {
		if n == maxFilingNodes || !isFiling(node) && node.Kind != Blank && node.Kind != Rule {
			break
		}
		n++
	}
	return n
}

// isFiling reports whether a node is a short line, or a list, whose links all file the page.
func isFiling(n Node) bool {
	if !n.Roles.onlyFor(Filing) || n.Kind != digest.Paragraph && n.Kind != digest.List {
		return false
	}
	return digest.Width(filingText(n)) <= maxFilingLine
}

func filingText(n Node) string {
	var text strings.Builder
	for s := range digest.AllSpans([]digest.Block{n.Block}) {
		text.WriteString(s.Text + " ")
	}
	return text.String()
}

// removeTagLists takes out of a page the lists of its tags and categories: elements whose
// words are all links to what the same site has under them.
func removeTagLists(body *html.Node, base *url.URL, notes *note.List) {
	var f tagListFinder
	if base != nil {
		f.host = base.Host
	}
	f.look(body)
	for _, list := range f.lists {
		if notes.AreAsked() {
			notes.LeaveOut("tags and categories of the page", textOf(list))
		}
		list.Parent.RemoveChild(list)
	}
}

type tagListFinder struct {
	host  string // of the page
	lists []*html.Node
}

// look finds the lists in n, of which the largest count. It reports whether n has links to
// tags, and whether it has other words.
func (f *tagListFinder) look(n *html.Node) (tags, other bool) {
	switch {
	case n.Type == html.TextNode:
		return false, digest.HasWords(n.Data)
	case n.Type != html.ElementNode || n.DataAtom == atom.Script || n.DataAtom == atom.Style:
		return false, false
	case n.DataAtom == atom.A:
		tags = isTag(n, f.host)
		return tags, !tags
	case n.DataAtom == atom.Img || isHeadingElement(n):
		return false, true
	}
	before := len(f.lists)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t, o := f.look(c)
		tags, other = tags || t, other || o
	}
	if tags && !other && standsApart(n) {
		f.lists = append(f.lists[:before], n)
	}
	return tags, other
}

// standsApart reports whether an element can be taken out of a page: it is no part of a
// line, and not all of the page.
func standsApart(n *html.Node) bool {
	return n.DataAtom != atom.Body && (blockElements[n.DataAtom] || n.DataAtom == atom.Ul || n.DataAtom == atom.Ol)
}

// tagPath matches the addresses of what a site has under a tag or in a category.
var tagPath = plain.Pattern(`(?i)(?:^|/)(?:tags?|categor(?:y|ies))/`)

// isTag reports whether a link leads to what the site with that host has under a tag.
func isTag(n *html.Node, host string) bool {
	u, err := url.Parse(attr(n, "href"))
	if err != nil || u.Path == "" || u.Host != "" && u.Host != host {
		return false
	}
	return slices.Contains(strings.Fields(attr(n, "rel")), "tag") || tagPath().MatchString(u.Path)
}

func isHeadingElement(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
