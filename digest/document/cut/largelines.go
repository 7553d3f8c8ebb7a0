package cut

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

const (
	maxLarge  = 160 // columns of a line that may be a heading
	largeness = 5   // fourths of the size of most of the text
)

// raiseLargeLines makes headings of the lines that mails without headings set in large
// letters, the larger the higher. Lines that are large by chance, such as a motto, are
// no headings: there must be two of them at least, with text between them.
func raiseLargeLines(nodes []page.Node) []page.Node {
	above, ok := levelAbove(nodes)
	if !ok {
		return nodes
	}
	most := commonSize(nodes)
	large, texts := largeLines(nodes, most)
	ranks := sizesOf(nodes, large)
	named := 0 // the first line may be the name of the mail
	if len(ranks) > 1 && nodes[large[0]].Roles.Size == ranks[0] && nodes[large[1]].Roles.Size < ranks[0] {
		named = 1
	}
	if len(large)-named < 2 || texts*2 < len(large) {
		return nodes
	}
	nodes = slices.Clone(nodes)
	for _, i := range large {
		level := above + 1 + slices.Index(ranks, nodes[i].Roles.Size)
		nodes[i] = page.NewHeading(nodes[i].Spans, min(level, 6))
	}
	return nodes
}

// largeLines returns the indexes of the lines in letters larger than most, and how
// many of them have a text under them.
func largeLines(nodes []page.Node, most int) (at []int, texts int) {
	for i, n := range nodes {
		if !isLarge(n, most) {
			continue
		}
		at = append(at, i)
		if next := i + 1; next < len(nodes) && !isLarge(nodes[next], most) && page.Shows(nodes[next:next+1]) {
			texts++
		}
	}
	return at, texts
}

// sizesOf returns the sizes of the letters of some lines, the largest first.
func sizesOf(nodes []page.Node, at []int) []int {
	var sizes []int
	for _, i := range at {
		sizes = append(sizes, nodes[i].Roles.Size)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return slices.Compact(sizes)
}

// levelAbove returns the level of the only heading of a mail, which is its title,
// or 0 if there is none; and whether there are no others.
func levelAbove(nodes []page.Node) (level int, ok bool) {
	for i, n := range nodes {
		if n.Kind != digest.Heading {
			continue
		}
		if level > 0 || i > MaxTop {
			return 0, false
		}
		level = n.Level
	}
	return level, true
}

// finePrint is the size of letters that no text is set in.
const finePrint = 12

// commonSize returns the size in which most of the text is set, without fine print.
func commonSize(nodes []page.Node) int {
	texts := map[int]int{}
	most := page.PlainSize
	for _, n := range nodes {
		if n.Kind == digest.Paragraph && n.Roles.Size > finePrint {
			texts[n.Roles.Size] += digest.Width(digest.TextOf(n.Spans))
			if texts[n.Roles.Size] > texts[most] {
				most = n.Roles.Size
			}
		}
	}
	return most
}

// isLarge reports whether a node is a line in letters larger than most.
func isLarge(n page.Node, most int) bool {
	if n.Kind != digest.Paragraph || n.Aside || n.Roles.Size*4 < most*largeness || n.Roles.All&(page.Button|page.InPage) != 0 {
		return false
	}
	text := digest.TextOf(n.Spans)
	return digest.Width(text) <= maxLarge && strings.Count(text, "\n") < 2 && !(outline.EndsSentence(text) && digest.Width(text) > outline.MaxTitle/2)
}
