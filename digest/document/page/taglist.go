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
