package outline

import (
	"slices"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// titleHeading returns the index of the heading that is the title of the
// document, or -1. title is what the metadata says, if anything.
func titleHeading(nodes []page.Node, title string) int {
	at := HeadingsOf(nodes)
	if len(at) == 0 {
		return -1
	}
	first := nodes[at[0]]
	text := digest.TextOf(first.Spans)
	if title != "" && plain.SaysTitle(text, title) {
		return at[0]
	}
	peers, deeper := 0, 0
	for _, i := range at[1:] {
		switch {
		case nodes[i].Level < first.Level:
			if title == "" && isLineAbove(nodes, at) {
				return at[0]
			}
			return -1
		case nodes[i].Level == first.Level:
			peers++
		default:
			deeper++
		}
	}
	isTitle := peers == 0 && (plain.BeginsTitle(text, title) || aloneIsTitle(nodes, at[0], title, deeper))
	if isTitle || peers > 0 && firstIsTitle(nodes, at, title) {
		return at[0]
	}
	return -1
}

// lowerLineAbove makes a paragraph of a small heading that only stands above the title, such
// as "For our members": at most pictures are above it, nothing is between the two, and all other
// headings are below the title. As a section it would draw all others to its level.
func lowerLineAbove(nodes []page.Node, title string) []page.Node {
	at := HeadingsOf(nodes)
	if len(at) < 3 || slices.ContainsFunc(nodes[:at[0]], isContent) || page.Shows(nodes[at[0]+1:at[1]]) || nodes[at[0]].Level <= nodes[at[1]].Level || !IsOnlyTop(nodes, at[1:]) {
		return nodes
	}
	if text := digest.TextOf(nodes[at[0]].Spans); numbers.StatesIssue(text) || title != "" && plain.SaysTitle(text, title) {
		return nodes
	}
	nodes = slices.Clone(nodes)
	nodes[at[0]].Kind, nodes[at[0]].Level = digest.Paragraph, 0
	return nodes
}

// isLineAbove reports whether the first heading only looks small: it opens the document,
// says which issue this is, and no other heading has its level.
func isLineAbove(nodes []page.Node, at []int) bool {
	first := nodes[at[0]]
	return opensDocument(nodes, at[0]) && numbers.StatesIssue(digest.TextOf(first.Spans)) &&
		!slices.ContainsFunc(at[1:], func(i int) bool { return nodes[i].Level == first.Level })
}

// opensDocument reports whether nothing that is shown stands before a node.
func opensDocument(nodes []page.Node, at int) bool { return !page.Shows(nodes[:at]) }

// firstIsTitle reports whether a first heading is the title, given that other
// headings have its level.
func firstIsTitle(nodes []page.Node, at []int, title string) bool {
	text := digest.TextOf(nodes[at[0]].Spans)
	number := numbers.Find(text)
	switch {
	case title == "":
		return numbers.StatesIssue(text) && !numbers.SaysOnlyIssue(digest.TextOf(nodes[at[1]].Spans)) || leadsBare(nodes, at) || isSaidAgain(nodes, at)
	case number == 0:
		return (plain.BeginsTitle(text, title) || plain.EndsTitle(text, title)) && numbers.Find(title) > 0 || namesSeries(text, title) && CountItems(nodes[at[0]+1:at[1]]) == 0
	}
	return number == numbers.Find(title)
}

// isSaidAgain reports whether the next heading says what the first one does: mails have the title in
// their head and above the text.
func isSaidAgain(nodes []page.Node, at []int) bool {
	first := digest.FoldName(digest.TextOf(nodes[at[0]].Spans))
	return first != "" && opensDocument(nodes, at[0]) && first == digest.FoldName(digest.TextOf(nodes[at[1]].Spans))
}

// namesSeries reports whether a heading begins with the name of the series and a colon, as
// "Quay Wire: the pier is open" in an issue whose title is that name and a date.
func namesSeries(text, title string) bool {
	before, _, ok := strings.Cut(text, ":")
	name := digest.FoldName(before)
	return ok && name != "" && dates.Has(title) && name == digest.FoldName(dates.Cut(title))
}

// aloneIsTitle reports whether a first heading is the title, given that no other
// heading has its level.
func aloneIsTitle(nodes []page.Node, at int, title string, deeper int) bool {
	first := nodes[at]
	switch {
	case title == "" && first.Level > 1:
		return numbers.StatesIssue(digest.TextOf(first.Spans)) || wrapped(cutAtHeadings(nodes)[1:], first.Level) > 0 || namesEdition(nodes, at)
	case title == "":
		return true
	case first.Level == 1:
		return deeper > 1
	}
	return false
}

// namesEdition reports whether a heading that opens the document names this
// edition, with a number or a date, and the headings below it name topics.
func namesEdition(nodes []page.Node, at int) bool {
	if !opensDocument(nodes, at) || !strings.ContainsFunc(digest.TextOf(nodes[at].Spans), unicode.IsNumber) || digest.IsLinkTitle(nodes[at].Spans) {
		return false
	}
	deeper, stories := 0, 0
	for _, i := range HeadingsOf(nodes[at+1:]) {
		deeper++
		if isStory(&nodes[at+1+i]) {
			stories++
		}
	}
	return deeper > 1 && stories*2 <= deeper
}

// leadsBare reports whether the document begins with its first heading, which has
// no items under it, while a later heading of the same level has. If the first one
// is of level 1 and has nothing at all under it, deeper headings under a later one
// will do.
func leadsBare(nodes []page.Node, at []int) bool {
	level := nodes[at[0]].Level
	under := nodes[at[0]+1 : at[1]]
	if !opensDocument(nodes, at[0]) || CountItems(under) > 0 || nodes[at[1]].Level != level || digest.IsLinkTitle(nodes[at[0]].Spans) {
		return false
	}
	bare := level == 1 && !page.Shows(under)
	for n, i := range at[1:] {
		end := endOf(nodes, at, n+1)
		below := end < len(nodes) && nodes[end].Level > level
		if nodes[i].Level == level && (bare && below || CountItems(nodes[i+1:end]) > 1) {
			return true
		}
	}
	return false
}

// IsOneOfMany reports whether a heading and the next one of its level say nothing but a
// date or number: then the document has several, and none is that of the issue.
func IsOneOfMany(heading page.Node, after []page.Node) bool {
	next := slices.IndexFunc(after, func(n page.Node) bool { return n.Kind == digest.Heading && n.Level == heading.Level })
	return next >= 0 && numbers.SaysOnlyIssue(digest.TextOf(heading.Spans)) && numbers.SaysOnlyIssue(digest.TextOf(after[next].Spans))
}

// TakeTitleLine takes out of the items of a document without headings the first one
// if it is no item, but the name of the whole: it is no link, and says the title of the
// document, perhaps over a greeting, or nothing stands under it, while most of the others
// have a text.
func (p *Parts) TakeTitleLine(title string) []digest.Block {
	if len(p.Items) < minTitled {
		return nil
	}
	first := p.Items[0]
	if len(first.Title) == 0 || len(first.Lead) > 0 || firstLink(first.Title) != "" {
		return nil
	}
	if plain.SaysTitle(digest.TextOf(first.Title), title) {
		p.Items = p.Items[1:]
		return first.Body
	}
	if hasText(first.Body) {
		return nil
	}
	texts := 0
	for _, item := range p.Items[1:] {
		if hasText(item.Body) {
			texts++
		}
	}
	if texts*4 < (len(p.Items)-1)*3 {
		return nil
	}
	p.Items = p.Items[1:]
	return append([]digest.Block{{Kind: digest.Heading, Spans: first.Title}}, first.Body...)
}

func hasText(blocks []digest.Block) bool {
	return slices.ContainsFunc(blocks, func(b digest.Block) bool { return b.Kind != digest.Image })
}

// minTitled is how many items there must be, with the first one, to tell.
const minTitled = 4
