package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// Parts is what the nodes of a section are divided into.
type Parts struct {
	Intro []digest.Block
	Items []digest.Item
	Outro []digest.Block
}

// FindItems divides a section into items. What begins an item is found out from
// the section itself: deeper headings, numbered paragraphs, bold or linked
// titles, names in 【】, entries of lists, or remarks about links. If there is none of
// these the section is prose, one untitled item.
func FindItems(nodes []page.Node) Parts {
	nodes = splitLines(nodes)
	if i := slices.IndexFunc(nodes, isHeading); i >= 0 {
		return headedItems(nodes, i)
	}
	s := chooseShape(nodes)
	marked := remarks(nodes)
	switch {
	case s.fields:
		return listItems(nodes, fieldItem)
	case s.list:
		return listItems(nodes, entryItems)
	case len(marked) > 0 && (len(s.starts) == 0 || nodes[s.starts[0].at].Kind == digest.Quote):
		return startedItems(nodes, shape{starts: marked})
	case len(s.starts) > 0:
		return startedItems(behindTitles(nodes, s), s)
	}
	return ruledItems(nodes)
}

func isHeading(n page.Node) bool { return n.Kind == digest.Heading }

func isList(n page.Node) bool { return n.Kind == digest.List }

// isContent reports whether a node is shown, and is no picture.
func isContent(n page.Node) bool {
	return n.Kind != digest.Image && page.Shows([]page.Node{n})
}

// CountItems returns how many titled items or list entries the nodes hold, which have no
// headings among them.
func CountItems(nodes []page.Node) int {
	all, _ := countItems(nodes)
	return all
}

// itemsAtTop returns how many items the nodes hold, if the first one begins at
// their top: the entries of a list, or paragraphs with titles.
func itemsAtTop(nodes []page.Node) int {
	_, atTop := countItems(nodes)
	return atTop
}

// countItems returns how many items the nodes hold, and as atTop the same if the first one
// begins at their top, otherwise 0.
func countItems(nodes []page.Node) (all, atTop int) {
	nodes = splitLines(nodes)
	s := chooseShape(nodes)
	all = s.count(nodes)
	top := slices.IndexFunc(nodes, isContent)
	if top >= 0 && (s.list && isList(nodes[top]) || len(s.starts) > 0 && s.starts[0].at <= top) {
		return all, all
	}
	return all, 0
}

// minRules is how many thematic breaks divide prose into items.
const minRules = 3

// ruledItems makes an untitled item of what stands between thematic breaks, if there
// are several; what stands before the first one introduces them. Other prose is one
// item.
func ruledItems(nodes []page.Node) Parts {
	var parts [][]page.Node
	start := 0
	for i := range nodes {
		if nodes[i].Kind == page.Rule {
			parts = append(parts, nodes[start:i])
			start = i + 1
		}
	}
	parts = append(parts, nodes[start:])
	if len(parts) <= minRules {
		return prose(nodes)
	}
	out := Parts{Intro: page.Blocks(parts[0])}
	for _, part := range parts[1:] {
		if blocks := page.Blocks(part); len(blocks) > 0 && blocks[0].Kind == digest.Paragraph {
			out.Items = append(out.Items, titled(blocks[0].Spans, blocks[1:], true))
		} else if len(blocks) > 0 {
			out.Items = append(out.Items, digest.Item{Body: blocks})
		}
	}
	return out
}

// prose makes one untitled item of everything.
func prose(nodes []page.Node) Parts {
	blocks := page.Blocks(nodes)
	if len(blocks) == 0 {
		return Parts{}
	}
	return Parts{Items: []digest.Item{{Body: blocks}}}
}

// substantial is how wide, in columns, the text in front of a section's first
// headed item must be to be an item itself rather than an introduction.
const substantial = 300

// headedItems divides at deeper headings. A heading over a list names a group,
// and the entries are its items; any other heading is the title of an item.
func headedItems(nodes []page.Node, first int) Parts {
	out := leadingItems(nodes[:first])
	if onlyNames(nodes[first:]) {
		out.Intro = append(out.Intro, out.Outro...)
		out.Outro = nil
		return out
	}
	level := nodes[first].Level
	for _, n := range nodes[first:] {
		if n.Kind == digest.Heading {
			level = min(level, n.Level)
		}
	}
	lead := out.Outro
	out.Outro = nil
	headlines := headlinesOf(nodes)
	for i := first; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && (nodes[end].Kind != digest.Heading || nodes[end].Level > nodes[i].Level && nodes[end].Level > level) {
			end++
		}
		if headlines > i && headlines < end && slices.ContainsFunc(nodes[i+1:headlines], isContent) {
			lead = out.addRegion(nodes[i], nodes[i+1:headlines], lead)
			return out.addList(nodes[headlines:], lead)
		}
		lead = out.addRegion(nodes[i], nodes[i+1:end], lead)
		i = end
	}
	out.Outro = lead
	return out
}

// leadingItems returns what stands in front of a section's first heading.
func leadingItems(nodes []page.Node) Parts {
	blocks := page.Blocks(nodes)
	if len(blocks) == 0 {
		return Parts{}
	}
	parts := FindItems(nodes)
	if len(parts.Items) == 1 && len(parts.Items[0].Title) == 0 || areLines(blocks) {
		return introduction(blocks)
	}
	return parts
}

// introduction returns the text in front of a section's first heading. It is an item
// if there is much of it, or if it begins with an emoji and a link. Short lines without
// links are none, such as what the section is about and how much it holds.
func introduction(blocks []digest.Block) Parts {
	if areLines(blocks) {
		return Parts{Intro: blocks}
	}
	if len(blocks) > 1 || digest.BlocksWidth(blocks) >= substantial {
		return Parts{Items: []digest.Item{{Body: blocks}}}
	}
	spans := digest.TrimSpans(blocks[0].Spans, "")
	if title, _ := digest.CutTitle(spans); len(title) > 1 && title[0].Link == "" && title[1].Link != "" {
		return Parts{Items: []digest.Item{titled(spans, nil, false)}}
	}
	return Parts{Intro: blocks}
}

// areLines reports whether blocks are a few short lines without links.
func areLines(blocks []digest.Block) bool {
	return len(blocks) > 0 && !slices.ContainsFunc(blocks, func(b digest.Block) bool { return b.Kind != digest.Paragraph }) &&
		digest.BlocksWidth(blocks) <= 2*maxHeading && linksIn(blocks...) == 0
}

// onlyNames reports whether nodes are headings that name topics, and nothing else:
// a template that was not filled in.
func onlyNames(nodes []page.Node) bool {
	for _, n := range nodes {
		if n.Kind == digest.Heading && (digest.IsLinkTitle(n.Spans) || !IsTopic(n.Spans)) || n.Kind != digest.Heading && page.Shows([]page.Node{n}) {
			return false
		}
	}
	return true
}

// addRegion adds the items of the region under a heading. lead, which stands
// before the region, goes in front of the first item. It returns what belongs to
// no item.
func (p *Parts) addRegion(heading page.Node, nodes []page.Node, lead []digest.Block) []digest.Block {
	title := digest.Block{Kind: digest.Heading, Spans: heading.Spans}
	if isGroup(heading, nodes) {
		inner := FindItems(nodes)
		if len(inner.Items) > 0 {
			lead = append(append(lead, title), inner.Intro...)
			inner.Items[0].Lead = append(lead, inner.Items[0].Lead...)
			p.Items = append(p.Items, inner.Items...)
			return inner.Outro
		}
	}
	_, spans, _ := cutSpanOrdinal(heading.Spans)
	p.Items = append(p.Items, digest.Item{Lead: lead, Title: digest.TrimSpans(spans, ""), Body: page.Blocks(nodes)})
	return nil
}

// isGroup reports whether a heading within a section names a group of items: it
// is not a link, and a list or several titled items stand under it.
func isGroup(heading page.Node, nodes []page.Node) bool {
	if heading.Item {
		return false
	}
	if at := HeadingsOf(nodes); len(at) > 0 {
		return len(at) > 1 && !digest.IsLinkTitle(heading.Spans) && !isArticle(nodes, at)
	}
	if isItemTitle(heading.Spans) {
		return false
	}
	if s := chooseShape(nodes); s.list {
		return LinksIn(nodes...) > 0 || nodes[0].Kind == digest.List && IsTopic(heading.Spans)
	} else if len(s.starts) > 1 {
		return s.starts[0].at == 0 && !areFields(nodes, s.starts)
	}
	return false
}

// isArticle reports whether the nodes under a heading are one long text with
// headings of its own: it begins with more than a line of text, and few of its
// headings are links.
func isArticle(nodes []page.Node, at []int) bool {
	linked := 0
	for _, i := range at {
		if digest.IsLinkTitle(nodes[i].Spans) {
			linked++
		}
	}
	return linked*2 < len(at) && digest.BlocksWidth(page.Blocks(nodes[:at[0]])) > MaxTitle && CountItems(nodes[:at[0]]) == 0
}

// isItemTitle reports whether a heading within a section is the title of an item
// in any case: it is numbered, or a link.
func isItemTitle(spans []digest.Span) bool {
	_, _, numbered := cutSpanOrdinal(spans)
	return numbered || digest.IsLinkTitle(spans)
}

// listItems takes out of each list of a section that holds items those that itemsOf makes of it.
// What stands before such a list goes in front of its first item; before the first one it is
// the introduction.
func listItems(nodes []page.Node, itemsOf func(list digest.Block) []digest.Item) Parts {
	var out Parts
	var between []digest.Block
	for i, n := range nodes {
		if !hasItems(nodes, i) {
			between = append(between, page.Blocks([]page.Node{n})...)
			continue
		}
		if len(out.Items) == 0 {
			out.Intro, between = between, nil
		}
		items := itemsOf(n.Block)
		items[0].Lead, between = between, nil
		out.Items = append(out.Items, items...)
	}
	out.Outro = between
	return out
}

// entryItems makes an item of each entry of a list.
func entryItems(list digest.Block) []digest.Item {
	items := make([]digest.Item, len(list.Entries))
	ordinals := ordinalsCountUp(list.Entries)
	for i, entry := range list.Entries {
		items[i] = entryItem(entry, ordinals)
	}
	return items
}

// ordinalsCountUp reports whether the ordinals that entries of a list begin with number
// these entries: each is one more than the one before, and one alone is the first. Other
// numbers are a part of the text, such as those of problems or requests.
func ordinalsCountUp(entries [][]digest.Block) bool {
	first, last := 0, 0
	for _, blocks := range entries {
		ord, _, ok := cutSpanOrdinal(blocks[0].Spans)
		if !ok {
			continue
		}
		if last > 0 && ord.Value != last+1 {
			return false
		}
		if first == 0 {
			first = ord.Value
		}
		last = ord.Value
	}
	return last > first || first <= 1
}

// entryItem makes an item of a list entry. ordinals says that the ordinals in front
// of the entries number them.
func entryItem(blocks []digest.Block, ordinals bool) digest.Item {
	blocks = headingFirst(blocks)
	if blocks[0].Kind != digest.Paragraph && blocks[0].Kind != digest.Heading {
		return digest.Item{Body: blocks}
	}
	spans := blocks[0].Spans
	if _, rest, ok := cutSpanOrdinal(spans); ok && ordinals && len(rest) > 0 {
		spans = rest
	}
	return titled(spans, blocks[1:], true)
}

// maxAboveTitle is how many blocks stand above the heading of an entry at most.
const maxAboveTitle = 3

// headingFirst returns the blocks of an entry with its heading first, if only a picture and
// short lines stand above that, such as the topic.
func headingFirst(blocks []digest.Block) []digest.Block {
	at := slices.IndexFunc(blocks, func(b digest.Block) bool { return b.Kind == digest.Heading })
	if at < 1 || at > maxAboveTitle || slices.ContainsFunc(blocks[:at], func(b digest.Block) bool {
		return b.Kind != digest.Image && (b.Kind != digest.Paragraph || digest.Width(digest.TextOf(b.Spans)) > maxHeading)
	}) {
		return blocks
	}
	return slices.Concat(blocks[at:at+1], blocks[:at], blocks[at+1:])
}

// startedItems makes an item of each start and what follows it.
func startedItems(nodes []page.Node, s shape) Parts {
	var out Parts
	out.Intro = page.Blocks(nodes[:s.starts[0].at])
	bodies := false // items before the last have more than pictures under them
	end := 0
	last := s.starts[len(s.starts)-1].at
	list := headlinesOf(nodes[last:]) + last
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
		out.Items = append(out.Items, start.item(nodes[start.at], page.Blocks(body)))
	}
	if list <= last || end != list {
		out.Outro = page.Blocks(nodes[end:])
		return out
	}
	return out.addList(nodes[list:], nil)
}

// addList adds the entries of the lists in nodes, and returns the parts with them. lead
// goes in front of the first one.
func (p Parts) addList(nodes []page.Node, lead []digest.Block) Parts {
	list := listItems(nodes, entryItems)
	list.Items[0].Lead = slices.Concat(lead, list.Intro, list.Items[0].Lead)
	p.Items = append(p.Items, list.Items...)
	p.Outro = list.Outro
	return p
}

// leadingPictures returns how many nodes at the beginning are pictures or are not
// shown.
func leadingPictures(nodes []page.Node) int {
	if i := slices.IndexFunc(nodes, isContent); i >= 0 {
		return i
	}
	return len(nodes)
}

func onlyText(nodes []page.Node) bool {
	return !slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Kind != digest.Paragraph })
}
