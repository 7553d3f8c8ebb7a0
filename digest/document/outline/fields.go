package outline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// minFields is how many headings must have a label under them for it to name a field, and
// minLabels how many of these a heading has that stands over fields.
const (
	minFields = 3
	minLabels = 2
)

// maxField is how wide, in columns, a field is that gives a fact, such as an author or a
// number. A wider one is a text.
const maxField = 60

// markFields marks headings as titles of items if fields stand under them: lines such as
// "Author: Ann" whose labels come back under the other headings of their level, or deeper
// headings that do. Under the title of a story, which is a link, has a number or is long, fields
// may be texts or chapters, and chapters also under any heading within a section. Under any
// other heading they are facts, because teams, say, report each week what is done and what
// comes next.
func markFields(nodes []page.Node) []page.Node {
	var over []int
	nested := false // headings of the level stand in sections
	for level := 1; level <= 6; level++ {
		at := headingsAt(nodes, level)
		over = append(over, overFields(nodes, at, nested)...)
		nested = nested || len(at) > 1 || level > 1 && len(at) > 0
	}
	if len(over) == 0 {
		return nodes
	}
	nodes = slices.Clone(nodes)
	for _, i := range over {
		nodes[i].Item = true
	}
	return nodes
}

// headingsAt returns the indexes of the headings of a level.
func headingsAt(nodes []page.Node, level int) []int {
	return slices.DeleteFunc(HeadingsOf(nodes), func(i int) bool { return nodes[i].Level != level })
}

// overFields returns those of some titles that stand over fields. nested says that they stand in
// sections, so what the same chapters are under is the title of a story.
func overFields(nodes []page.Node, titles []int, nested bool) []int {
	if len(titles) < minFields {
		return nil
	}
	under := make([]labelSet, len(titles))
	count := map[string]int{}
	for n, i := range titles {
		under[n] = labelsIn(nodes[i].Level, nodes[i+1:endOf(nodes, titles, n)])
		for name := range under[n].lines {
			count[name]++
		}
	}
	var over []int
	for n, i := range titles {
		fields, facts, chapters := under[n].comeBack(count, len(titles))
		isTitle := nested && chapters >= minLabels || isItemTitle(nodes[i].Spans) || isWider(nodes[i].Spans, longHeading, longWideHeading)
		if fields >= minLabels && fields > under[n].links && (isTitle || 2*facts > fields) {
			over = append(over, i)
		}
	}
	return over
}

// comeBack returns how many of the labels stand under most of so many titles, and how many of
// these are facts and chapters. count says under how many titles each stands.
func (l labelSet) comeBack(count map[string]int, titles int) (fields, facts, chapters int) {
	for name, of := range l.lines {
		if count[name] < minFields || 2*count[name] < titles || of.repeated {
			continue
		}
		fields++
		if of.fact {
			facts++
		}
		if of.chapter {
			chapters++
		}
	}
	return fields, facts, chapters
}

// labelSet holds the labels under a title, folded: of lines in the text and the lists right
// under it, and the names of deeper headings over text.
type labelSet struct {
	lines map[string]label
	links int // how many entries of lists have a link and no label
}

// label is what a line that may be a field begins with.
type label struct {
	fact     bool // what follows is short, or a link
	chapter  bool // it is a heading
	repeated bool // it stands twice under one title, so it says of what kind an item is
}

func (l *labelSet) add(name string, as label) {
	_, as.repeated = l.lines[name]
	l.lines[name] = as
}

func (l *labelSet) addEntry(entry []digest.Block) {
	if name, rest, ok := cutLabel(digest.FirstLine(entry[0].Spans)); ok {
		l.add(name, label{fact: isFact(rest) && len(entry) == 1})
	} else if slices.ContainsFunc(entry[0].Spans, isWebLink) {
		l.links++
	}
}

// labelsIn returns the labels under a title of a level.
func labelsIn(level int, under []page.Node) labelSet {
	found := labelSet{lines: map[string]label{}}
	deeper := false
	for i, n := range under {
		switch {
		case n.Kind == digest.Heading && n.Level <= level:
			return found
		case n.Kind == digest.Heading:
			deeper = true
			if IsTopic(n.Spans) && !digest.IsLinkTitle(n.Spans) && !slices.ContainsFunc(beforeHeading(under[i+1:]), isList) {
				found.add(digest.FoldName(digest.TextOf(n.Spans)), label{chapter: true})
			}
		case deeper:
		case isList(n):
			for _, entry := range n.Entries {
				found.addEntry(entry)
			}
		case n.Kind == digest.Paragraph:
			for _, line := range SpanLines(n.Spans) {
				if name, rest, ok := cutLabel(line); ok && !isBold(line) {
					found.add(name, label{fact: isFact(rest)})
				}
			}
		}
	}
	return found
}

// beforeHeading returns the nodes before the first heading.
func beforeHeading(nodes []page.Node) []page.Node {
	if at := slices.IndexFunc(nodes, isHeading); at >= 0 {
		return nodes[:at]
	}
	return nodes
}

// maxLabel is how wide, in columns, a label is at most.
const maxLabel = 24

// cutLabel separates the label of a line, folded, from the rest: bold words, or what stands
// before a colon.
func cutLabel(line []digest.Span) (name string, rest []digest.Span, ok bool) {
	title, rest := digest.CutTitle(line)
	text := digest.TextOf(title)
	if len(title) == 0 || len(rest) == 0 || slices.ContainsFunc(title, isWebLink) {
		head := digest.TextOf(Head(line))
		at := strings.IndexFunc(head, isColon)
		if at < 0 {
			return "", nil, false
		}
		_, size := utf8.DecodeRuneInString(head[at:])
		after, _ := utf8.DecodeRuneInString(head[at+size:])
		if after == '/' || unicode.IsDigit(after) && size == 1 {
			return "", nil, false
		}
		text = head[:at]
		_, rest = digest.CutSpans(line, at+size)
	}
	if digest.Width(text) > maxLabel || !strings.ContainsFunc(text, unicode.IsLetter) {
		return "", nil, false
	}
	return digest.FoldName(text), rest, true
}

// isFact reports whether what follows a label gives a fact.
func isFact(rest []digest.Span) bool {
	return digest.Width(digest.TextOf(rest)) <= maxField || digest.IsLinkTitle(rest)
}

func isColon(r rune) bool { return r == ':' || r == '：' }

// areFields reports whether the lines that begin with bold words are the fields of
// one item, such as its address and its author: all end the bold words with a colon.
func areFields(nodes []page.Node, starts []start) bool {
	for _, s := range starts {
		title, rest := digest.CutTitle(nodes[s.at].Spans)
		after := strings.TrimSpace(digest.TextOf(Head(rest)))
		hasColon := endsInColon(title) || strings.HasPrefix(after, ":") || strings.HasPrefix(after, "：")
		if !hasColon || slices.ContainsFunc(title, isWebLink) {
			return false
		}
	}
	return true
}

// areFieldLists reports whether each list of a section is one item, and its entries are the
// fields of it: there are two or more lists, thematic breaks part them, and all begin with
// the same label and have one in each entry.
func areFieldLists(nodes []page.Node) bool {
	lists, first, parted := 0, "", true
	for _, n := range nodes {
		if n.Kind == page.Rule {
			parted = true
		}
		if !isList(n) {
			continue
		}
		label, ok := labelOfFields(n.Entries)
		if !ok || !parted || lists > 0 && label != first {
			return false
		}
		lists, first, parted = lists+1, label, false
	}
	return lists > 1
}

// labelOfFields returns the label of the first of two or more entries, if all have one.
func labelOfFields(entries [][]digest.Block) (string, bool) {
	first := ""
	for i, entry := range entries {
		label, _, ok := cutLabel(digest.FirstLine(entry[0].Spans))
		if !ok {
			return "", false
		}
		if i == 0 {
			first = label
		}
	}
	return first, len(entries) > 1
}

// fieldItem makes one item of a list of fields: what the first field says is its title.
func fieldItem(list digest.Block) []digest.Item {
	first, others := list.Entries[0], list.Entries[1:]
	body := slices.Clone(first[1:])
	if len(others) > 1 {
		list.Entries = others
		body = append(body, list)
	} else {
		body = append(body, others[0]...)
	}
	return []digest.Item{titled(behindLabel(first[0].Spans), body, true)}
}

// behindLabel returns what follows the label in the first line of a paragraph, and all other
// lines.
func behindLabel(spans []digest.Span) []digest.Span {
	first := digest.FirstLine(spans)
	_, rest, _ := cutLabel(first)
	_, rest = digest.CutSpans(spans, len(digest.TextOf(first))-len(digest.TextOf(rest)))
	return digest.TrimSpans(rest, " :：")
}
