package outline

import (
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// shape says what the items are of a section without deeper headings.
type shape struct {
	starts []start
	list   bool // the entries of lists are the items
	fields bool // or each list is one
	tail   int  // index of the first node after the last item; 0: none
}

// count returns how many items nodes of that shape hold.
func (s shape) count(nodes []page.Node) int {
	if !s.list {
		return len(s.starts)
	}
	entries := 0
	for i, n := range nodes {
		switch {
		case !hasItems(nodes, i):
		case s.fields:
			entries++
		default:
			entries += len(n.Entries)
		}
	}
	return entries
}

// start is a node that begins an item.
type start struct {
	at   int
	item func(n page.Node, body []digest.Block) digest.Item
}

// startsAt returns the paragraphs that begin an item of a kind.
func startsAt(nodes []page.Node, item func(page.Node, []digest.Block) digest.Item, begins func(page.Node) bool) []start {
	var starts []start
	for i, n := range nodes {
		if n.Kind == digest.Paragraph && begins(n) {
			starts = append(starts, start{at: i, item: item})
		}
	}
	return starts
}

// maxPrefix is how many paragraphs may stand before a section's first item. If
// there are more, the section is prose that has a number or a bold sentence by
// chance.
const maxPrefix = 2

// chooseShape finds the shape whose first item comes first.
func chooseShape(nodes []page.Node) shape {
	var best []start
	for _, find := range []func([]page.Node) []start{numbered, colonNumbered, signed, bracketed, titledCalls, boldTitles, creditedTitles, linkTitles, quotations, titledParagraphs, dateLines} {
		starts := find(nodes)
		if len(starts) > 0 && (best == nil || starts[0].at < best[0].at) {
			best = starts
		}
		if len(best) > 0 && best[0].at == 0 {
			break // none comes before it
		}
	}
	if isListSection(nodes, best) {
		return shape{list: true, fields: areFieldLists(nodes)}
	}
	if best == nil {
		best = called(nodes)
	}
	s := shape{starts: best}
	if len(best) > 0 {
		s.tail = afterRule(nodes, best)
	}
	return s
}

// afterRule returns the index of a thematic break behind the last item, if none
// stands between the items; otherwise 0.
func afterRule(nodes []page.Node, starts []start) int {
	first, last := starts[0].at, starts[len(starts)-1].at
	isRule := func(n page.Node) bool { return n.Kind == page.Rule }
	if len(starts) > 1 && slices.ContainsFunc(nodes[first:last], isRule) {
		return 0
	}
	if i := slices.IndexFunc(nodes[last:], isRule); i > 0 {
		return last + i
	}
	return 0
}

// paragraphsBefore returns how many paragraphs stand before index at.
func paragraphsBefore(nodes []page.Node, at int) int {
	n := 0
	for _, before := range nodes[:at] {
		switch before.Kind {
		case digest.Image, page.Blank, page.Rule, page.Contents:
		default:
			n++
		}
	}
	return n
}

// numbered finds paragraphs with ordinals in sequence. The numbers may go on
// from the section before, start again, or skip one.
func numbered(nodes []page.Node) []start {
	var starts []start
	var last digest.Ordinal
	for i, n := range nodes {
		if n.Kind != digest.Paragraph {
			continue
		}
		ord, _, ok := cutSpanOrdinal(n.Spans)
		if !ok {
			continue
		}
		follows := ord.Kind == last.Kind && (ord.Value == 1 || ord.Value >= last.Value && ord.Value <= last.Value+2)
		if len(starts) > 0 && !follows {
			continue
		}
		starts = append(starts, start{at: i, item: numberedItem})
		last = ord
	}
	if len(starts) == 0 {
		return nil
	}
	before := paragraphsBefore(nodes, starts[0].at)
	if before > maxPrefix || before > 0 && (len(starts) == 1 || last.Kind == '(') {
		return nil
	}
	return starts
}

func numberedItem(n page.Node, body []digest.Block) digest.Item {
	_, spans, _ := cutSpanOrdinal(n.Spans)
	if len(spans) == 0 {
		return digest.Item{Body: body}
	}
	return titled(spans, body, false)
}

// colonNumber matches a number with a colon at the beginning of a paragraph.
var colonNumber = plain.Pattern(`^([0-9]{1,3})[:：]\s*\D`)

// minColonNumbers is how many paragraphs with such numbers there must be: times, scores and
// verses have colons too.
const minColonNumbers = 3

// colonNumbered finds paragraphs that are counted 1:, 2:, 3:, up to the last one.
func colonNumbered(nodes []page.Node) []start {
	var starts []start
	for i, n := range nodes {
		if n.Kind != digest.Paragraph {
			continue
		}
		if m := colonNumber().FindStringSubmatch(HeadText(n.Spans)); m == nil {
			continue
		} else if m[1] != strconv.Itoa(len(starts)+1) {
			return nil
		}
		starts = append(starts, start{at: i, item: colonItem})
	}
	if len(starts) < minColonNumbers {
		return nil
	}
	return starts
}

func colonItem(n page.Node, body []digest.Block) digest.Item {
	m := colonNumber().FindStringSubmatch(HeadText(n.Spans))
	_, spans := digest.CutSpans(n.Spans, len(m[1]))
	return titled(digest.TrimSpans(spans, ":："), body, false)
}

// signed finds paragraphs with the sign of a list in front, two or more.
func signed(nodes []page.Node) []start {
	starts := startsAt(nodes, signedItem, func(n page.Node) bool { return bulletSign().MatchString(HeadText(n.Spans)) })
	if len(starts) < 2 || paragraphsBefore(nodes, starts[0].at) > maxPrefix {
		return nil
	}
	return starts
}

func signedItem(n page.Node, body []digest.Block) digest.Item {
	_, spans := digest.CutSpans(n.Spans, len(bulletSign().FindString(HeadText(n.Spans))))
	return titled(digest.TrimSpans(spans, ""), body, false)
}

// bracketPattern matches "@source【title】text".
var bracketPattern = plain.Pattern(`^(@?[^【】\n]{0,24})【([^【】\n]{5,160})】`)

// BeginsItems reports whether titles or numbers in paragraphs begin items.
func BeginsItems(nodes []page.Node) bool {
	return len(boldTitles(nodes)) > 0 || len(numbered(nodes)) > 0 || len(bracketed(nodes)) > 0
}

func bracketed(nodes []page.Node) []start {
	starts := startsAt(nodes, bracketedItem, func(n page.Node) bool {
		text := HeadText(n.Spans)
		if !strings.Contains(text, "【") {
			return false
		}
		m := bracketPattern().FindStringSubmatch(text)
		return m != nil && digest.Width(m[2]) >= 10
	})
	if len(starts) == 0 || paragraphsBefore(nodes, starts[0].at) > maxPrefix {
		return nil
	}
	return starts
}

func bracketedItem(n page.Node, body []digest.Block) digest.Item {
	m := bracketPattern().FindStringSubmatchIndex(HeadText(n.Spans))
	before, rest := digest.CutSpans(n.Spans, m[3])
	_, rest = digest.CutSpans(rest, len("【"))
	title, rest := digest.CutSpans(rest, m[5]-m[4])
	_, rest = digest.CutSpans(rest, len("】"))
	rest = digest.TrimSpans(rest, "：:")
	if len(before) > 0 && len(rest) > 0 {
		before = append(slices.Clip(before), digest.Span{Text: " "})
	}
	if text := append(slices.Clip(before), rest...); len(text) > 0 {
		body = withParagraph(text, body)
	}
	return digest.Item{Title: titleSpans(title), Body: body}
}

func lineItem(n page.Node, body []digest.Block) digest.Item { return titled(n.Spans, body, false) }

func linkTitles(nodes []page.Node) []start {
	starts := startsAt(nodes, lineItem, func(n page.Node) bool { return !n.Aside && digest.IsLinkTitle(digest.FirstLine(n.Spans)) })
	if len(starts) == 0 {
		return nil
	}
	before := paragraphsBefore(nodes, starts[0].at)
	if before > 1 && !areTitleLines(nodes, starts) && !areTitles(nodes, starts) || before == 1 && len(starts) < 2 {
		return nil
	}
	if before == 0 && len(starts) == 1 && isRowOfLinks(nodes) {
		return nil
	}
	return starts
}

// isRowOfLinks reports whether every paragraph of a section begins with a link and says no more,
// or has a colon behind it: then one that is nothing but a link has no text under it, and is an
// entry like the others.
func isRowOfLinks(nodes []page.Node) bool {
	paragraphs := 0
	for _, n := range nodes {
		if n.Kind != digest.Paragraph {
			continue
		}
		title, rest := digest.CutTitle(digest.TrimSpans(n.Spans, ""))
		if n.Aside || len(title) == 0 || title[0].Link == "" || len(rest) > 0 && !startsWithColon(rest) {
			return false
		}
		paragraphs++
	}
	return paragraphs > 1
}

func startsWithColon(spans []digest.Span) bool {
	text := strings.TrimLeft(digest.TextOf(spans), " \u00a0")
	return strings.HasPrefix(text, ":") || strings.HasPrefix(text, "：")
}

// areTitleLines reports whether paragraphs that begin with a line that is a link are items
// although some text stands before them: there are two or more, and all go on below it.
func areTitleLines(nodes []page.Node, starts []start) bool {
	for _, s := range starts {
		if !strings.Contains(digest.TextOf(nodes[s.at].Spans), "\n") {
			return false
		}
	}
	return len(starts) >= 2 && paragraphsBefore(nodes, starts[0].at) <= maxPrefix
}

// quotations finds several untitled quotations: each ends with a line that names
// its author, or is a block quote.
func quotations(nodes []page.Node) []start {
	var after []start
	var quotes []start
	next := 0
	for i, n := range nodes {
		switch {
		case n.Kind == digest.Quote:
			quotes = append(quotes, start{at: i, item: quoteItem})
		case n.Kind == digest.Paragraph && digest.IsAttribution(n.Spans):
			after = append(after, start{at: next, item: quoteItem})
			next = i + 1
		}
	}
	if len(after) >= 2 {
		return after
	}
	if len(quotes) >= 2 && paragraphsBefore(nodes, quotes[0].at) == 0 && len(quotes)*2 >= paragraphsBefore(nodes, len(nodes)) {
		return quotes
	}
	return nil
}

func quoteItem(n page.Node, body []digest.Block) digest.Item {
	return digest.Item{Body: append(page.Blocks([]page.Node{n}), body...)}
}

// titledParagraphs finds the items of a section in which nearly every paragraph
// begins with a link or bold words. If there are three or more in a row, two
// paragraphs may stand before them and some after, and more if there are many. If one of the
// first two and half of all begin with bold words, lists and quotations may stand between them.
func titledParagraphs(nodes []page.Node) []start {
	t := countTitles(nodes)
	switch {
	case t.paragraphs < 2 || len(t.starts) == 0:
		return nil
	case t.mixed && t.areBold() && !areFields(nodes, t.starts):
		return t.starts
	case !t.mixed && (t.areNearlyAll() || t.areInARow()):
		return t.starts
	}
	return nil
}

// titleCounts says which paragraphs of a section begin with titles, and what stands around
// them.
type titleCounts struct {
	starts     []start
	paragraphs int  // all, with and without titles
	before     int  // paragraphs before the first title
	between    int  // paragraphs from the first title to the last one
	bold       int  // titles in bold
	mixed      bool // the section also has lists or quotations
}

// countTitles passes over remarks and lone addresses: they belong to the items above
// them, and say nothing about whether the paragraphs have titles.
func countTitles(nodes []page.Node) titleCounts {
	var t titleCounts
	for i, n := range nodes {
		switch {
		case n.Aside, isAddress(n):
		case n.Kind == digest.Paragraph:
			t.addParagraph(i, n.Spans)
		case n.Kind == digest.List, n.Kind == digest.Quote:
			t.mixed = true
		}
	}
	return t
}

func (t *titleCounts) addParagraph(at int, spans []digest.Span) {
	t.paragraphs++
	title, _ := digest.CutTitle(digest.TrimSpans(spans, ""))
	if len(title) == 0 {
		return
	}
	if len(t.starts) == 0 {
		t.before = t.paragraphs - 1
	}
	t.starts = append(t.starts, start{at: at, item: lineItem})
	t.between = t.paragraphs - t.before
	if title[0].Style&digest.Bold != 0 {
		t.bold++
	}
}

// areBold reports whether the titles are clear enough for lists and quotations to stand
// between them: there are three or more, all are bold, half of all paragraphs have one, and so
// has the first, or the second behind a line of introduction or the caption of a picture.
func (t titleCounts) areBold() bool {
	return t.before <= 1 && t.bold >= 3 && t.bold == len(t.starts) && 2*t.bold >= t.paragraphs
}

// areNearlyAll reports whether nearly all paragraphs have titles.
func (t titleCounts) areNearlyAll() bool {
	return len(t.starts)*5 >= t.paragraphs*4 && t.before <= 1
}

// areInARow reports whether nearly all paragraphs between the first title and the last
// one have titles, and only a few stand outside: two on each side, or a quarter of as many.
func (t titleCounts) areInARow() bool {
	after := t.paragraphs - t.before - t.between
	return len(t.starts) >= 3 && len(t.starts)*5 >= t.between*4 && max(t.before, after) <= max(maxPrefix, len(t.starts)/4)
}

// isAddress reports whether a paragraph is nothing but an address, such as that of a post
// under the text about it.
func isAddress(n page.Node) bool {
	return n.Kind == digest.Paragraph && len(n.Spans) == 1 && isWebLink(n.Spans[0]) && n.Spans[0].Text == n.Spans[0].Link
}
