package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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

// maxTitle is the width a line without link or weight may have to be a title.
const maxTitle = 120

// maxLead is the width a link or bold words may have to be a title.
const maxLead = 480

// titled makes an item of its first paragraph and the blocks that follow. The
// title is what stands out at the beginning: a link, bold words, or the whole
// line when it is short. single tells that nothing else sets the paragraph
// apart from running text.
func titled(spans []Span, body []Block, single bool) Item {
	spans = trimSpans(spans, "")
	if at := strings.IndexByte(plain(spans), '\n'); at >= 0 {
		first, rest := cutSpans(spans, at)
		if isTitleLine(first) {
			rest = trimSpans(rest, "")
			return Item{Title: titleSpans(first), Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
		}
	}
	if lead, rest := cutLead(spans); len(lead) > 0 && width(plain(lead)) <= maxLead {
		if len(rest) == 0 {
			return Item{Title: titleSpans(lead), Body: body}
		}
		return Item{Title: titleSpans(lead), RunIn: true, Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
	}
	text := plain(spans)
	if width(text) <= maxTitle && !strings.Contains(text, "\n") && !(single && len(body) == 0 && endsSentence(text) && width(text) > maxTitle/2) {
		return Item{Title: titleSpans(spans), Body: body}
	}
	if len(spans) > 0 {
		body = append([]Block{{Kind: Paragraph, Spans: spans}}, body...)
	}
	return Item{Body: body}
}

// titleSpans removes from a title what it is by being one: weight, and the
// mono-spaced font that cannot be bold.
func titleSpans(spans []Span) []Span {
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Style &^= Bold | Monospace
		out[i] = s
	}
	return trimSpans(mergeSpans(out), "")
}

// cutLead separates the link or the bold words a paragraph begins with, with
// tags in brackets before and a remark in parentheses behind them.
func cutLead(spans []Span) (lead, rest []Span) {
	start := 0
	if len(spans) > 1 && isTag(spans[0]) {
		start = 1
	}
	end := leadEnd(spans, start)
	if end == start {
		return nil, spans
	}
	lead, rest = spans[:end:end], spans[end:]
	tail := plain(trimSpans(rest, ""))
	if !strings.ContainsFunc(tail, isWordRune) || width(tail) <= maxRemark && isRemark(tail) {
		return append(lead, rest...), nil
	}
	return lead, rest
}

// leadEnd returns where the bold words, or the link, that begin at start end.
func leadEnd(spans []Span, start int) int {
	if start == len(spans) {
		return start
	}
	first := spans[start]
	end := start
	for end < len(spans) {
		s := spans[end]
		bold := first.Style&Bold != 0 && (s.Style&Bold != 0 || s.Link != "")
		linked := first.Link != "" && s.Link == first.Link
		if !bold && !linked {
			break
		}
		end++
	}
	return end
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// maxRemark is the width of a remark that stays in the title's line.
const maxRemark = 40

func isRemark(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("（(［[【", first) && strings.ContainsRune("）)］]】.。", last)
}

// isTag tells whether a span holds only words in brackets.
func isTag(s Span) bool {
	return s.Link == "" && s.Style&Bold == 0 && width(s.Text) <= maxRemark && isRemark(strings.TrimSpace(s.Text))
}

// isLinkTitle tells whether a paragraph is a link and at most a tag before and
// a remark behind it.
func isLinkTitle(spans []Span) bool {
	spans = trimSpans(spans, "")
	if len(spans) > 1 && isTag(spans[0]) {
		spans = spans[1:]
	}
	if len(spans) == 0 || !strings.HasPrefix(spans[0].Link, "http") {
		return false
	}
	lead, rest := cutLead(spans)
	return len(lead) > 0 && len(rest) == 0 && plain(lead) != spans[0].Link
}

// isTitleLine tells whether a line is all bold, or all link.
func isTitleLine(spans []Span) bool { return isBold(spans) || isLinkTitle(spans) }

// isBold tells whether all the words of a paragraph are bold.
func isBold(spans []Span) bool {
	words := false
	for _, s := range spans {
		if s.Style&Bold != 0 {
			words = words || strings.TrimSpace(s.Text) != ""
		} else if strings.ContainsFunc(s.Text, isWordRune) {
			return false
		}
	}
	return words
}

// endsSentence tells whether a text ends as a statement does.
func endsSentence(text string) bool {
	text = strings.TrimRight(text, " ”’\"')）」』")
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "；")
}
