package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// maxHeading is how wide, in columns, a paragraph may be to become a heading.
const maxHeading = 60

// promoteUnder makes headings in a document that has none, or one that stands over all the
// sections; the same may stand at the end again, as the foot of a mail does.
func promoteUnder(nodes []page.Node) ([]page.Node, Mark) {
	at := HeadingsOf(nodes)
	if len(at) == 0 {
		return promote(nodes)
	}
	for n, i := range at {
		isSame := digest.TextOf(nodes[i].Spans) == digest.TextOf(nodes[at[0]].Spans)
		if n > 0 && (!isSame || page.Shows(nodes[i+1:])) {
			return nodes, ByHeadings
		}
	}
	bare := slices.DeleteFunc(slices.Clone(nodes), isHeading)
	promoted, mark := promote(bare)
	if len(HeadingsOf(promoted)) < minUnder {
		return nodes, ByHeadings
	}
	return promoted, mark
}

// minUnder is how many lines must name sections if a heading stands over them.
const minUnder = 3

// promote makes headings in a document that has none. It looks for lines that
// name sections, of one kind after the other, and takes the kind that names the
// sections of most items. It also returns what marks the headings.
func promote(nodes []page.Node) ([]page.Node, Mark) {
	for _, pick := range []struct {
		mark Mark
		find func([]page.Node) []int
	}{{ByOrdinals, ordinalLines}, {ByBanners, banners}} {
		if at := pick.find(nodes); len(at) >= 2 {
			return withHeadings(nodes, at), pick.mark
		}
	}
	whole := nodes
	nodes = replaced(nodes, signParts)
	var best []int
	var mark Mark
	most := 0
	for _, kind := range []Mark{ByBoldLines, ByLinkedLines, ByBracketLines, BySignLines} {
		at := labels(nodes, kind)
		if items := itemsUnder(nodes, at); items > most {
			best, mark, most = at, kind, items
		}
	}
	if at := underlined(nodes); best == nil && itemsUnder(nodes, at) > 0 {
		best, mark = at, ByUnderlines
	}
	if best == nil && listsHoldMost(nodes) {
		if at := colonLines(nodes); itemsUnder(nodes, at) > 0 {
			best, mark = at, ByColonLines
		}
	}
	if best == nil {
		return whole, ByNothing
	}
	return withHeadings(nodes, best), mark
}

// signParts makes a paragraph of its own of a line with a large sign in front that has other
// lines right under it; of anything else it makes nothing.
func signParts(n page.Node) []page.Node {
	text := digest.TextOf(n.Spans)
	at := strings.Index(text, "\n")
	if n.Kind != digest.Paragraph || at < 0 || !signLine().MatchString(HeadText(n.Spans)) || signLine().MatchString(strings.TrimSpace(text[at:])) {
		return nil
	}
	label, rest := digest.CutSpans(n.Spans, at)
	return []page.Node{
		{Block: digest.Block{Kind: digest.Paragraph, Spans: label}},
		{Block: digest.Block{Kind: digest.Paragraph, Spans: digest.TrimSpans(rest, "")}},
	}
}

// withHeadings makes headings of the paragraphs at some indexes.
func withHeadings(nodes []page.Node, at []int) []page.Node {
	out := slices.Clone(nodes)
	for _, i := range at {
		out[i] = page.NewHeading(out[i].Spans, promotedLevel)
		out[i].Spans = withoutBrackets(out[i].Spans)
	}
	return out
}

// promotedLevel is the level of headings that are made of paragraphs.
const promotedLevel = 2

// bracketLine matches a line that is only a name in lenticular or angle brackets, perhaps
// with an emoji or another sign before it.
var bracketLine = plain.Pattern(`^[^\pL\pN【】＜＞〈〉]{0,16}(?:【[^【】\n]{1,40}】|＜[^＜＞\n]{1,40}＞|〈[^〈〉\n]{1,40}〉)[^\pL\pN【】＜＞〈〉]{0,16}$`)

// signLine matches a line with a large sign in front.
var signLine = plain.Pattern(`^[` + plain.LargeSigns + `]\s*[^` + plain.LargeSigns + `\s]`)

// withoutBrackets removes the brackets around a whole line.
func withoutBrackets(spans []digest.Span) []digest.Span {
	if !bracketLine().MatchString(digest.TextOf(Head(spans))) {
		return spans
	}
	out := slices.Clone(spans)
	for i := range out {
		out[i].Text = labelBrackets.Replace(out[i].Text)
	}
	return out
}

var labelBrackets = strings.NewReplacer("【", "", "】", "", "＜", "", "＞", "", "〈", "", "〉", "")

// labels returns the indexes of the blocks that may name sections, of one kind: a
// block that is short and wholly bold (or all in brackets, or with a large sign in front),
// alone in its paragraph or in its cell. A linked one is of another kind than one without a link.
func labels(nodes []page.Node, kind Mark) []int {
	var at []int
	for i, n := range nodes {
		if labelMark(n) == kind {
			at = append(at, i)
		}
	}
	return at
}

// maxLabelSpans is how many pieces of text a line that names a section may have.
const maxLabelSpans = 12

// labelMark returns what marks a block that may name a section; ByNothing: it
// cannot name one, as no button can: that ends what stands above it.
func labelMark(n page.Node) Mark {
	if n.Kind != digest.Paragraph || n.Aside || len(n.Spans) > maxLabelSpans {
		return ByNothing
	}
	text := strings.TrimSpace(digest.TextOf(n.Spans))
	switch {
	case digest.Width(text) > maxHeading || strings.Contains(text, "\n") || !digest.HasWords(text):
		return ByNothing
	case EndsSentence(text) && !strings.HasSuffix(text, "！"):
		return ByNothing
	case bracketLine().MatchString(text):
		return ByBracketLines
	case signLine().MatchString(text) && LinksIn(n) == 0:
		return BySignLines
	case !isBold(n.Spans):
		return ByNothing
	case firstLink(n.Spans) != "":
		return ByLinkedLines
	}
	return ByBoldLines
}

// itemsUnder returns how many items stand under some lines, or 0 if these are no
// names of sections: there must be two of them, most must read like topics, items
// that are no fields must begin right under most of them, and one must have several.
func itemsUnder(nodes []page.Node, at []int) int {
	if len(at) < 2 || len(at) > maxLabels {
		return 0
	}
	items, full, topics := 0, 0, 0
	for n, i := range at {
		if IsTopic(nodes[i].Spans) {
			topics++
		}
		if count := itemsAtTop(nodes[i+1 : endOf(nodes, at, n)]); count > 0 {
			items += count
			full++
		}
	}
	if full*3 < len(at)*2 || topics*3 < len(at)*2 || items <= len(at) || len(overFields(nodes, at, false))*2 >= len(at) {
		return 0
	}
	return items
}

// maxLabels is how many lines may name sections. Nobody subscribes to more.
const maxLabels = 200

// ordinalLines finds short paragraphs with Chinese ordinals in sequence.
func ordinalLines(nodes []page.Node) []int {
	var at []int
	for i, n := range nodes {
		if n.Kind != digest.Paragraph || digest.Width(digest.TextOf(Head(n.Spans))) > maxHeading {
			continue
		}
		if ord, _, ok := cutSpanOrdinal(n.Spans); ok && ord.Kind == '一' && ord.Value == len(at)+1 {
			at = append(at, i)
		}
	}
	return at
}

// underlined finds short lines right above thematic breaks, as pages draw a line under the name
// of a section.
func underlined(nodes []page.Node) []int {
	var at []int
	for i, n := range nodes {
		if n.Kind == page.Rule && i > 0 && isTopicLine(nodes[i-1]) {
			at = append(at, i-1)
		}
	}
	return at
}

// isTopicLine reports whether a paragraph is one line without a link that reads like the name
// of a topic.
func isTopicLine(n page.Node) bool {
	return n.Kind == digest.Paragraph && !n.Aside && LinksIn(n) == 0 && !strings.Contains(digest.TextOf(n.Spans), "\n") && IsTopic(n.Spans)
}

// colonLines finds short lines that end with a colon right above lists. Beside three such lines
// a longer one counts too.
func colonLines(nodes []page.Node) []int {
	var short, all []int
	for i, n := range nodes {
		if n.Kind != digest.Paragraph || !endsInColon(n.Spans) {
			continue
		}
		text := digest.TextOf(n.Spans)
		width := digest.Width(text)
		if next := slices.IndexFunc(nodes[i+1:], isContent); width > 2*maxHeading || strings.Contains(text, "\n") || next < 0 || !isList(nodes[i+1+next]) {
			continue
		}
		if all = append(all, i); width <= maxTopic {
			short = append(short, i)
		}
	}
	if len(short) < 3 {
		return short
	}
	return all
}

// listsHoldMost reports whether more text stands in lists than outside of them.
func listsHoldMost(nodes []page.Node) bool {
	inside, all := 0, 0
	for _, n := range nodes {
		width := digest.BlocksWidth([]digest.Block{n.Block})
		if all += width; isList(n) {
			inside += width
		}
	}
	return inside*2 > all
}

// banners finds pictures with a caption in front of lists.
func banners(nodes []page.Node) []int {
	var at []int
	for i, n := range nodes {
		if n.Kind == digest.Image && len(n.Spans) > 0 && n.Spans[0].Text != "" && i+1 < len(nodes) && nodes[i+1].Kind == digest.List {
			at = append(at, i)
		}
	}
	return at
}
