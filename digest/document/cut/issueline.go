package cut

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// IssueLine takes out the heading above the text that says nothing but number
// and date of the issue, such as "Issue #39" or "Friday, 20 November 2026", and
// returns what it says. It is no section, and the title only if there is no
// other.
func IssueLine(nodes []page.Node, title string) ([]page.Node, string) {
	at := -1
	for i, n := range nodes {
		if n.Kind != digest.Heading || !numbers.IsIssueLine(digest.TextOf(n.Spans)) {
			continue
		}
		if at >= 0 {
			return nodes, "" // every part has its date
		}
		at = i
	}
	if at < 0 || !isAbove(nodes[:at]) {
		return nodes, ""
	}
	rest := outline.HeadingsOf(nodes[at+1:])
	before := outline.HeadingsOf(nodes[:at])
	if title == "" && len(before) == 0 {
		deeper := func(i int) bool { return nodes[at+1+i].Level > nodes[at].Level }
		if len(rest) == 0 || !slices.ContainsFunc(rest, func(i int) bool { return !deeper(i) }) {
			return nodes, "" // it is the title
		}
	}
	return slices.Delete(slices.Clone(nodes), at, at+1), digest.TextOf(nodes[at].Spans)
}

// maxAbove is how wide, in columns, a paragraph may be that stands above the line
// of an issue.
const maxAbove = 120

// isAbove reports whether nodes are what stands above the text: pictures, at most
// one heading, and short lines.
func isAbove(nodes []page.Node) bool {
	headings := 0
	for _, n := range nodes {
		switch n.Kind {
		case digest.Heading:
			headings++
		case digest.Paragraph:
			if digest.Width(digest.TextOf(n.Spans)) > maxAbove {
				return false
			}
		case digest.Image, page.Blank, page.Rule, page.Contents:
		default:
			return false
		}
	}
	return headings <= 1 && len(nodes) <= MaxTop
}
