package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// isFlat reports whether the headings at the level of the sections are the items
// of a flat digest. What decides is whether a reader could usefully switch them
// off: names of topics come back in the next issue, titles of stories do not. The
// length of the texts under them says nothing, so that a publisher's issues are
// read alike.
//
// Of the headings that are no sections of their own in any case, most must be titles of
// stories, or half if none of the others reads like the name of a topic, or all but one be
// counted 1, 2, 3, and not half of all may stand over several items; or nearly all stand over a
// text that ends with a button, and half of them are no names of topics; or half are longer than names of topics are, and hardly any holds
// several items.
func isFlat(regions []Region, level int) bool {
	h := countHeadings(regions, level)
	switch {
	case h.all < 2:
		return false
	case h.stories*2 > h.all-h.own, h.topics == 0 && h.stories*2 == h.all && (h.all >= 3 || h.areLong()), h.counted >= 3 && h.counted >= h.all-h.own-1:
		return h.full*2 < h.all
	case h.all >= minCalled && h.called*5 >= h.all*4 && h.topics*2 <= h.all:
		return true
	}
	return h.all >= 3 && h.long*2 >= h.all && h.several*5 <= h.all
}

// headingCounts says how many of the headings at the level of the sections are what.
type headingCounts struct {
	all     int
	own     int // sections also among stories
	stories int
	counted int // those that count up, 1, 2, 3
	long    int // longer than names of topics
	topics  int // that read like names of topics, and are not long
	full    int // those over items that are not the text of a story
	several int // those over several items of any kind, or over deeper headings
	called  int // those over a text that ends with a button
}

// areLong reports whether all headings are longer than names of topics, and stand over one text.
func (h headingCounts) areLong() bool { return h.long == h.all && h.several == 0 }

// minCalled is how many headings must stand over texts with buttons for these to be stories.
const minCalled = 3

// isCalled reports whether nodes are a text that ends with its only button: a story, which goes on
// elsewhere.
func isCalled(nodes []page.Node) bool {
	text, calls := false, 0
	for _, n := range nodes {
		switch {
		case !isContent(n) || isPlayer(n):
		case n.Aside:
			calls++
		case n.Kind != digest.Paragraph || calls > 0:
			return false
		default:
			text = true
		}
	}
	return text && calls == 1
}

func countHeadings(regions []Region, level int) headingCounts {
	var h headingCounts
	for i, r := range sectionsOf(regions, level) {
		h.all++
		long, story := isWider(r.Heading.Spans, longTopic, longWideTopic), isStory(r.Heading)
		if long {
			h.long++
		}
		if story {
			h.stories++
		}
		if !long && !story && IsTopic(r.Heading.Spans) {
			h.topics++
		}
		if isCalled(r.Nodes) && !isDeeper(regions, i+1, level) {
			h.called++
		}
		if arabicOrdinal(r.Heading.Spans) == h.counted+1 {
			h.counted++
		}
		items, atTop := countItems(r.Nodes)
		if isFull(regions, i, level, atTop) {
			h.full++
		}
		if isOwnSection(regions, i, level) {
			h.own++
		}
		if items > 1 || isDeeper(regions, i+1, level) {
			h.several++
		}
	}
	return h
}

// isFull reports whether the region at i holds several items that begin at its
// top, as atTop says, or deeper headings. Under a link that is no name of a topic, points without
// links and chapters are the text of a story.
func isFull(regions []Region, i, level, atTop int) bool {
	heading, under, chapters := regions[i].Heading, regions[i].Nodes, childrenOf(regions, i, level)
	switch {
	case heading.Item:
		return false
	case digest.IsLinkTitle(heading.Spans) && !IsTopic(heading.Spans):
		return atTop > 1 && LinksIn(under...) > 0 || slices.ContainsFunc(chapters, func(r Region) bool { return isStory(r.Heading) || CountItems(r.Nodes) > 1 })
	}
	return atTop > 1 || len(chapters) > 0
}

// childrenOf returns the regions behind that at i whose headings are below the level of the
// sections.
func childrenOf(regions []Region, i, level int) []Region {
	end := i + 1
	for isDeeper(regions, end, level) {
		end++
	}
	return regions[i+1 : end]
}

// flatSections makes the stories of a flat digest the items of a section without a name,
// which stands where the first of them does. Among stories the name of a topic over a
// list is a section of its own: readers may want to switch off the events.
func flatSections(regions []Region, level int) []Region {
	var out []Region
	stories := -1
	regions = splitAtTopics(regions, level)
	uncounted := lastUncounted(regions, level)
	for i := range sectionsOf(regions, level) {
		all := regions[i : i+1+len(childrenOf(regions, i, level))]
		switch {
		case isOwnSection(regions, i, level), i == uncounted:
			section, _ := join(all, level, nil)
			out = append(out, section...)
		case stories < 0:
			stories = len(out)
			out = append(out, Region{Nodes: demote(all, level)})
		default:
			out[stories].Nodes = append(out[stories].Nodes, demote(all, level)...)
		}
	}
	return out
}

// lastUncounted returns the index of the last heading at the level of the sections if it reads
// like the name of a topic, and those before it are counted 1, 2, 3, or are titles of cards; else
// -1. That says what the items are: it is none, such as where to find more.
func lastUncounted(regions []Region, level int) int {
	counted, last := 0, -1
	for i, r := range sectionsOf(regions, level) {
		switch {
		case last >= 0:
			return -1
		case arabicOrdinal(r.Heading.Spans) == counted+1, r.Heading.Item:
			counted++
		case counted == 0: // stands above them
		case counted < minStories || isStory(r.Heading) || !IsTopic(r.Heading.Spans):
			return -1
		default:
			last = i
		}
	}
	return last
}

// How many stories in a row are items of a section without a name, and how many sections with how
// many items stand beside them at least.
const (
	minStories    = 3
	minListed     = 2
	minListedItem = 3
)

// gatherStories makes items of a section without a name of the first stories in a row, if other sections have
// names of topics and several items: a text under each, and a heading longer than such names are.
// The news of a day stand like this above its regular sections.
func gatherStories(sections []Region, level int) []Region {
	wide := 0
	for _, r := range sections {
		if r.Heading == nil {
			return sections
		}
		if isWider(r.Heading.Spans, longTopic, longWideTopic) {
			wide++
		}
	}
	if wide < minStories {
		return sections
	}
	listed := 0
	for _, r := range sections {
		if IsTopic(r.Heading.Spans) && CountItems(r.Nodes) >= minListedItem {
			listed++
		}
	}
	if listed < minListed {
		return sections
	}
	for i := 0; i < len(sections); i++ {
		end := i
		for end < len(sections) && isStoryText(sections[end]) {
			end++
		}
		if end-i >= minStories {
			stories := Region{Nodes: demote(sections[i:end], level)}
			return slices.Concat(sections[:i], []Region{stories}, sections[end:])
		}
		i = end
	}
	return sections
}

// isStoryText reports whether a section is one text, and has no name of a topic.
func isStoryText(r Region) bool {
	return isWider(r.Heading.Spans, longTopic, longWideTopic) && len(HeadingsOf(r.Nodes)) == 0 && CountItems(r.Nodes) < 2 && slices.ContainsFunc(r.Nodes, isContent)
}

// splitAtTopics divides regions at bold lines that name topics.
func splitAtTopics(regions []Region, level int) []Region {
	var out []Region
	for _, r := range regions {
		parts := splitAtTopic(r, level)
		if len(parts) == 0 {
			parts = []Region{r}
		}
		out = append(out, parts...)
	}
	return out
}

// splitAtTopic divides a region at a bold line that names a topic, behind a rule and over
// several items with titles: mails set it like this below stories, and it is no part of the
// last one. It returns nothing if there is none.
func splitAtTopic(r Region, level int) []Region {
	for i, n := range r.Nodes {
		if n.Kind != page.Rule {
			continue
		}
		at := nextOf(r.Nodes, i)
		if at < len(r.Nodes) && isTopicLine(r.Nodes[at]) && isBold(r.Nodes[at].Spans) && itemsAtTop(r.Nodes[at+1:]) >= minGroup {
			heading := withHeadings(r.Nodes[at:at+1], []int{0})[0]
			heading.Level = level
			return []Region{{r.Heading, r.Nodes[:i]}, {&heading, r.Nodes[nextOf(r.Nodes, at):]}}
		}
	}
	return nil
}

// isOwnSection reports whether the region at i is a section also among stories: its heading
// reads like a topic and no story, and it stands over a list of links, over many points, or
// over several headings.
func isOwnSection(regions []Region, i, level int) bool {
	heading, under, chapters := regions[i].Heading, regions[i].Nodes, childrenOf(regions, i, level)
	if isStory(heading) || arabicOrdinal(heading.Spans) > 0 || !IsTopic(heading.Spans) {
		return false
	}
	if len(chapters) > 0 {
		return len(chapters) >= minGroup && digest.BlocksWidth(page.Blocks(under)) <= MaxTitle
	}
	place := listUnder(heading, under)
	return (place == atTop || place == linksBelowText) && CountItems(under) >= minGroup
}

// demote returns the nodes of regions with all headings below the level of any
// section. Those that were at the level of sections are titles of items, unless a
// list of links stands right under them.
func demote(regions []Region, level int) []page.Node {
	var out []page.Node
	for _, r := range regions {
		heading := *r.Heading
		namesGroup := LinksIn(r.Nodes...) > 0 && isList(r.Nodes[0]) && !digest.IsLinkTitle(heading.Spans)
		heading.Item = heading.Item || heading.Level <= level && !namesGroup
		heading.Level += 6
		out = append(append(out, heading), r.Nodes...)
	}
	return out
}
