package document

import (
	"slices"
	"strings"

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
		return startedItems(behindTitles(nodes, s), s)
	}
	return ruledItems(nodes)
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

// minRules is how many thematic breaks divide prose into items.
const minRules = 3

// ruledItems makes an untitled item of what stands between thematic breaks, if there
// are several; what stands before the first one introduces them. Other prose is one
// item.
func ruledItems(nodes []node) sectionParts {
	var parts [][]node
	start := 0
	for i := range nodes {
		if nodes[i].Kind == ruleNode {
			parts = append(parts, nodes[start:i])
			start = i + 1
		}
	}
	parts = append(parts, nodes[start:])
	if len(parts) <= minRules {
		return prose(nodes)
	}
	out := sectionParts{intro: toBlocks(parts[0])}
	for _, part := range parts[1:] {
		if blocks := toBlocks(part); len(blocks) > 0 && blocks[0].Kind == digest.Paragraph {
			out.items = append(out.items, titled(blocks[0].Spans, blocks[1:], true))
		} else if len(blocks) > 0 {
			out.items = append(out.items, digest.Item{Body: blocks})
		}
	}
	return out
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
			out = introduction(out.items[0].Body)
		}
	}
	if onlyNames(nodes[first:]) {
		out.intro = append(out.intro, out.outro...)
		out.outro = nil
		return out
	}
	level := nodes[first].level
	for _, n := range nodes[first:] {
		if n.Kind == digest.Heading {
			level = min(level, n.level)
		}
	}
	lead := out.outro
	out.outro = nil
	headlines := slices.IndexFunc(nodes, func(n node) bool { return n.headlines })
	for i := first; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && (nodes[end].Kind != digest.Heading || nodes[end].level > nodes[i].level && nodes[end].level > level) {
			end++
		}
		if headlines > i && headlines < end && isItemTitle(nodes[i].Spans) {
			out.addRegion(nodes[i], nodes[i+1:headlines], lead)
			return out.addList(nodes[headlines:])
		}
		lead = out.addRegion(nodes[i], nodes[i+1:end], lead)
		i = end
	}
	out.outro = lead
	return out
}

// introduction returns the text in front of a section's first heading. It is an item
// if there is much of it, or if it begins with an emoji and a link.
func introduction(blocks []digest.Block) sectionParts {
	if len(blocks) > 1 || digest.BlocksWidth(blocks) >= substantial {
		return sectionParts{items: []digest.Item{{Body: blocks}}}
	}
	spans := digest.TrimSpans(blocks[0].Spans, "")
	if title, _ := digest.CutTitle(spans); len(title) > 1 && title[0].Link == "" && title[1].Link != "" {
		return sectionParts{items: []digest.Item{titled(spans, nil, false)}}
	}
	return sectionParts{intro: blocks}
}

// onlyNames reports whether nodes are headings that name topics, and nothing else:
// a template that was not filled in.
func onlyNames(nodes []node) bool {
	for _, n := range nodes {
		if n.Kind == digest.Heading && (digest.IsLinkTitle(n.Spans) || !isTopic(n.Spans)) || n.Kind != digest.Heading && len(toBlocks([]node{n})) > 0 {
			return false
		}
	}
	return true
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
	if heading.item {
		return false
	}
	if at := headingsOf(nodes); len(at) > 0 {
		return len(at) > 1 && !digest.IsLinkTitle(heading.Spans) && !isArticle(nodes, at)
	}
	if isItemTitle(heading.Spans) {
		return false
	}
	if s := chooseShape(nodes); s.list {
		return linksIn(nodes) > 0 || nodes[0].Kind == digest.List && isTopic(heading.Spans)
	} else if len(s.starts) > 1 {
		return s.starts[0].at == 0 && !areFields(nodes, s.starts)
	}
	return false
}

// areFields reports whether the lines that begin with bold words are the fields of
// one item, such as its address and its author: all end the bold words with a colon.
func areFields(nodes []node, starts []start) bool {
	for _, s := range starts {
		title, rest := digest.CutTitle(nodes[s.at].Spans)
		text := strings.TrimSpace(digest.TextOf(title))
		after := strings.TrimSpace(digest.TextOf(head(rest)))
		if !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：") && !strings.HasPrefix(after, ":") && !strings.HasPrefix(after, "：") || linksIn([]node{{Block: digest.Block{Kind: digest.Paragraph, Spans: title}}}) > 0 {
			return false
		}
	}
	return true
}

// isArticle reports whether the nodes under a heading are one long text with
// headings of its own: it begins with more than a line of text, and few of its
// headings are links.
func isArticle(nodes []node, at []int) bool {
	linked := 0
	for _, i := range at {
		if digest.IsLinkTitle(nodes[i].Spans) {
			linked++
		}
	}
	return linked*2 < len(at) && digest.BlocksWidth(toBlocks(nodes[:at[0]])) > maxTitle && countItems(nodes[:at[0]]) == 0
}

// isItemTitle reports whether a heading within a section is the title of an item
// in any case: it is numbered, or a link.
func isItemTitle(spans []digest.Span) bool {
	_, _, numbered := cutSpanOrdinal(spans)
	return numbered || digest.IsLinkTitle(spans)
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
		ordinals := countsUp(n.Entries)
		for _, entry := range n.Entries {
			item := entryItem(entry, ordinals)
			item.Lead, between = between, nil
			out.items = append(out.items, item)
		}
	}
	out.outro = between
	return out
}

// countsUp reports whether the ordinals that entries of a list begin with number
// these entries: each is one more than the one before. Other numbers are a part of
// the text, such as those of problems or requests.
func countsUp(entries [][]digest.Block) bool {
	last := 0
	for _, blocks := range entries {
		ord, _, ok := cutSpanOrdinal(blocks[0].Spans)
		if !ok {
			continue
		}
		if last > 0 && ord.Value != last+1 || last == 0 && len(entries) == 1 && ord.Value > 1 {
			return false
		}
		last = ord.Value
	}
	return true
}

// entryItem makes an item of a list entry. ordinals says that the ordinals in front
// of the entries number them.
func entryItem(blocks []digest.Block, ordinals bool) digest.Item {
	if blocks[0].Kind != digest.Paragraph && blocks[0].Kind != digest.Heading {
		return digest.Item{Body: blocks}
	}
	spans := blocks[0].Spans
	if _, rest, ok := cutSpanOrdinal(spans); ok && ordinals && len(rest) > 0 {
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
	last := s.starts[len(s.starts)-1].at
	list := listAfterRule(nodes, last)
	if list == 0 {
		list = slices.IndexFunc(nodes, func(n node) bool { return n.headlines })
	}
	if list > last {
		s.tail = list
	}
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
	if list <= last || end != list {
		out.outro = toBlocks(nodes[end:])
		return out
	}
	return out.addList(nodes[list:])
}

// addList adds the entries of the lists in nodes, and returns the parts with them.
func (p sectionParts) addList(nodes []node) sectionParts {
	list := listItems(nodes)
	list.items[0].Lead = append(list.intro, list.items[0].Lead...)
	p.items = append(p.items, list.items...)
	p.outro = list.outro
	return p
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
