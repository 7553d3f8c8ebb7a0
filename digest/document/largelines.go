package document

import (
	"slices"
	"strings"

	"digestbot/digest"
)

const (
	maxLarge  = 160 // columns of a line that may be a heading
	largeness = 5   // fourths of the size of most of the text
)

// raiseLargeLines makes headings of the lines that mails without headings set in large
// letters, the larger the higher. Lines that are large by chance, such as a motto, are
// no headings: there must be two of them at least, with text between them.
func raiseLargeLines(nodes []node) []node {
	above, ok := levelAbove(nodes)
	if !ok {
		return nodes
	}
	most := commonSize(nodes)
	large, texts := largeLines(nodes, most)
	ranks := sizesOf(nodes, large)
	named := 0 // the first line may be the name of the mail
	if len(ranks) > 1 && nodes[large[0]].roles.size == ranks[0] && nodes[large[1]].roles.size < ranks[0] {
		named = 1
	}
	if len(large)-named < 2 || texts*2 < len(large) {
		return nodes
	}
	nodes = slices.Clone(nodes)
	for _, i := range large {
		spans := digest.WithoutStyle(digest.OneLine(nodes[i].Spans), digest.Bold)
		level := above + 1 + slices.Index(ranks, nodes[i].roles.size)
		nodes[i] = node{Block: digest.Block{Kind: digest.Heading, Spans: spans}, level: min(level, 6)}
	}
	return nodes
}

// largeLines returns the indexes of the lines in letters larger than most, and how
// many of them have a text under them.
func largeLines(nodes []node, most int) (at []int, texts int) {
	for i, n := range nodes {
		if !isLarge(n, most) {
			continue
		}
		at = append(at, i)
		if next := i + 1; next < len(nodes) && !isLarge(nodes[next], most) && len(toBlocks(nodes[next:next+1])) > 0 {
			texts++
		}
	}
	return at, texts
}

// sizesOf returns the sizes of the letters of some lines, the largest first.
func sizesOf(nodes []node, at []int) []int {
	var sizes []int
	for _, i := range at {
		sizes = append(sizes, nodes[i].roles.size)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return slices.Compact(sizes)
}

// levelAbove returns the level of the only heading of a mail, which is its title,
// or 0 if there is none; and whether there are no others.
func levelAbove(nodes []node) (level int, ok bool) {
	for i, n := range nodes {
		if n.Kind != digest.Heading {
			continue
		}
		if level > 0 || i > maxTop {
			return 0, false
		}
		level = n.level
	}
	return level, true
}

// finePrint is the size of letters that no text is set in.
const finePrint = 12

// commonSize returns the size in which most of the text is set, without fine print.
func commonSize(nodes []node) int {
	texts := map[int]int{}
	most := plainSize
	for _, n := range nodes {
		if n.Kind == digest.Paragraph && n.roles.size > finePrint {
			texts[n.roles.size] += digest.Width(digest.TextOf(n.Spans))
			if texts[n.roles.size] > texts[most] {
				most = n.roles.size
			}
		}
	}
	return most
}

// isLarge reports whether a node is a line in letters larger than most.
func isLarge(n node, most int) bool {
	if n.Kind != digest.Paragraph || n.aside || n.roles.size*4 < most*largeness || n.roles.all&(button|inPage) != 0 {
		return false
	}
	text := digest.TextOf(n.Spans)
	return digest.Width(text) <= maxLarge && strings.Count(text, "\n") < 2 && !(endsSentence(text) && digest.Width(text) > maxTitle/2)
}
