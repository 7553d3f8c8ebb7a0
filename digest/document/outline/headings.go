package outline

import (
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// maxHeadingText is how wide, in columns, a heading may be that ends like a
// sentence. A longer one is a paragraph: in Markdown a line of dashes under a
// paragraph makes a heading of it.
const maxHeadingText = 160

// withoutSentences makes paragraphs, with a rule under them, of headings that are
// whole sentences, unless headings of their level are entries.
func withoutSentences(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, isSentence) {
		return nodes
	}
	bare := bareHeadings(nodes)
	return replaced(nodes, func(n page.Node) []page.Node {
		if !isSentence(n) || bare[n.Level] >= minBare {
			return nil
		}
		n.Kind, n.Level = digest.Paragraph, 0
		return []page.Node{n, {Block: digest.Block{Kind: page.Rule}}}
	})
}

// minBare is how many short headings of one level with nothing under them are entries
// rather than slips.
const minBare = 2

// bareHeadings returns how many headings of each level are no sentences, and have nothing
// under them, neither text nor deeper headings.
func bareHeadings(nodes []page.Node) (bare [maxLevel]int) {
	at := HeadingsOf(nodes)
	for n, i := range at {
		end := endOf(nodes, at, n)
		isLeaf := end == len(nodes) || nodes[end].Level <= nodes[i].Level
		if isLeaf && !isSentence(nodes[i]) && !page.Shows(nodes[i+1:end]) {
			bare[nodes[i].Level]++
		}
	}
	return bare
}

// isSentence reports whether a heading is too long for one, and ends like a sentence.
func isSentence(n page.Node) bool {
	if n.Kind != digest.Heading || digest.IsLinkTitle(n.Spans) {
		return false
	}
	text := digest.TextOf(n.Spans)
	return digest.Width(text) > maxHeadingText && EndsSentence(text)
}

// joinKickers makes one heading of two if the first one only announces the second: it ends
// with a colon and has nothing under it, as "Deep dive:" above "How lamps burn". Where
// headings of its level end with a colon and have a text, an empty one is a section without
// news.
func joinKickers(nodes []page.Node) []page.Node {
	kickers := map[int]int{} // the index of the heading that each announces
	withText := map[int]bool{}
	for i, n := range nodes {
		if n.Kind != digest.Heading || !endsInColon(n.Spans) {
			continue
		}
		if next := nextOf(nodes, i); next < len(nodes) && announces(n, nodes[next]) {
			kickers[i] = next
		} else {
			withText[n.Level] = true
		}
	}
	if len(kickers) == 0 {
		return nodes
	}
	out := make([]page.Node, 0, len(nodes))
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		if next := kickers[i]; next > 0 && !withText[n.Level] {
			n.Level = nodes[next].Level
			n.Spans = announced(n.Spans, nodes[next].Spans)
			i = next
		}
		out = append(out, n)
	}
	return out
}

// announced returns the words of a heading behind those that announce it.
func announced(kicker, spans []digest.Span) []digest.Span {
	out := slices.Clone(kicker)
	if !strings.HasSuffix(strings.TrimSpace(digest.TextOf(kicker)), "：") { // which has its space in it
		out = append(out, digest.Span{Text: " "})
	}
	return append(out, spans...)
}

// announces reports whether a heading that ends with a colon may announce the node behind
// it: a heading that is not deeper, and announces nothing itself.
func announces(n, next page.Node) bool {
	return next.Kind == digest.Heading && next.Level <= n.Level && !endsInColon(next.Spans) && !digest.IsLinkTitle(n.Spans)
}

// minLed is how many headings must follow that of a lead.
const minLed = 3

// lowerLead gives the first heading the level of all others if it is the only higher one, but
// stands over the same as each of them, a picture with a link and a text: it is larger because it
// leads, and holds none of the others.
func lowerLead(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	if len(at) <= minLed || nodes[at[0]].Level >= nodes[at[1]].Level {
		return nodes
	}
	for n, i := range at {
		blocks := page.Blocks(nodes[i+1 : endOf(nodes, at, n)])
		if n > 0 && nodes[i].Level != nodes[at[1]].Level || !isPictureWithText(blocks) {
			return nodes
		}
	}
	out := slices.Clone(nodes)
	out[at[0]].Level = out[at[1]].Level
	return out
}

// isPictureWithText reports whether blocks are a picture that is a link, and text below it.
func isPictureWithText(blocks []digest.Block) bool {
	if len(blocks) < 2 || blocks[0].Kind != digest.Image || linksIn(blocks[0]) == 0 {
		return false
	}
	return !slices.ContainsFunc(blocks[1:], func(b digest.Block) bool { return b.Kind != digest.Paragraph })
}

// How much text stands before late headings at least, in columns and for each column behind the
// first of them, and how many there are at most.
const (
	minBeforeLate  = 1200
	timesLate      = 9
	maxLate        = 2
	minUnderTitles = 3
)

// lowerLate makes bold lines of headings that stand behind nearly all of the text, without items or
// links below them but one: they invite readers to share the text, and all of it is no introduction
// to them.
func lowerLate(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	if len(at) == 0 || len(at) > maxLate {
		return nodes
	}
	before, behind := nodes[:at[0]], nodes[at[0]:]
	width := digest.BlocksWidth(page.Blocks(before))
	if width < minBeforeLate || width < timesLate*digest.BlocksWidth(page.Blocks(behind)) || CountItems(behind[1:]) > 1 || LinksIn(behind...) > maxLate {
		return nodes
	}
	return lowered(nodes, at)
}

// lowerSubtitle makes a bold line of the only heading below the title if it stands right there, is no
// name of a topic, and several items with titles follow it: it says what they are about.
func (o *Division) lowerSubtitle(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	if o.Title == nil || len(at) != 1 || page.Shows(nodes[:at[0]]) || !isStory(&nodes[at[0]]) || nodes[at[0]].Item || digest.IsLinkTitle(nodes[at[0]].Spans) {
		return nodes
	}
	if CountItems(nodes[at[0]+1:]) < minUnderTitles {
		return nodes
	}
	return lowered(nodes, at)
}

// lowered makes paragraphs of the headings at some indexes.
func lowered(nodes []page.Node, at []int) []page.Node {
	out := slices.Clone(nodes)
	for _, i := range at {
		out[i].Kind, out[i].Level = digest.Paragraph, 0
	}
	return out
}

// signsToRules makes thematic breaks of headings of mere signs, such as "..." or "***": they
// part what is above from what is below, and name nothing.
func signsToRules(nodes []page.Node) []page.Node {
	return replaced(nodes, func(n page.Node) []page.Node {
		if !isSigns(n) {
			return nil
		}
		return []page.Node{{Block: digest.Block{Kind: page.Rule}}}
	})
}

func isSigns(n page.Node) bool {
	if n.Kind != digest.Heading || digest.Width(digest.TextOf(n.Spans)) > maxTopic {
		return false
	}
	name, emoji := digest.SplitEmoji(digest.TextOf(n.Spans))
	return emoji == "" && !digest.HasWords(name)
}

// deepenLinked tells sections from items if both are headings of one level: several
// headings have no link, and nothing under them but headings that are links. These
// and deeper ones go one level down.
func deepenLinked(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	for level := 1; level <= 6; level++ {
		bare, linked := 0, 0
		for n, i := range at {
			switch {
			case nodes[i].Level != level:
			case digest.IsLinkTitle(nodes[i].Spans):
				linked++
			case n+1 < len(at) && nodes[at[n+1]].Level == level && digest.IsLinkTitle(nodes[at[n+1]].Spans) && !page.Shows(nodes[i+1:at[n+1]]):
				bare++
			}
		}
		if bare >= 2 && linked >= 2*bare {
			return deepenFrom(nodes, level)
		}
	}
	return nodes
}

// deepenFrom puts the linked headings of a level, and all below it, one level down. If
// the only heading below it stands over a list at the end, that is no part of the last
// item, because no other item has any: it becomes one of that level.
func deepenFrom(nodes []page.Node, level int) []page.Node {
	out := slices.Clone(nodes)
	var deeper []int
	for i, n := range out {
		if n.Kind != digest.Heading || n.Level < level || n.Level == level && !digest.IsLinkTitle(n.Spans) {
			continue
		}
		if n.Level > level {
			deeper = append(deeper, i)
		}
		out[i].Level++
	}
	if len(deeper) == 1 && closesWithList(out[deeper[0]:]) {
		out[deeper[0]].Level = level
	}
	return out
}

// closesWithList reports whether nodes, which begin with a heading, are one that is no link, a
// list, and no further headings.
func closesWithList(nodes []page.Node) bool {
	return !digest.IsLinkTitle(nodes[0].Spans) && slices.ContainsFunc(nodes, isList) && !slices.ContainsFunc(nodes[1:], isHeading)
}

// joinNumbers joins numbers that stand alone in a paragraph, or in a cell, with what they
// number, if there are three or more and they count up: to a line, and before headings they
// are left out, as these are items anyway.
func joinNumbers(nodes []page.Node) []page.Node {
	var at []int
	last := 0
	for i, n := range nodes {
		if i+1 == len(nodes) || nodes[i+1].Kind != digest.Heading && nodes[i+1].Kind != digest.Paragraph {
			continue
		}
		number := loneNumber(n)
		if number == 0 || loneNumber(nodes[i+1]) > 0 || len(at) > 0 && number != last+1 && number != 1 {
			continue
		}
		at, last = append(at, i), number
	}
	if len(at) < 3 || last == 1 {
		return nodes
	}
	out := slices.Clone(nodes)
	for _, i := range at {
		if next := &out[i+1]; next.Kind == digest.Paragraph {
			number := strconv.Itoa(loneNumber(out[i])) + ". "
			next.Spans = append([]digest.Span{{Text: number}}, next.Spans...)
		}
		out[i].Kind = page.Blank
	}
	return out
}

// loneNumber returns the number that is all of a paragraph, or 0.
func loneNumber(n page.Node) int {
	if n.Kind != digest.Paragraph || len(n.Spans) != 1 || len(n.Spans[0].Text) > 4 || n.Spans[0].Link != "" {
		return 0
	}
	number, err := strconv.Atoi(strings.TrimRight(n.Spans[0].Text, ".)"))
	if err != nil {
		return 0
	}
	return number
}
