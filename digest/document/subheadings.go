package document

import (
	"slices"
	"strings"

	"digestbot/digest"
)

// markItems finds the headings within sections that are titles of items although a
// list stands under them. A heading right over a list is the name of a group; one
// with a paragraph before the list is the title of an item, unless the document has
// more groups than items at that level.
func markItems(sections []region) {
	var groups, items [maxLevel]int
	eachSubheading(sections, func(heading *node, under []node) {
		switch listUnder(heading, under) {
		case atTop:
			groups[heading.level]++
		case notAList:
			items[heading.level]++
		}
	})
	eachSubheading(sections, func(heading *node, under []node) {
		if listUnder(heading, under) == belowText && groups[heading.level] <= items[heading.level] {
			heading.item = true
		}
	})
}

// maxLevel is more than the level of any heading, also of one that was demoted.
const maxLevel = 16

// listPlace is where under a heading the list or the titles stand that could be
// items of a group.
type listPlace int

const (
	nothing   listPlace = iota // nothing stands under the heading
	notAList                   // there is no list, or the heading is the title of an item in any case
	atTop                      // right under it
	belowText                  // after a paragraph
)

func listUnder(heading *node, under []node) listPlace {
	under = splitLines(under)
	switch {
	case isItemTitle(heading.Spans):
		return notAList
	case len(toBlocks(under)) == 0:
		return nothing
	case !isGroup(*heading, under):
		return notAList
	case itemsAtTop(under) > 0 || isLabel(under[0]) && linksIn(under) > 0:
		return atTop
	}
	return belowText
}

// isLabel reports whether a paragraph only announces a list: it is short and ends
// with a colon.
func isLabel(n node) bool {
	text := strings.TrimSpace(digest.TextOf(n.Spans))
	return n.Kind == digest.Paragraph && digest.Width(text) <= maxTopic && (strings.HasSuffix(text, ":") || strings.HasSuffix(text, "："))
}

// eachSubheading calls visit with each heading within sections that has no deeper
// ones under it, and with what stands under it. The sections get nodes of their
// own, so visit may change the heading.
func eachSubheading(sections []region, visit func(heading *node, under []node)) {
	for i := range sections {
		r := &sections[i]
		if !slices.ContainsFunc(r.nodes, isHeading) {
			continue
		}
		r.nodes = slices.Clone(r.nodes)
		at := headingsOf(r.nodes)
		for n, h := range at {
			end := len(r.nodes)
			if n+1 < len(at) {
				end = at[n+1]
			}
			if n+1 == len(at) || r.nodes[end].level <= r.nodes[h].level {
				visit(&r.nodes[h], r.nodes[h+1:end])
			}
		}
	}
}
