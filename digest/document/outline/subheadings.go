package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// markItems finds the headings within sections that are titles of items although a
// list stands under them. A heading right over a list is the name of a group, unless the
// list is one of a few points without links, or of paragraphs that begin with links under
// what reads like no topic, and most headings of its section are titles of items. One
// with a paragraph before the list is the title of an item, unless the document has more
// groups than items at that level, or the list is one of links, the heading reads like
// a topic, and most headings of its section stand over lists.
func markItems(sections []Region) {
	var all []subheading
	for i := range sections {
		all = append(all, subheadingsOf(&sections[i], i)...)
	}
	lead := leadOfItems(all, len(sections))
	groups, items := groupsAndItems(all, lead)
	for _, s := range all {
		switch s.place {
		case doubtful:
			s.heading.Item = lead[s.section] > 0
		case belowText:
			s.heading.Item = groups[s.heading.Level] <= items[s.heading.Level]
		case linksBelowText:
			s.heading.Item = groups[s.heading.Level] <= items[s.heading.Level] && lead[s.section] >= 0
		}
	}
}

// leadOfItems returns, for each section, how many more of its subheadings look like titles
// of items than like names of groups. Those that could as well be either do not count.
func leadOfItems(all []subheading, sections int) []int {
	lead := make([]int, sections)
	for _, s := range all {
		switch s.place {
		case atTop, linksBelowText:
			lead[s.section]--
		case notAList:
			lead[s.section]++
		}
	}
	return lead
}

// groupsAndItems counts, for each level, the subheadings of the document that are names of
// groups and those that are titles of items. In doubt a heading is what most of its
// section are. Lists below text do not count: these counts are to decide about them.
func groupsAndItems(all []subheading, lead []int) (groups, items [maxLevel]int) {
	for _, s := range all {
		if s.place == notAList || s.place == doubtful && lead[s.section] > 0 {
			items[s.heading.Level]++
		} else if s.place == atTop || s.place == doubtful {
			groups[s.heading.Level]++
		}
	}
	return groups, items
}

// subheading is a heading within a section that has no deeper ones under it.
type subheading struct {
	heading *page.Node
	section int // index
	place   listPlace
}

// maxLevel is more than the level of any heading, also of one that was demoted.
const maxLevel = 16

// listPlace is where under a heading the list or the titles stand that could be
// items of a group.
type listPlace int

const (
	nothing        listPlace = iota // nothing stands under the heading
	notAList                        // there is no list, or the heading is the title of an item in any case
	atTop                           // right under it
	doubtful                        // the same, but it is of a few points, or of paragraphs under what is no topic
	belowText                       // after a paragraph
	linksBelowText                  // after a label, or after a paragraph, and its entries begin with links
)

// listUnder returns where the list or the titles stand in the nodes under a heading.
func listUnder(heading *page.Node, under []page.Node) listPlace {
	under = splitLines(under)
	top := slices.IndexFunc(under, isContent)
	switch {
	case isItemTitle(heading.Spans):
		return notAList
	case !page.Shows(under):
		return nothing
	case !isGroup(*heading, under):
		return notAList
	case !slices.ContainsFunc(under, isList) && !IsTopic(heading.Spans):
		return doubtful
	case top >= 0 && arePoints(under[top]):
		if slices.ContainsFunc(under[top+1:], isContent) {
			return belowText
		}
		return doubtful
	case itemsAtTop(under) > 0:
		return atTop
	}
	if top >= 0 && isLabel(under[top]) && LinksIn(under...) > 0 || IsTopic(heading.Spans) && areLinksBelowText(under) {
		return linksBelowText
	}
	return belowText
}

// areLinksBelowText reports whether a list stands below something else, and its entries
// are titles that are links, enough for a group.
func areLinksBelowText(under []page.Node) bool {
	list := slices.IndexFunc(under, isList)
	return list > 0 && len(under[list].Entries) >= minGroup && areHeadlines(under[list].Entries)
}

// arePoints reports whether a list has a few entries, and no links.
func arePoints(list page.Node) bool {
	return isList(list) && len(list.Entries) < manyHeadlines && LinksIn(list) == 0
}

// minGroup is how many entries a list below a paragraph must have, all titles that are
// links, to make a group of what stands under the name of a topic.
const minGroup = 3

// isLabel reports whether a paragraph only announces a list: it is short and ends
// with a colon.
func isLabel(n page.Node) bool {
	return n.Kind == digest.Paragraph && digest.Width(strings.TrimSpace(digest.TextOf(n.Spans))) <= maxTopic && endsInColon(n.Spans)
}

// subheadingsOf returns the subheadings of the section with that index. The section gets
// nodes of its own, so that these may be changed.
func subheadingsOf(r *Region, section int) (all []subheading) {
	at := HeadingsOf(r.Nodes)
	if len(at) == 0 {
		return nil
	}
	r.Nodes = slices.Clone(r.Nodes)
	for n, h := range at {
		end := endOf(r.Nodes, at, n)
		if end == len(r.Nodes) || r.Nodes[end].Level <= r.Nodes[h].Level {
			heading := &r.Nodes[h]
			all = append(all, subheading{heading, section, listUnder(heading, r.Nodes[h+1:end])})
		}
	}
	return all
}
