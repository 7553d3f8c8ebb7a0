package outline

import (
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// boldTitles finds paragraphs that begin with bold titles.
func boldTitles(nodes []page.Node) []start {
	starts := startsAt(nodes, lineItem, func(n page.Node) bool { return !n.Aside && isBoldTitle(digest.FirstLine(n.Spans)) })
	if n := len(starts); n > 1 && starts[n-1].at == len(nodes)-1 && isClosing(nodes[len(nodes)-1]) {
		starts = starts[:n-1]
	}
	if len(starts) == 0 || len(nodes) == 1 {
		return nil
	}
	if paragraphsBefore(nodes, starts[0].at) > maxPrefix && !areTitles(nodes, starts) {
		return nil
	}
	starts = withLinkLines(nodes, starts)
	if bareNumbersCountUp(nodes, starts) {
		for i := range starts {
			starts[i].item = countedItem
		}
	}
	return starts
}

// withLinkLines adds the lines that are links without being bold, if all bold titles are
// links: then a link begins an item, and bold are those that have a text. A link that leads
// where one above leads goes on with the item.
func withLinkLines(nodes []page.Node, titles []start) []start {
	if len(titles) < 2 || slices.ContainsFunc(titles, func(s start) bool { return !digest.IsLinkTitle(digest.FirstLine(nodes[s.at].Spans)) }) {
		return titles
	}
	isTitle := map[int]bool{}
	for _, s := range titles {
		isTitle[s.at] = true
	}
	seen := map[string]bool{}
	starts := titles[:0:0]
	for i := titles[0].at; i < len(nodes); i++ {
		n := nodes[i]
		if isTitle[i] || isLinkLine(n) && !seen[firstLink(n.Spans)] {
			starts = append(starts, start{at: i, item: lineItem})
			seen[firstLink(n.Spans)] = true
		}
	}
	return starts
}

// minLinkWords is how many words a link has at least that is a title. A shorter one may say
// "Read more".
const minLinkWords = 3

func isLinkLine(n page.Node) bool {
	return n.Kind == digest.Paragraph && !n.Aside && digest.IsLinkTitle(n.Spans) && len(strings.Fields(digest.TextOf(n.Spans))) >= minLinkWords
}

// areTitles reports whether bold lines are titles whatever stands before them: there
// are three or more, each has text under it, and the text before the first one is
// less than a quarter of all.
func areTitles(nodes []page.Node, starts []start) bool {
	for i, s := range starts {
		if s.at+1 == len(nodes) || i+1 < len(starts) && starts[i+1].at == s.at+1 {
			return false
		}
	}
	before := digest.BlocksWidth(page.Blocks(nodes[:starts[0].at]))
	return len(starts) >= 3 && before*4 < digest.BlocksWidth(page.Blocks(nodes))
}

// isClosing reports whether a paragraph with nothing under it is a closing
// remark: a bold sentence.
func isClosing(n page.Node) bool { return isBold(n.Spans) && EndsSentence(digest.TextOf(n.Spans)) }

// bareNumber matches a number without punctuation at the beginning of a title.
var bareNumber = plain.Pattern(`^([0-9]{1,2})(?:\s+\S|[^0-9\s.,:%])`)

// bareNumbersCountUp reports whether all titles begin with bare numbers that count up. Then
// these are ordinals.
func bareNumbersCountUp(nodes []page.Node, starts []start) bool {
	last := -1
	for _, s := range starts {
		m := bareNumber().FindStringSubmatch(digest.TextOf(Head(nodes[s.at].Spans)))
		if m == nil {
			return false
		}
		number, err := strconv.Atoi(m[1])
		if err != nil || last >= 0 && number != last+1 {
			return false
		}
		last = number
	}
	return len(starts) > 1
}

func countedItem(n page.Node, body []digest.Block) digest.Item {
	m := bareNumber().FindStringSubmatch(digest.TextOf(Head(n.Spans)))
	_, spans := digest.CutSpans(n.Spans, len(m[1]))
	return titled(digest.TrimSpans(spans, ""), body, false)
}

// creditedTitles finds the items of a list of works: two or more short paragraphs are bold words
// and behind a dash the author's name, as "**Lamps** – Ann", and each has text under it.
func creditedTitles(nodes []page.Node) []start {
	starts := startsAt(nodes, creditedItem, isCredited)
	if len(starts) < 2 || paragraphsBefore(nodes, starts[0].at) > maxPrefix {
		return nil
	}
	for _, s := range starts {
		if s.at+1 == len(nodes) || isCredited(nodes[s.at+1]) {
			return nil
		}
	}
	return starts
}

func isCredited(n page.Node) bool {
	if n.Aside || n.Kind != digest.Paragraph || n.Spans[0].Style&digest.Bold == 0 {
		return false
	}
	text := digest.TextOf(n.Spans)
	if digest.Width(text) > MaxTitle || strings.Contains(text, "\n") || EndsSentence(text) {
		return false
	}
	_, rest := digest.CutTitle(n.Spans)
	behind := strings.TrimLeft(digest.TextOf(rest), " \u00a0")
	return strings.HasPrefix(behind, "–") || strings.HasPrefix(behind, "—") || strings.HasPrefix(behind, "- ")
}

func creditedItem(n page.Node, body []digest.Block) digest.Item {
	return digest.Item{Title: titleSpans(n.Spans), Body: body}
}
