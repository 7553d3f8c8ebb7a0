package outline

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

var bulletLine = plain.Pattern(`^[•·●▪◦■◆▶►‣・○◎◇□\-–]\s*`)

// bulletSign matches the signs of those that stand in front of nothing but entries of lists.
var bulletSign = plain.Pattern(`^[•●▪◦■◆‣・○◎◇□]\s*`)

// splitLines makes paragraphs of the lines within a paragraph that are items:
// they are numbered, have bullets, or begin with bold or linked titles. Paragraphs in a
// row that begin with bullets become a list.
func splitLines(nodes []page.Node) []page.Node {
	return replaced(joinBullets(countedParagraphs(nodes)), itemLines)
}

// countedParagraphs makes paragraphs with numbers of the entries of counted lists of which each
// goes on with the numbers of the one before: the texts between them, which their author did not
// indent, belong to the entries. Right above bullets a number counts a group.
func countedParagraphs(nodes []page.Node) []page.Node {
	if !countOn(nodes) {
		return nodes
	}
	return replaced(nodes, func(n page.Node) (out []page.Node) {
		if !isList(n) || !n.Ordered {
			return nil
		}
		for i, entry := range n.Entries {
			for at, block := range entry {
				if at == 0 {
					block.Spans = append([]digest.Span{{Text: strconv.Itoa(n.Start+i) + ". "}}, block.Spans...)
				}
				out = append(out, page.Node{Block: block})
			}
		}
		return out
	})
}

// countOn reports whether nodes without headings have two counted lists or more, each of which
// goes on with the numbers of the one before, not far from the top and with no list right below.
func countOn(nodes []page.Node) bool {
	lists, next := 0, 0
	for i, n := range nodes {
		if isHeading(n) {
			return false
		}
		if !isList(n) || !n.Ordered {
			continue
		}
		isFirst := lists == 0 && paragraphsBefore(nodes, i) <= maxPrefix
		if !isFirst && (lists == 0 || n.Start != next) || i+1 < len(nodes) && isList(nodes[i+1]) {
			return false
		}
		lists, next = lists+1, n.Start+len(n.Entries)
	}
	return lists > 1
}

// replaced returns nodes with what with returns for one in its place; if that is nothing, the
// node stays.
func replaced(nodes []page.Node, with func(page.Node) []page.Node) []page.Node {
	var out []page.Node // a copy, as soon as one is needed
	for i, n := range nodes {
		parts := with(n)
		if len(parts) == 0 {
			if out != nil {
				out = append(out, n)
			}
			continue
		}
		if out == nil {
			out = append(make([]page.Node, 0, len(nodes)+len(parts)), nodes[:i]...)
		}
		out = append(out, parts...)
	}
	if out == nil {
		return nodes
	}
	return out
}

// bulleted matches the bullet that a paragraph begins with, which word processors and
// mails set as a sign. Dashes may begin what somebody says.
var bulleted = plain.Pattern(`^(?:[•·●▪◦■◆▶►‣○◎◇□][\s\x{a0}]+|[・●]\s*)`)

// joinBullets makes lists of two or more paragraphs in a row that begin with bullets.
func joinBullets(nodes []page.Node) []page.Node {
	begins := func(n page.Node) bool {
		return n.Kind == digest.Paragraph && bulleted().MatchString(HeadText(n.Spans)) && len(itemLines(n)) == 0
	}
	if !slices.ContainsFunc(nodes, begins) {
		return nodes
	}
	var out []page.Node
	for i := 0; i < len(nodes); {
		end := i
		for end < len(nodes) && begins(nodes[end]) {
			end++
		}
		if end-i < 2 {
			out = append(out, nodes[i])
			i++
			continue
		}
		list := digest.Block{Kind: digest.List}
		for _, n := range nodes[i:end] {
			_, n.Spans = digest.CutSpans(n.Spans, len(bulleted().FindString(HeadText(n.Spans))))
			n.Spans = digest.TrimSpans(n.Spans, "")
			list.Entries = append(list.Entries, []digest.Block{n.Block})
		}
		out = append(out, page.Node{Block: list})
		i = end
	}
	return out
}

// joinLoneBullets joins bullets that stand alone in a paragraph, or in a cell, with the text
// behind them.
func joinLoneBullets(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, isLoneBullet) {
		return nodes
	}
	var out []page.Node
	for i, n := range nodes {
		if isLoneBullet(n) && i+1 < len(nodes) && nodes[i+1].Kind == digest.Paragraph && !isLoneBullet(nodes[i+1]) {
			continue
		}
		if i > 0 && n.Kind == digest.Paragraph && !isLoneBullet(n) && isLoneBullet(nodes[i-1]) {
			n.Spans = append([]digest.Span{{Text: "• "}}, n.Spans...)
		}
		out = append(out, n)
	}
	return out
}

func isLoneBullet(n page.Node) bool {
	if n.Kind != digest.Paragraph || len(n.Spans) != 1 {
		return false
	}
	text := strings.TrimSpace(n.Spans[0].Text)
	return text != "" && bulletLine().FindString(text) == text
}

// itemLines returns the parts of a paragraph that holds several items; of any
// other it returns nothing.
func itemLines(n page.Node) []page.Node {
	if n.Kind != digest.Paragraph || !strings.Contains(digest.TextOf(n.Spans), "\n") {
		return nil
	}
	lines := SpanLines(n.Spans)
	for _, begins := range []func([]digest.Span) bool{beginsOrdinal, beginsBullet, IsTitleLine} {
		if countLines(lines, begins) >= 2 && begins(lines[0]) {
			return groupLines(lines, begins)
		}
	}
	if len(lines) >= 2 && countLines(lines, beginsLink) == len(lines) {
		return groupLines(lines, beginsLink)
	}
	return nil
}

func countLines(lines [][]digest.Span, is func([]digest.Span) bool) int {
	n := 0
	for _, line := range lines {
		if is(line) {
			n++
		}
	}
	return n
}

func beginsLink(line []digest.Span) bool {
	title, _ := digest.CutTitle(line)
	return len(title) > 0 && slices.ContainsFunc(title, func(s digest.Span) bool { return s.Link != "" && s.Link != s.Text })
}

func beginsOrdinal(line []digest.Span) bool {
	_, _, ok := cutSpanOrdinal(line)
	return ok
}

func beginsBullet(line []digest.Span) bool { return bulletLine().MatchString(HeadText(line)) }

// groupLines makes a paragraph of each line that begins an item, and the lines
// that follow it. Lines with bullets become one list.
func groupLines(lines [][]digest.Span, begins func([]digest.Span) bool) []page.Node {
	var groups [][]digest.Span
	bullets := beginsBullet(lines[0])
	for _, line := range lines {
		switch {
		case begins(line):
			if mark := bulletLine().FindString(HeadText(line)); bullets {
				_, line = digest.CutSpans(line, len(mark))
			}
			groups = append(groups, digest.TrimSpans(line, ""))
		default:
			last := len(groups) - 1
			groups[last] = append(append(groups[last], digest.Span{Text: "\n"}), line...)
		}
	}
	out := make([]page.Node, 0, len(groups))
	list := digest.Block{Kind: digest.List}
	for _, spans := range groups {
		paragraph := digest.Block{Kind: digest.Paragraph, Spans: spans}
		if bullets {
			list.Entries = append(list.Entries, []digest.Block{paragraph})
			continue
		}
		out = append(out, page.Node{Block: paragraph})
	}
	if bullets {
		return []page.Node{{Block: list}}
	}
	return out
}

// dateLines finds the items of a calendar: two or more paragraphs are only a day, and
// text stands under each.
func dateLines(nodes []page.Node) []start {
	var starts []start
	for i, n := range nodes {
		if n.Kind != digest.Paragraph || !isDateLine(n.Spans) {
			continue
		}
		if i+1 == len(nodes) || nodes[i+1].Kind != digest.Paragraph || isDateLine(nodes[i+1].Spans) {
			return nil
		}
		starts = append(starts, start{at: i, item: lineItem})
	}
	if len(starts) < 2 || paragraphsBefore(nodes, starts[0].at) > maxPrefix {
		return nil
	}
	return starts
}

// maxDateWords is how many words a line may have beside its day: those of a weekday and of
// a time zone, say.
const maxDateWords = 2

// isDateLine reports whether a line is only a day, perhaps with a weekday and a time.
func isDateLine(spans []digest.Span) bool {
	text := digest.TextOf(spans)
	if digest.Width(text) > maxHeading {
		return false
	}
	rest := dates.Cut(text)
	words := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	return rest != text && len(words) <= maxDateWords
}
