package document

import (
	"iter"
	"slices"

	"digestbot/digest"
)

// cutAtHeadings makes a region of every heading. The first region, without a
// heading, is what stands before them.
func cutAtHeadings(nodes []node) []region {
	regions := []region{{}}
	start := 0
	for i := range nodes {
		if nodes[i].Kind == digest.Heading {
			regions[len(regions)-1].nodes = nodes[start:i]
			regions = append(regions, region{heading: &nodes[i]})
			start = i + 1
		}
	}
	regions[len(regions)-1].nodes = nodes[start:]
	return regions
}

// sectionLevel returns the deepest level whose headings make sections, and why; 0:
// there are no headings.
func sectionLevel(regions []region) (int, Reason) {
	if len(regions) == 0 {
		return 0, NoHeadings
	}
	top := topLevel(regions)
	// If the first heading is deeper than later ones, both levels are of
	// sections: levels get mixed when several people write one issue.
	if first := regions[0].heading.level; first > top {
		return first, MixedLevels
	}
	reason := TopLevel
	for {
		below := wrapped(regions, top)
		if below == 0 {
			return top, reason
		}
		top, reason = below, Wrapped
	}
}

func topLevel(regions []region) int {
	top := regions[0].heading.level
	for _, r := range regions {
		top = min(top, r.heading.level)
	}
	return top
}

// prefaceEnd returns the index of the first heading of the highest level, if the
// deeper headings before it are a preface, and not sections at a mistyped level:
// there are more headings of the highest level, some of these have deeper ones below
// them too, and most of those that do have no items of their own. Otherwise it returns 0.
func prefaceEnd(regions []region) int {
	if len(regions) == 0 {
		return 0
	}
	top := topLevel(regions)
	end := slices.IndexFunc(regions, func(r region) bool { return r.heading.level == top })
	tops, parents, mixed := 0, 0, 0
	for i, r := range regions[end:] {
		if r.heading.level == top {
			tops++
		}
		if r.heading.level == top && end+i+1 < len(regions) && regions[end+i+1].heading.level > top {
			parents++
			if countItems(r.nodes) > 0 {
				mixed++
			}
		}
	}
	if parents == 0 || mixed*2 >= parents || end >= tops {
		return 0
	}
	return end
}

// liftFooter gives the deeper headings at the end of a document the highest level, if
// they close it: no other section has deeper headings, and a rule separates them from
// the items of the last one.
func liftFooter(regions []region) []region {
	if len(regions) == 0 {
		return regions
	}
	top := topLevel(regions)
	last := len(regions) - 1
	for last > 0 && regions[last].heading.level > top {
		last--
	}
	under := regions[last].nodes
	if last < 2 || last == len(regions)-1 || len(under) == 0 || under[len(under)-1].Kind != ruleNode || countItems(under) < 2 {
		return regions
	}
	if slices.ContainsFunc(regions[:last], func(r region) bool { return r.heading.level != top }) {
		return regions
	}
	out := slices.Clone(regions)
	for i := range out[last+1:] {
		heading := *out[last+1+i].heading
		heading.level = top
		out[last+1+i].heading = &heading
	}
	return out
}

// liftPreface gives the deeper headings of a preface the highest level if several
// items stand under them. The other ones stay in the introduction, and it returns
// the regions without them, and what they hold.
func liftPreface(regions []region) (rest []region, intro []node) {
	end := prefaceEnd(regions)
	for _, r := range regions[:end] {
		heading := *r.heading
		if countItems(r.nodes) > 1 && linksIn(r.nodes) > 1 {
			heading.level = topLevel(regions)
			rest = append(rest, region{heading: &heading, nodes: r.nodes})
			continue
		}
		intro = append(append(intro, heading), r.nodes...)
	}
	return append(rest, regions[end:]...), intro
}

// wrapped returns the level of the real sections if one heading of the given
// level wraps them all and nearly all of the text, or all of the links; otherwise 0.
// No heading of that level may hold items, unless the first of them wraps many topics
// that do: it is a greeting above the sections.
func wrapped(regions []region, level int) int {
	below := wrappedLevel(regions, level)
	if below == 0 {
		return 0
	}
	holds := false // a heading of the given level holds items
	var inside, outside amount
	for _, r := range regions {
		if r.heading.level > level {
			inside.add(r.nodes)
			continue
		}
		holds = holds || countItems(r.nodes) > 0
		outside.add(r.nodes)
	}
	most := inside.columns >= 2*outside.columns || inside.links > 1 && outside.links == 0
	children, full, topics := childrenAt(regions, below)
	greets := len(regions) > 1 && regions[1].heading.level == below && topics >= minTopics && topics*2 >= children
	if children < 2 || full*2 < children || !most || holds && !greets {
		return 0
	}
	return below
}

// childrenAt returns how many headings a level has, how many of them hold items, and
// how many read like topics.
func childrenAt(regions []region, level int) (children, full, topics int) {
	for i, r := range regions {
		if r.heading.level != level {
			continue
		}
		children++
		if holdsItems(regions, i) {
			full++
		}
		if isTopic(r.heading.Spans) && !digest.IsLinkTitle(r.heading.Spans) {
			topics++
		}
	}
	return children, full, topics
}

// minTopics is how many topics a heading must wrap to be a greeting above them.
const minTopics = 4

// amount is how much some nodes hold.
type amount struct{ columns, links int }

func (a *amount) add(nodes []node) {
	a.columns += digest.BlocksWidth(toBlocks(nodes))
	a.links += linksIn(nodes)
}

// wrappedLevel returns the highest level of the headings below the given level,
// if all of these stand under the same heading; otherwise 0.
func wrappedLevel(regions []region, level int) int {
	parent, wrapper, below := -1, -1, 0
	for i, r := range regions {
		if r.heading.level <= level {
			parent = i
			continue
		}
		if parent < 0 || wrapper >= 0 && parent != wrapper {
			return 0
		}
		wrapper = parent
		if below == 0 || r.heading.level < below {
			below = r.heading.level
		}
	}
	return below
}

// holdsItems reports whether the region at i has items of its own, under it or
// under deeper headings.
func holdsItems(regions []region, i int) bool {
	if countItems(regions[i].nodes) > 0 {
		return true
	}
	return i+1 < len(regions) && regions[i+1].heading.level > regions[i].heading.level
}

// sectionsOf yields, with their indexes, the regions that are sections at a level: those
// whose headings are not deeper.
func sectionsOf(regions []region, level int) iter.Seq2[int, region] {
	return func(yield func(int, region) bool) {
		for i, r := range regions {
			if r.heading.level <= level && !yield(i, r) {
				return
			}
		}
	}
}

// join adds to each section the deeper regions that follow its heading. A
// heading that wraps the sections after it is no section; what stands under it
// goes to the introduction.
func join(regions []region, level int, intro []node) ([]region, []node) {
	var out []region
	intro = slices.Clip(intro)
	arabic := mostly(regions, level, func(spans []digest.Span) bool { return arabicOrdinal(spans) > 0 })
	linked := mostly(regions, level, digest.IsLinkTitle)
	for i, r := range regions {
		wraps := i+1 < len(regions) && regions[i+1].heading.level > r.heading.level && regions[i+1].heading.level <= level
		switch {
		case r.heading.level > level && len(out) == 0:
			intro = append(append(intro, *r.heading), r.nodes...)
		case r.heading.level > level,
			!arabic && len(out) > 0 && continuesNumbers(r, out[len(out)-1], regions[i+1:]),
			!linked && len(out) > 0 && continuesLinks(r, out[len(out)-1]):
			last := &out[len(out)-1]
			last.nodes = append(append(last.nodes, deepen(r.heading, level)), r.nodes...)
		case wraps && countItems(r.nodes) == 0:
			intro = append(intro, r.nodes...)
		case onlyContents(r.nodes):
		default:
			out = append(out, region{heading: r.heading, nodes: slices.Clip(r.nodes)})
		}
	}
	return out, intro
}

func deepen(heading *node, level int) node {
	n := *heading
	n.level = min(max(n.level, level+1), maxLevel-1)
	return n
}

func onlyContents(nodes []node) bool {
	return len(nodes) > 0 && len(toBlocks(nodes)) == 0 && slices.ContainsFunc(nodes, func(n node) bool { return n.Kind == tocNode })
}

// mostly reports whether is holds for at least half of the sections' headings.
func mostly(regions []region, level int, is func([]digest.Span) bool) bool {
	headings, count := 0, 0
	for _, r := range sectionsOf(regions, level) {
		headings++
		if is(r.heading.Spans) {
			count++
		}
	}
	return count*2 >= headings
}

// continuesNumbers reports whether a heading at the level of the sections is an
// item with a mistyped level: its number follows those of the items before it,
// or the number of the heading after it follows its own.
func continuesNumbers(r, before region, after []region) bool {
	number := arabicOrdinal(r.heading.Spans)
	if number == 0 {
		return false
	}
	last := 0
	for _, n := range before.nodes {
		if n.Kind == digest.Heading || n.Kind == digest.Paragraph {
			last = max(arabicOrdinal(n.Spans), last)
		}
	}
	if last > 0 && number == last+1 {
		return true
	}
	return len(after) > 0 && after[0].heading.level > r.heading.level && arabicOrdinal(after[0].heading.Spans) == number+1
}

// arabicOrdinal returns the number, in Arabic digits, that a text begins with;
// 0: it begins with none.
func arabicOrdinal(spans []digest.Span) int {
	if ord, _, ok := cutSpanOrdinal(spans); ok && ord.Kind == '1' {
		return ord.Value
	}
	return 0
}

// continuesLinks reports the same if the heading is a link like the headings of
// the items before it.
func continuesLinks(r, before region) bool {
	if !digest.IsLinkTitle(r.heading.Spans) {
		return false
	}
	last := slices.IndexFunc(before.nodes, isHeading)
	return last >= 0 && digest.IsLinkTitle(before.nodes[last].Spans)
}
