package document

import (
	"slices"

	"digestbot/digest"
)

// sectionParts is what the nodes of a section are divided into.
type sectionParts struct {
	intro []digest.Block
	items []digest.Item
	outro []digest.Block
}

// findItems divides a section into items. What begins an item is found out from
// the section itself: deeper headings, numbered paragraphs, bold or linked
// titles, names in 【】, or entries of lists. If there is none of these the
// section is prose, one untitled item.
func findItems(nodes []node) sectionParts {
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

func isHeading(n node) bool { return n.Kind == digest.Heading }

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
func prose(nodes []node) sectionParts {
	blocks := toBlocks(nodes)
	if len(blocks) == 0 {
		return sectionParts{}
	}
	return sectionParts{items: []digest.Item{{Body: blocks}}}
}

// substantial is how wide, in columns, the text in front of a section's first
// headed item must be to be an item itself rather than an introduction.
const substantial = 300

// headedItems divides at deeper headings. A heading over a list names a group,
// and the entries are its items; any other heading is the title of an item.
func headedItems(nodes []node, first int) sectionParts {
	var out sectionParts
	if before := nodes[:first]; len(before) > 0 {
		out = findItems(before)
		if len(out.items) == 1 && len(out.items[0].Title) == 0 {
			if blocks := out.items[0].Body; len(blocks) < 2 && digest.BlocksWidth(blocks) < substantial {
				out = sectionParts{intro: blocks}
			}
		}
	}
	level := nodes[first].level
	for _, n := range nodes[first:] {
		if n.Kind == digest.Heading {
			level = min(level, n.level)
		}
	}
	lead := out.outro
	out.outro = nil
	for i := first; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && (nodes[end].Kind != digest.Heading || nodes[end].level > nodes[i].level && nodes[end].level > level) {
			end++
		}
		lead = out.addRegion(nodes[i], nodes[i+1:end], lead)
		i = end
	}
	out.outro = lead
	return out
}

// addRegion adds the items of the region under a heading. lead, which stands
// before the region, goes in front of the first item. It returns what belongs to
// no item.
func (p *sectionParts) addRegion(heading node, nodes []node, lead []digest.Block) []digest.Block {
	title := digest.Block{Kind: digest.Heading, Spans: heading.Spans}
	if isGroup(heading, nodes) {
		inner := findItems(nodes)
		if len(inner.items) > 0 {
			lead = append(append(lead, title), inner.intro...)
			inner.items[0].Lead = append(lead, inner.items[0].Lead...)
			p.items = append(p.items, inner.items...)
			return inner.outro
		}
	}
	_, spans, _ := cutSpanOrdinal(heading.Spans)
	p.items = append(p.items, digest.Item{Lead: lead, Title: digest.TrimSpans(spans, ""), Body: toBlocks(nodes)})
	return nil
}

// isGroup reports whether a heading within a section names a group of items: it
// is not a link, and a list or several titled items stand under it.
func isGroup(heading node, nodes []node) bool {
	if slices.ContainsFunc(nodes, isHeading) {
		deeper := 0
		for _, n := range nodes {
			if n.Kind == digest.Heading {
				deeper++
			}
		}
		return deeper > 1 && !digest.IsLinkTitle(heading.Spans)
	}
	if _, _, numbered := cutSpanOrdinal(heading.Spans); numbered || digest.IsLinkTitle(heading.Spans) {
		return false
	}
	if s := chooseShape(nodes); s.list {
		return nodes[0].Kind == digest.List || linksIn(nodes) > 0
	} else if len(s.starts) > 1 {
		return s.starts[0].at == 0
	}
	return false
}

// listItems takes the entries of a section's lists as its items.
func listItems(nodes []node) sectionParts {
	var out sectionParts
	var between []digest.Block
	for _, n := range nodes {
		if n.Kind != digest.List {
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
func entryItem(blocks []digest.Block) digest.Item {
	if blocks[0].Kind != digest.Paragraph && blocks[0].Kind != digest.Heading {
		return digest.Item{Body: blocks}
	}
	spans := blocks[0].Spans
	if _, rest, ok := cutSpanOrdinal(spans); ok && len(rest) > 0 {
		spans = rest
	}
	return titled(spans, blocks[1:], true)
}

// startedItems makes an item of each start and what follows it.
func startedItems(nodes []node, s shape) sectionParts {
	var out sectionParts
	out.intro = toBlocks(nodes[:s.starts[0].at])
	bodies := false // items before the last have more than pictures under them
	end := 0
	for i, start := range s.starts {
		end = len(nodes)
		if i+1 < len(s.starts) {
			end = s.starts[i+1].at
		} else if s.tail > 0 {
			end = s.tail
		}
		body := nodes[start.at+1 : end]
		own := leadingPictures(body)
		if i+1 < len(s.starts) {
			bodies = bodies || own < len(body)
		} else if i > 0 && !bodies && onlyText(body[own:]) {
			// No other item goes on after its paragraph, so this one does not.
			body, end = body[:own], start.at+1+own
		}
		out.items = append(out.items, start.item(nodes[start.at], toBlocks(body)))
	}
	out.outro = toBlocks(nodes[end:])
	return out
}

// leadingPictures returns how many nodes at the beginning are pictures or are not
// shown.
func leadingPictures(nodes []node) int {
	for i, n := range nodes {
		if n.Kind != digest.Image && len(toBlocks([]node{n})) > 0 {
			return i
		}
	}
	return len(nodes)
}

func onlyText(nodes []node) bool {
	return !slices.ContainsFunc(nodes, func(n node) bool { return n.Kind != digest.Paragraph })
}
