package page

import (
	"slices"
	"strings"

	"digestbot/digest"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Above returns the only heading of level 1 of a page if it stands outside of what
// [Page.Nodes] returned: above the text, or in a banner. lines are the texts between
// the two, which may have number and date.
func (p *Page) Above() (heading string, lines []string) { return p.above, p.linesAbove }

// maxLinesAbove is how many texts above that of the page are read.
const maxLinesAbove = 16

func (p *Page) readAbove(shown *goquery.Selection) {
	h1 := p.doc.Find("h1")
	if h1.Length() == 1 && !slices.ContainsFunc(shown.Nodes, func(n *html.Node) bool { return holds(n, h1.Nodes[0]) }) {
		p.above = oneLine(withoutMergeTags(h1.Text()))
		p.readLines(h1.Nodes[0].Parent, shown, maxLinesAbove)
	}
	if body := p.doc.Find("body"); len(shown.Nodes) == 1 && body.Length() == 1 && shown.Nodes[0] != body.Nodes[0] {
		p.readLines(body.Nodes[0], shown, len(p.linesAbove)+maxLinesAbove)
	}
}

// readLines reads the texts from an element to that of the page, until it has read so many.
func (p *Page) readLines(from *html.Node, shown *goquery.Selection, most int) {
	for n := from; n != nil && !slices.Contains(shown.Nodes, n) && len(p.linesAbove) < most; n = following(n) {
		if n.Type == html.TextNode && !SkippedElements[n.Parent.DataAtom] {
			if line := oneLine(n.Data); line != "" {
				p.linesAbove = append(p.linesAbove, line)
			}
		}
	}
}

// teaserOf returns the words of a hidden element above everything that has words.
func teaserOf(body *goquery.Selection) string {
	for _, n := range body.Nodes {
		for n = following(n); n != nil; n = following(n) {
			switch {
			case n.Type == html.ElementNode && isHidden(n):
				if text := textOf(n); digest.HasWords(text) {
					return oneLine(strings.Trim(text, padding+" \t\r\n\u00a0\u200b"))
				}
			case n.Type == html.TextNode && !SkippedElements[n.Parent.DataAtom] && digest.HasWords(n.Data):
				return ""
			}
		}
	}
	return ""
}

// following returns the node behind another in the order of the page.
func following(n *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	for n != nil && n.NextSibling == nil {
		n = n.Parent
	}
	if n == nil {
		return nil
	}
	return n.NextSibling
}

// holds reports whether an element is around another.
func holds(outer, inner *html.Node) bool {
	for n := inner; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}
