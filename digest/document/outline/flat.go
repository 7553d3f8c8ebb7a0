package outline

import (
	"digestbot/digest"
	"digestbot/digest/document/page"
)

// isFlat reports whether the headings at the level of the sections are the items
// of a flat digest. What decides is whether a reader could usefully switch them
// off: names of topics come back in the next issue, titles of stories do not. The
// length of the texts under them says nothing, so that a publisher's issues are
// read alike.
//
// Most headings must be links or whole sentences, and not half of them stand over
// several items; or all but one are counted 1, 2, 3, and not half stand over several
// items; or half are longer than names of topics are, and hardly any holds several
// items.
func isFlat(regions []Region, level int) bool {
	headings, stories, counted, long := 0, 0, 0, 0
	for _, r := range sectionsOf(regions, level) {
		headings++
		if isWider(r.Heading.Spans, longTopic, longWideTopic) {
			long++
		}
		if isStory(r.Heading.Spans) {
			stories++
		}
		if arabicOrdinal(r.Heading.Spans) == counted+1 {
			counted++
		}
	}
	switch {
	case headings < 2:
		return false
	case stories*10 >= headings*7, counted >= 3 && counted >= headings-1:
		return 2*countSections(regions, level, isFull) < headings
	}
	return headings >= 3 && long*2 >= headings && 5*countSections(regions, level, holdsSeveral) <= headings
}

// countSections returns how many of the sections at a level have a property.
func countSections(regions []Region, level int, has func(regions []Region, i, level int) bool) int {
	n := 0
	for i := range sectionsOf(regions, level) {
		if has(regions, i, level) {
			n++
		}
	}
	return n
}

// holdsSeveral reports whether the region at i holds several items, or deeper
// headings.
func holdsSeveral(regions []Region, i, level int) bool {
	return countItems(regions[i].Nodes) > 1 || isDeeper(regions, i+1, level)
}

// isFull reports whether the region at i holds several items that begin at its
// top, or several deeper headings.
func isFull(regions []Region, i, level int) bool {
	return itemsAtTop(regions[i].Nodes) > 1 || isDeeper(regions, i+1, level) && isDeeper(regions, i+2, level)
}

// demote returns the nodes of regions with all headings below the level of any
// section. Those that were at the level of sections are titles of items, unless a
// list of links stands right under them.
func demote(regions []Region, level int) []page.Node {
	var out []page.Node
	for _, r := range regions {
		heading := *r.Heading
		heading.Item = heading.Level <= level && (LinksIn(r.Nodes) == 0 || len(r.Nodes) == 0 || r.Nodes[0].Kind != digest.List)
		heading.Level += 6
		out = append(append(out, heading), r.Nodes...)
	}
	return out
}
