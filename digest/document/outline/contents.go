package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// minContents is how many headings a list must name to be a table of contents.
const minContents = 3

// markContents marks each list that only names headings after it, perhaps with how much
// stands under them, as a table of contents: the cover is one.
func markContents(nodes []page.Node) []page.Node {
	lists := false
	for _, n := range nodes {
		lists = lists || isList(n) && len(n.Entries) >= minContents
	}
	if !lists {
		return nodes
	}
	var marked []page.Node
	names := map[string]bool{}
	for i, n := range slices.Backward(nodes) {
		switch {
		case n.Kind == digest.Heading:
			names[contentsName(n.Spans)] = true
		case isList(n) && len(n.Entries) >= minContents && namesHeadings(n, names):
			if marked == nil {
				marked = slices.Clone(nodes)
			}
			marked[i] = page.Node{Block: digest.Block{Kind: page.Contents}}
		}
	}
	if marked == nil {
		return nodes
	}
	return marked
}

// namesHeadings reports whether the entries of a list are names, nearly all of them, and
// lead nowhere.
func namesHeadings(list page.Node, names map[string]bool) bool {
	if LinksIn([]page.Node{list}) > 0 {
		return false
	}
	found := 0
	for _, entry := range list.Entries {
		if len(entry) > 0 && entry[0].Kind == digest.Paragraph && names[contentsName(entry[0].Spans)] {
			found++
		}
	}
	return found >= minContents && found*4 >= len(list.Entries)*3
}

// contentsName returns what identifies a heading, also in a table of contents that says how
// much stands under it.
func contentsName(spans []digest.Span) string {
	return digest.SectionKey(contentsCount().ReplaceAllString(digest.TextOf(spans), ""))
}

var contentsCount = plain.Pattern(`\s*[(（\[][^()（）\[\]]*\d[^()（）\[\]]*[)）\]]\s*$`)
