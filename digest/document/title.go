package document

import (
	"digestbot/digest"
	"slices"
	"strings"
	"unicode"
)

// titleHeading returns the index of the heading that is the title of the
// document, or -1. title is what the metadata says, if anything.
func titleHeading(nodes []node, title string) int {
	at := headingsOf(nodes)
	if len(at) == 0 {
		return -1
	}
	first := nodes[at[0]]
	text := digest.TextOf(first.Spans)
	if title != "" && saysTitle(text, title) {
		return at[0]
	}
	peers, deeper := 0, 0
	for _, i := range at[1:] {
		switch {
		case nodes[i].level < first.level:
			return -1
		case nodes[i].level == first.level:
			peers++
		default:
			deeper++
		}
	}
	isTitle := peers == 0 && (beginsTitle(text, title) || aloneIsTitle(nodes, at[0], title, deeper))
	if isTitle || peers > 0 && firstIsTitle(nodes, at, title) {
		return at[0]
	}
	return -1
}

// firstIsTitle reports whether a first heading is the title, given that other
// headings have its level.
func firstIsTitle(nodes []node, at []int, title string) bool {
	text := digest.TextOf(nodes[at[0]].Spans)
	number := findNumber(text)
	switch {
	case title == "":
		return statesIssue(text) && !saysOnlyIssue(digest.TextOf(nodes[at[1]].Spans)) || leadsBare(nodes, at)
	case number == 0:
		return beginsTitle(text, title) && findNumber(title) > 0
	}
	return number == findNumber(title)
}

// aloneIsTitle reports whether a first heading is the title, given that no other
// heading has its level.
func aloneIsTitle(nodes []node, at int, title string, deeper int) bool {
	first := nodes[at]
	switch {
	case title == "" && first.level > 1:
		return statesIssue(digest.TextOf(first.Spans)) || wrapped(cutAtHeadings(nodes)[1:], first.level) > 0 || namesEdition(nodes, at)
	case title == "":
		return true
	case first.level == 1:
		return deeper > 1
	}
	return false
}

// namesEdition reports whether a heading that opens the document names this
// edition, with a number or a date, and the headings below it name topics.
func namesEdition(nodes []node, at int) bool {
	if len(toBlocks(nodes[:at])) > 0 || !strings.ContainsFunc(digest.TextOf(nodes[at].Spans), unicode.IsNumber) || digest.IsLinkTitle(nodes[at].Spans) {
		return false
	}
	deeper, stories := 0, 0
	for _, n := range nodes[at+1:] {
		if n.Kind != digest.Heading {
			continue
		}
		deeper++
		if isItemHeading(n.Spans) {
			stories++
		}
	}
	return deeper > 1 && stories*2 <= deeper
}

// leadsBare reports whether the document begins with its first heading, which has
// no items under it, while a later heading of the same level has. If the first one
// is of level 1 and has nothing at all under it, deeper headings under a later one
// will do.
func leadsBare(nodes []node, at []int) bool {
	level := nodes[at[0]].level
	under := nodes[at[0]+1 : at[1]]
	if len(toBlocks(nodes[:at[0]])) > 0 || countItems(under) > 0 || nodes[at[1]].level != level || digest.IsLinkTitle(nodes[at[0]].Spans) {
		return false
	}
	bare := level == 1 && len(toBlocks(under)) == 0
	for n, i := range at[1:] {
		end, below := len(nodes), false
		if n+2 < len(at) {
			end = at[n+2]
			below = nodes[end].level > level
		}
		if nodes[i].level == level && (bare && below || countItems(nodes[i+1:end]) > 1) {
			return true
		}
	}
	return false
}

// isOneOfMany reports whether a heading and the next one of its level say nothing but a
// date or number: then the document has several, and none is that of the issue.
func isOneOfMany(heading node, after []node) bool {
	next := slices.IndexFunc(after, func(n node) bool { return n.Kind == digest.Heading && n.level == heading.level })
	return next >= 0 && saysOnlyIssue(digest.TextOf(heading.Spans)) && saysOnlyIssue(digest.TextOf(after[next].Spans))
}
