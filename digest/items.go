package digest

import (
	"slices"
)

// found is what a section's nodes were divided into.
type found struct {
	intro []Block
	items []Item
	outro []Block
}

// findItems divides a section into items. Which paragraphs begin one is found
// out from the section itself: deeper headings, numbered paragraphs, bold or
// linked titles, names in 【】, entries of lists, or none of these: then the
// section is prose, one untitled item.
func findItems(nodes []node) found {
	nodes = splitLines(nodes)
	if i := slices.IndexFunc(nodes, isHeading); i >= 0 {
		return headedItems(nodes, i)
	}
	s := chooseShape(nodes)
	switch {
	case s.list:
		return listItems(nodes)
	case len(s.starts) > 0:
		return startedItems(nodes, s)
	}
	return prose(nodes)
}

func isHeading(n node) bool { return n.Kind == Heading }

// countItems returns how many titled items or list entries the nodes hold.
func countItems(nodes []node) int {
	nodes = splitLines(nodes)
	if slices.ContainsFunc(nodes, isHeading) {
		return len(headedItems(nodes, slices.IndexFunc(nodes, isHeading)).items)
	}
	s := chooseShape(nodes)
	if s.list {
		return len(listItems(nodes).items)
	}
	return len(s.starts)
}

// prose makes one untitled item of everything.
func prose(nodes []node) found {
	blocks := toBlocks(nodes)
	if len(blocks) == 0 {
		return found{}
	}
	return found{items: []Item{{Body: blocks}}}
}

// substantial is the width of text in front of a section's first headed item
// from which it is an item itself rather than an introduction.
const substantial = 300

// headedItems divides at deeper headings. A heading over a list is the name of
// a group, whose entries are the items; any other is an item's title.
func headedItems(nodes []node, first int) found {
	var out found
	if before := nodes[:first]; len(before) > 0 {
		out = findItems(before)
		if len(out.items) == 1 && len(out.items[0].Title) == 0 {
			if blocks := out.items[0].Body; len(blocks) < 2 && blockWidth(blocks) < substantial {
				out = found{intro: blocks}
			}
		}
	}
	level := nodes[first].level
	for _, n := range nodes[first:] {
		if n.Kind == Heading {
			level = min(level, n.level)
		}
	}
	lead := out.outro
	out.outro = nil
	for i := first; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && (nodes[end].Kind != Heading || nodes[end].level > nodes[i].level && nodes[end].level > level) {
			end++
		}
		lead = out.addRegion(nodes[i], nodes[i+1:end], lead)
		i = end
	}
	out.outro = lead
	return out
}

// addRegion adds the items of one headed region; what stands before them goes
// in front of the first, and what is left over is returned.
func (f *found) addRegion(heading node, nodes []node, lead []Block) []Block {
	title := Block{Kind: Heading, Spans: heading.Spans}
	if isGroup(heading, nodes) {
		inner := findItems(nodes)
		if len(inner.items) > 0 {
			lead = append(append(lead, title), inner.intro...)
			inner.items[0].Lead = append(lead, inner.items[0].Lead...)
			f.items = append(f.items, inner.items...)
			return inner.outro
		}
	}
	_, spans, _ := cutSpanOrdinal(heading.Spans)
	f.items = append(f.items, Item{Lead: lead, Title: trimSpans(spans, ""), Body: toBlocks(nodes)})
	return nil
}

// isGroup tells whether a heading within a section names a group of items: it
// is no link itself, and a list or several titled items stand under it.
func isGroup(heading node, nodes []node) bool {
	if slices.ContainsFunc(nodes, isHeading) {
		deeper := 0
		for _, n := range nodes {
			if n.Kind == Heading {
				deeper++
			}
		}
		return deeper > 1 && !isLinkTitle(heading.Spans)
	}
	if _, _, numbered := cutSpanOrdinal(heading.Spans); numbered || isLinkTitle(heading.Spans) {
		return false
	}
	if s := chooseShape(nodes); s.list {
		return nodes[0].Kind == List || linksIn(nodes) > 0
	} else if len(s.starts) > 1 {
		return s.starts[0].at == 0
	}
	return false
}

// listItems takes the entries of a section's lists as its items.
func listItems(nodes []node) found {
	var out found
	var between []Block
	for _, n := range nodes {
		if n.Kind != List {
			between = append(between, toBlocks([]node{n})...)
			continue
		}
		if len(out.items) == 0 {
			out.intro, between = between, nil
		}
		for _, entry := range n.Entries {
			item := entryItem(entry)
			item.Lead, between = between, nil
			out.items = append(out.items, item)
		}
	}
	out.outro = between
	return out
}

// entryItem makes an item of a list entry.
func entryItem(blocks []Block) Item {
	if blocks[0].Kind != Paragraph && blocks[0].Kind != Heading {
		return Item{Body: blocks}
	}
	spans := blocks[0].Spans
	if _, rest, ok := cutSpanOrdinal(spans); ok && len(rest) > 0 {
		spans = rest
	}
	return titled(spans, blocks[1:], true)
}

// startedItems makes an item of each start and what follows it.
func startedItems(nodes []node, s shape) found {
	var out found
	out.intro = toBlocks(nodes[:s.starts[0].at])
	bodies := false // of items before the last, beyond pictures
	end := 0
	for i, start := range s.starts {
		end = len(nodes)
		if i+1 < len(s.starts) {
			end = s.starts[i+1].at
		} else if s.tail > 0 {
			end = s.tail
		}
		body := nodes[start.at+1 : end]
		own := pictures(body)
		if i+1 < len(s.starts) {
			bodies = bodies || own < len(body)
		} else if i > 0 && !bodies && onlyText(body[own:]) {
			// No other item goes on after its paragraph: nor does this one.
			body, end = body[:own], start.at+1+own
		}
		out.items = append(out.items, start.item(nodes[start.at], toBlocks(body)))
	}
	out.outro = toBlocks(nodes[end:])
	return out
}

// pictures returns how many nodes, from the first on, are pictures or are not
// shown.
func pictures(nodes []node) int {
	for i, n := range nodes {
		if n.Kind != Image && len(toBlocks([]node{n})) > 0 {
			return i
		}
	}
	return len(nodes)
}

func onlyText(nodes []node) bool {
	return !slices.ContainsFunc(nodes, func(n node) bool { return n.Kind != Paragraph })
}
