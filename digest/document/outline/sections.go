package outline

import (
	"iter"
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// cutAtHeadings makes a region of every heading. The first region, without a
// heading, is what stands before them.
func cutAtHeadings(nodes []page.Node) []Region {
	regions := []Region{{}}
	start := 0
	for i := range nodes {
		if nodes[i].Kind == digest.Heading {
			regions[len(regions)-1].Nodes = nodes[start:i]
			regions = append(regions, Region{Heading: &nodes[i]})
			start = i + 1
		}
	}
	regions[len(regions)-1].Nodes = nodes[start:]
	return regions
}

// sectionLevel returns the deepest level whose headings make sections, and why; 0:
// there are no headings.
func sectionLevel(regions []Region) (int, Reason) {
	if len(regions) == 0 {
		return 0, NoHeadings
	}
	top := topLevel(regions)
	// If the first heading is deeper than later ones, both levels are of
	// sections: levels get mixed when several people write one issue.
	if first := regions[0].Heading.Level; first > top {
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

func topLevel(regions []Region) int {
	top := regions[0].Heading.Level
	for _, r := range regions {
		top = min(top, r.Heading.Level)
	}
	return top
}

// prefaceEnd returns the index of the first heading of the highest level, if the
// deeper headings before it are a preface, and not sections at a mistyped level:
// there are more headings of the highest level, some of these have deeper ones below
// them too, and most of those that do have no items of their own; or it is only one, over
// text. Otherwise it returns 0.
func prefaceEnd(regions []Region) int {
	if len(regions) == 0 {
		return 0
	}
	top := topLevel(regions)
	end := slices.IndexFunc(regions, func(r Region) bool { return r.Heading.Level == top })
	tops, parents, mixed := 0, 0, 0
	for i, r := range regions[end:] {
		if r.Heading.Level > top {
			continue
		}
		tops++
		if isDeeper(regions, end+i+1, top) {
			parents++
			if CountItems(r.Nodes) > 0 {
				mixed++
			}
		}
	}
	isGreeting := end == 1 && CountItems(regions[0].Nodes) < 2
	isPreface := parents > 0 && mixed*2 < parents
	if end >= tops || !isGreeting && !isPreface {
		return 0
	}
	return end
}

// liftFooter gives the deeper headings at the end of a document the highest level, if
// they close it: no other section has deeper headings, and a rule separates them from
// the items of the last one.
func liftFooter(regions []Region) []Region {
	if len(regions) == 0 {
		return regions
	}
	top := topLevel(regions)
	last := len(regions) - 1
	for last > 0 && regions[last].Heading.Level > top {
		last--
	}
	under := regions[last].Nodes
	if last < 2 || last == len(regions)-1 || len(under) == 0 || under[len(under)-1].Kind != page.Rule || CountItems(under) < 2 {
		return regions
	}
	if slices.ContainsFunc(regions[:last], func(r Region) bool { return r.Heading.Level != top }) {
		return regions
	}
	out := slices.Clone(regions)
	for i := range out[last+1:] {
		heading := *out[last+1+i].Heading
		heading.Level = top
		out[last+1+i].Heading = &heading
	}
	return out
}

// liftPreface gives the deeper headings of a preface the highest level if several
// items stand under them. The other ones stay in the introduction, and it returns
// the regions without them, and what they hold.
func liftPreface(regions []Region) (rest []Region, intro []page.Node) {
	end := prefaceEnd(regions)
	for _, r := range regions[:end] {
		heading := *r.Heading
		if CountItems(r.Nodes) > 1 && LinksIn(r.Nodes...) > 1 {
			heading.Level = topLevel(regions)
			rest = append(rest, Region{Heading: &heading, Nodes: r.Nodes})
			continue
		}
		intro = append(append(intro, heading), r.Nodes...)
	}
	return append(rest, regions[end:]...), intro
}

// wrapped returns the level of the real sections if one heading of the given
// level wraps them all and nearly all of the text, or all of the links; otherwise 0.
// No heading of that level may hold items, unless the first of them wraps many topics
// that do: it is a greeting above the sections.
func wrapped(regions []Region, level int) int {
	below := wrappedLevel(regions, level)
	if below == 0 {
		return 0
	}
	holds := false // a heading of the given level holds items
	var inside, outside amount
	for _, r := range regions {
		if r.Heading.Level > level {
			inside.add(r.Nodes)
			continue
		}
		holds = holds || CountItems(r.Nodes) > 0
		outside.add(r.Nodes)
	}
	most := inside.columns >= 2*outside.columns || inside.links > 1 && outside.links == 0
	children, full, topics := childrenAt(regions, below)
	greets := len(regions) > 1 && regions[1].Heading.Level == below && topics >= minTopics && topics*2 >= children
	if children < 2 || full*2 < children || !most || holds && !greets {
		return 0
	}
	return below
}

// childrenAt returns how many headings a level has, how many of them hold items, and
// how many read like topics.
func childrenAt(regions []Region, level int) (children, full, topics int) {
	for i, r := range regions {
		if r.Heading.Level != level {
			continue
		}
		children++
		if r.Heading.Item {
			continue
		}
		if holdsItems(regions, i) {
			full++
		}
		if IsTopic(r.Heading.Spans) && !digest.IsLinkTitle(r.Heading.Spans) {
			topics++
		}
	}
	return children, full, topics
}

// minTopics is how many topics a heading must wrap to be a greeting above them.
const minTopics = 4

// amount is how much some nodes hold.
type amount struct{ columns, links int }

func (a *amount) add(nodes []page.Node) {
	a.columns += digest.BlocksWidth(page.Blocks(nodes))
	a.links += LinksIn(nodes...)
}

// wrappedLevel returns the highest level of the headings below the given level,
// if all of these stand under the same heading; otherwise 0.
func wrappedLevel(regions []Region, level int) int {
	parent, wrapper, below := -1, -1, 0
	for i, r := range regions {
		if r.Heading.Level <= level {
			parent = i
			continue
		}
		if parent < 0 || wrapper >= 0 && parent != wrapper {
			return 0
		}
		wrapper = parent
		if below == 0 || r.Heading.Level < below {
			below = r.Heading.Level
		}
	}
	return below
}

// holdsItems reports whether the region at i has items of its own, under it or
// under deeper headings.
func holdsItems(regions []Region, i int) bool {
	return CountItems(regions[i].Nodes) > 0 || isDeeper(regions, i+1, regions[i].Heading.Level)
}

// isDeeper reports whether there is a region at i, and its heading is below a level.
func isDeeper(regions []Region, i, level int) bool {
	return i < len(regions) && regions[i].Heading.Level > level
}

// sectionsOf yields, with their indexes, the regions that are sections at a level: those
// whose headings are not deeper.
func sectionsOf(regions []Region, level int) iter.Seq2[int, Region] {
	return func(yield func(int, Region) bool) {
		for i, r := range regions {
			if r.Heading.Level <= level && !yield(i, r) {
				return
			}
		}
	}
}

// join adds to each section the deeper regions that follow its heading. A
// heading that wraps the sections after it is no section; what stands under it
// goes to the introduction.
func join(regions []Region, level int, intro []page.Node) ([]Region, []page.Node) {
	var out []Region
	intro = slices.Clip(intro)
	headings := sectionHeadingsAt(regions, level)
	for i, r := range regions {
		wraps := isDeeper(regions, i+1, r.Heading.Level) && !isDeeper(regions, i+1, level)
		switch {
		case r.Heading.Level > level && len(out) == 0:
			intro = append(append(intro, *r.Heading), r.Nodes...)
		case len(out) > 0 && headings.continues(r, out[len(out)-1], regions[i+1:]):
			last := &out[len(out)-1]
			last.Nodes = append(append(last.Nodes, deepen(r.Heading, level)), r.Nodes...)
		case wraps && CountItems(r.Nodes) == 0:
			intro = append(intro, r.Nodes...)
		case onlyContents(r.Nodes):
		case hasContents(r.Nodes) && areLines(page.Blocks(r.Nodes)):
			intro = append(intro, r.Nodes...)
		default:
			out = append(out, Region{Heading: r.Heading, Nodes: slices.Clip(r.Nodes)})
		}
	}
	return out, intro
}

// sectionHeadings says what the headings of the sections have in common.
type sectionHeadings struct {
	level  int
	arabic bool // most of them begin with numbers in Arabic digits
	linked bool // most of them are links
}

func sectionHeadingsAt(regions []Region, level int) sectionHeadings {
	isArabic := func(spans []digest.Span) bool { return arabicOrdinal(spans) > 0 }
	return sectionHeadings{
		level:  level,
		arabic: mostly(regions, level, isArabic),
		linked: mostly(regions, level, digest.IsLinkTitle),
	}
}

// continues reports whether a region belongs to the section before it: its heading is
// deeper, or is that of an item with a mistyped level. If the sections themselves have
// numbers or links, these do not tell an item.
func (h sectionHeadings) continues(r, before Region, after []Region) bool {
	if r.Heading.Level > h.level {
		return true
	}
	return !h.arabic && continuesNumbers(r, before, after) || !h.linked && continuesLinks(r, before)
}

func deepen(heading *page.Node, level int) page.Node {
	n := *heading
	n.Level = min(max(n.Level, level+1), maxLevel-1)
	return n
}

// mostly reports whether is holds for at least half of the sections' headings.
func mostly(regions []Region, level int, is func([]digest.Span) bool) bool {
	headings, count := 0, 0
	for _, r := range sectionsOf(regions, level) {
		headings++
		if is(r.Heading.Spans) {
			count++
		}
	}
	return count*2 >= headings
}

// continuesNumbers reports whether a heading at the level of the sections is an
// item with a mistyped level: its number follows those of the items before it,
// or the number of the heading after it follows its own.
func continuesNumbers(r, before Region, after []Region) bool {
	number := arabicOrdinal(r.Heading.Spans)
	if number == 0 {
		return false
	}
	last := 0
	for _, n := range before.Nodes {
		if n.Kind == digest.Heading || n.Kind == digest.Paragraph {
			last = max(arabicOrdinal(n.Spans), last)
		}
	}
	if last > 0 && number == last+1 {
		return true
	}
	return isDeeper(after, 0, r.Heading.Level) && arabicOrdinal(after[0].Heading.Spans) == number+1
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
func continuesLinks(r, before Region) bool {
	if !digest.IsLinkTitle(r.Heading.Spans) {
		return false
	}
	last := slices.IndexFunc(before.Nodes, isHeading)
	return last >= 0 && digest.IsLinkTitle(before.Nodes[last].Spans)
}
