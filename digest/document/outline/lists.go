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
			links += LinksIn(n)
		} else {
			outside += w
		}
	}
	return first == 0 || inLists*3 >= outside || links > LinksIn(nodes...)/2
}

// hasItems reports whether a node is a list whose entries are items, where those of lists are:
// not one with bullets right behind a counted list that gives facts of that, such as its editor
// and where to subscribe.
func hasItems(nodes []page.Node, i int) bool {
	if !isList(nodes[i]) || i == 0 || nodes[i].Ordered || !isList(nodes[i-1]) || !nodes[i-1].Ordered || len(nodes[i-1].Entries) < 2 {
		return isList(nodes[i])
	}
	facts := 0
	for _, entry := range nodes[i].Entries {
		if _, rest, ok := cutLabel(digest.FirstLine(entry[0].Spans)); ok && len(entry) == 1 && isFact(rest) {
			facts++
		}
	}
	return 2*facts <= len(nodes[i].Entries)
}

// areLabels reports whether every start is a label: a line without an ordinal right above a
// list, which is no list of fields. Most must name topics or stand over links: the title of a
// story may stand over a list of points.
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
		if len(starts) == 1 && LinksIn(nodes[s.at+1]) == 0 {
			return false
		}
		if isDay || IsTopic(nodes[s.at].Spans) || areHeadlines(nodes[s.at+1].Entries) {
			groups++
		}
	}
	return 2*groups >= len(starts) && len(overFields(nodes, at, false))*2 < len(at)
}

// onlyLines reports whether nothing but two or three lines that are all bold, all link or
// names stand above a section's first list of links: an advertisement and a label,
// say, but no text that a first item could have. A line of plain words may be the text of a
// first item if others begin behind the list.
func onlyLines(nodes []page.Node, starts []start, list int) bool {
	lines := 0
	for _, n := range nodes[:list] {
		switch {
		case n.Kind == digest.Paragraph && (IsTitleLine(n.Spans) || starts[len(starts)-1].at < list && IsTopic(n.Spans)):
			lines++
		case isContent(n):
			return false
		}
	}
	return (lines == 2 || lines == 3) && LinksIn(nodes[list]) > 1
}

// GiveLabel gives the line above the first item to it if both this line and one above a later
// item end with a colon: they name groups of one list.
func (p *Parts) GiveLabel() {
	last := len(p.Intro) - 1
	if last < 0 || len(p.Items) < 2 || !isLabelLine(p.Intro[last]) || !slices.ContainsFunc(p.Items[1:], hasLabel) {
		return
	}
	p.Items[0].Lead = append([]digest.Block{p.Intro[last]}, p.Items[0].Lead...)
	p.Intro = p.Intro[:last]
}

func hasLabel(item digest.Item) bool {
	return len(item.Lead) > 0 && isLabelLine(item.Lead[len(item.Lead)-1])
}

func isLabelLine(b digest.Block) bool { return b.Kind == digest.Paragraph && endsInColon(b.Spans) }

// headlinesOf returns the index where lists begin whose entries are items as well, behind
// the last item of a section with a title, or behind the last heading; 0: there are none.
func headlinesOf(nodes []page.Node) int {
	last := 0
	if at := HeadingsOf(nodes); len(at) > 0 {
		last = at[len(at)-1]
	}
	if at := listAfterRule(nodes, last); at > 0 {
		return at
	}
	return max(slices.IndexFunc(nodes, func(n page.Node) bool { return n.Headlines }), 0)
}

// listAfterRule returns the index of a thematic break with a list of links below it, behind
// a node; 0: there is none.
func listAfterRule(nodes []page.Node, last int) int {
	for i := last; i+1 < len(nodes); i++ {
		if nodes[i].Kind == page.Rule && nodes[i+1].Kind == digest.List {
			if list := nodes[i+1]; len(list.Entries) > 1 && LinksIn(list)*2 >= len(list.Entries) {
				return i
			}
		}
	}
	return 0
}

// minHeadlines is how many entries a list at the end of the last item must have for
// these to be items and no part of its text.
const minHeadlines = 4

// listAtEnd returns the index of a list of titles that are links, under the last of
// some items, if no other of them has a list; 0: there is none. Such a list holds the
// news that have no text.
func listAtEnd(nodes []page.Node, first, last int) int {
	at := slices.IndexFunc(nodes[first:], isList) + first
	bare := at == last+1 && (isHeading(nodes[last]) || IsTitleLine(nodes[last].Spans))
	if at <= last || bare || len(nodes[at].Entries) < minHeadlines || slices.ContainsFunc(nodes[at+1:], isList) {
		return 0
	}
	if !areHeadlines(nodes[at].Entries) {
		return 0
	}
	return at
}

// areHeadlines reports whether all entries of a list begin with titles that are links.
func areHeadlines(entries [][]digest.Block) bool {
	for _, entry := range entries {
		title, _ := digest.CutTitle(digest.TrimSpans(entry[0].Spans, ""))
		if !slices.ContainsFunc(title, func(s digest.Span) bool { return isWebLink(s) && s.Link != s.Text }) {
			return false
		}
	}
	return true
}

// manyHeadlines is how many entries a single list must have to be one of headlines.
const manyHeadlines = 8

// markHeadlines finds the lists of headlines at the ends of sections: below a few
// stories with text, the other news are a list of links. It takes two sections that
// end like this, or one with many links: a shorter one may be further reading of the
// last story, and one at the end of the document its sources.
func markHeadlines(sections []Region) {
	found, many := map[int]int{}, false
	for i, r := range sections {
		if !endsInHeadlines(r.Nodes) {
			continue
		}
		found[i] = lastList(r.Nodes)
		many = many || len(r.Nodes[found[i]].Entries) >= manyHeadlines && i+1 < len(sections)
	}
	if len(found) < 2 && !many {
		return
	}
	for i, at := range found {
		sections[i].Nodes = slices.Clone(sections[i].Nodes)
		sections[i].Nodes[at].Headlines = sections[i].Nodes[at].Kind == digest.List
	}
}

// lastList returns the index of the last list in nodes, or 0.
func lastList(nodes []page.Node) int {
	at := len(nodes) - 1
	for at > 0 && nodes[at].Kind != digest.List {
		at--
	}
	return at
}

// endsInHeadlines reports whether a section ends in a list of headlines: its last item
// has a title that is no number, and such a list.
func endsInHeadlines(nodes []page.Node) bool {
	if len(nodes) == 0 || nodes[lastList(nodes)].Kind != digest.List {
		return false
	}
	if at := HeadingsOf(nodes); len(at) > 0 {
		last := at[len(at)-1]
		return digest.IsLinkTitle(nodes[last].Spans) && listAtEnd(nodes, at[0], last) > 0
	}
	nodes = splitLines(nodes)
	s := chooseShape(nodes)
	if s.list || len(s.starts) == 0 {
		return false
	}
	last := s.starts[len(s.starts)-1].at
	_, _, numbered := cutSpanOrdinal(nodes[last].Spans)
	return !numbered && listAtEnd(nodes, s.starts[0].at, last) > 0
}
