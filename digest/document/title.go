package document

import (
	"regexp"
	"strings"

	"digestbot/digest"
)

// titleHeading returns the index of the heading that is the title of the
// document, or -1.
func titleHeading(nodes []node, title string) int {
	at := headingsOf(nodes)
	if len(at) == 0 {
		return -1
	}
	first := nodes[at[0]]
	text := digest.TextOf(first.Spans)
	if title != "" && sameTitle(text, title) {
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
	number := findNumber(text)
	isTitle := peers == 0 && aloneIsTitle(nodes, at[0], title, deeper)
	if peers > 0 && title == "" {
		isTitle = number > 0 || leadsBare(nodes, at)
	} else if peers > 0 {
		isTitle = number > 0 && number == findNumber(title)
	}
	if isTitle {
		return at[0]
	}
	return -1
}

// aloneIsTitle reports whether a first heading is the title, given that no other
// heading has its level.
func aloneIsTitle(nodes []node, at int, title string, deeper int) bool {
	first := nodes[at]
	switch {
	case title == "" && first.level > 1:
		return findNumber(digest.TextOf(first.Spans)) > 0 || wrapped(cutAtHeadings(nodes)[1:], first.level) > 0
	case title == "":
		return true
	case first.level == 1:
		return deeper > 1
	}
	return false
}

// leadsBare reports whether the document begins with its first heading, which has
// no items under it, while a later heading of the same level has.
func leadsBare(nodes []node, at []int) bool {
	level := nodes[at[0]].level
	if len(toBlocks(nodes[:at[0]])) > 0 || countItems(nodes[at[0]+1:at[1]]) > 0 || nodes[at[1]].level != level {
		return false
	}
	for n, i := range at[1:] {
		end := len(nodes)
		if n+2 < len(at) {
			end = at[n+2]
		}
		if nodes[i].level == level && countItems(nodes[i+1:end]) > 1 {
			return true
		}
	}
	return false
}

// sameTitle reports whether a heading says the title that the metadata gives.
// Either may be longer by a subtitle.
func sameTitle(heading, title string) bool {
	a, b := digest.FoldName(heading), digest.FoldName(title)
	if a == "" || b == "" {
		return false
	}
	return a == b || len(b) >= 12 && strings.HasPrefix(a, b) || len(a) >= 12 && strings.HasPrefix(b, a)
}

func cleanTitle(title string) string {
	title = strings.Map(visible, spaces.ReplaceAllString(strings.ToValidUTF8(title, ""), " "))
	return strings.TrimSpace(title)
}

var spaces = regexp.MustCompile(`\s+`)
