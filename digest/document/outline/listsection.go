package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// isListSection reports whether the items of a section are the entries of its
// lists: no other item begins before the first list, unless it is a bold label
// over a list or only lines stand above the list, and a good part of the text is in
// lists.
func isListSection(nodes []page.Node, starts []start) bool {
	first := slices.IndexFunc(nodes, isList)
	if first < 0 {
		return false
	}
	if len(starts) > 0 && starts[0].at < first && !areLabels(nodes, starts) && !onlyLines(nodes, starts, first) {
		return false
	}
	inLists, outside, links := 0, 0, 0
	for _, n := range nodes {
		w := digest.BlocksWidth([]digest.Block{n.Block})
		if n.Kind == digest.List {
			inLists += w
			links += LinksIn([]page.Node{n})
		} else {
			outside += w
		}
	}
	return first == 0 || inLists*3 >= outside || links > LinksIn(nodes)/2
}

// areLabels reports whether every start is a label: a line without an ordinal
// right above a list, which is no list of fields. Most must name topics or stand over links: the title of a story may
// stand over a list of points.
func areLabels(nodes []page.Node, starts []start) bool {
	groups, at := 0, make([]int, len(starts))
	for i, s := range starts {
		at[i] = s.at
		end := len(nodes)
		if i+1 < len(starts) {
			end = starts[i+1].at
		}
		if _, _, ok := cutSpanOrdinal(nodes[s.at].Spans); ok || s.at+1 >= end || nodes[s.at+1].Kind != digest.List {
			return false
		}
		isDay := isDateLine(nodes[s.at].Spans)
		if len(nodes[s.at+1].Entries) < 2 && !isDay {
			return false
		}
		if len(starts) == 1 && LinksIn(nodes[s.at+1:s.at+2]) == 0 {
			return false
		}
		if isDay || isTopic(nodes[s.at].Spans) || areHeadlines(nodes[s.at+1].Entries) {
			groups++
		}
	}
	return 2*groups >= len(starts) && len(overFields(nodes, at))*2 < len(at)
}

// onlyLines reports whether nothing but two or three lines that are all bold, all link or
// names stand above a section's first list of links: an advertisement and a label,
// say, but no text that a first item could have. A line of plain words may be the text of a
// first item if others begin behind the list.
func onlyLines(nodes []page.Node, starts []start, list int) bool {
	lines := 0
	for _, n := range nodes[:list] {
		switch {
		case n.Kind == digest.Paragraph && (IsTitleLine(n.Spans) || starts[len(starts)-1].at < list && isTopic(n.Spans)):
			lines++
		case isContent(n):
			return false
		}
	}
	return (lines == 2 || lines == 3) && LinksIn(nodes[list:list+1]) > 1
}
