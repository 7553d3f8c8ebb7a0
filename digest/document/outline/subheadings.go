package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// markItems finds the headings within sections that are titles of items although a
// list stands under them. A heading right over a list is the name of a group. One with
// a paragraph before the list is the title of an item, unless the document has more
// groups than items at that level, or the list is one of links, the heading reads like
// a topic, and most headings of its section stand over lists. One that reads like no
// topic, over paragraphs that begin with links, is the title of an item if most
// headings of its section are.
func markItems(sections []Region) {
	var all []subheading
	for i := range sections {
		all = append(all, subheadingsOf(&sections[i], i)...)
	}
	markLabelled(all)
	var groups, items [maxLevel]int
	lead := make([]int, len(sections)) // of the titles of items over the names of groups
	for _, s := range all {
		switch s.place {
		case atTop:
			groups[s.heading.Level]++
			lead[s.section]--
		case linksBelowText:
			lead[s.section]--
		case notAList:
			items[s.heading.Level]++
			lead[s.section]++
		}
	}
	for _, s := range all {
		switch {
		case s.place == paragraphs:
			s.heading.Item = lead[s.section] > 0
		case groups[s.heading.Level] <= items[s.heading.Level] && (s.place == belowText || s.place == linksBelowText && lead[s.section] >= 0):
			s.heading.Item = true
		}
	}
}

// subheading is a heading within a section that has no deeper ones under it.
type subheading struct {
	heading *page.Node
	section int // index
	under   []page.Node
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
	belowText                       // after a paragraph
	linksBelowText                  // after a paragraph, and its entries begin with links
	paragraphs                      // right under it, but they are paragraphs, and the heading reads like no topic
)

func listUnder(heading *page.Node, under []page.Node) listPlace {
	under = splitLines(under)
	switch {
	case isItemTitle(heading.Spans):
		return notAList
	case len(page.Blocks(under)) == 0:
		return nothing
	case !isGroup(*heading, under):
		return notAList
	case !slices.ContainsFunc(under, isList) && !isTopic(heading.Spans):
		return paragraphs
	case itemsAtTop(under) > 0 || isLabel(under[0]) && LinksIn(under) > 0:
		return atTop
	}
	list := slices.IndexFunc(under, isList)
	if list > 0 && isTopic(heading.Spans) && len(under[list].Entries) >= minGroup && areHeadlines(under[list].Entries) {
		return linksBelowText
	}
	return belowText
}

// minGroup is how many entries a list below a paragraph must have, all titles that are
// links, to make a group of what stands under the name of a topic.
const minGroup = 3

// isLabel reports whether a paragraph only announces a list: it is short and ends
// with a colon.
func isLabel(n page.Node) bool {
	return n.Kind == digest.Paragraph && digest.Width(strings.TrimSpace(digest.TextOf(n.Spans))) <= maxTopic && endsInColon(n.Spans)
}

func endsInColon(spans []digest.Span) bool {
	text := strings.TrimSpace(digest.TextOf(spans))
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
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
			heading, under := &r.Nodes[h], r.Nodes[h+1:end]
			all = append(all, subheading{heading, section, under, listUnder(heading, under)})
		}
	}
	return all
}
