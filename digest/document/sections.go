package document

import (
	"iter"
	"slices"
	"strings"

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
	top := regions[0].heading.level
	for _, r := range regions {
		top = min(top, r.heading.level)
	}
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

// wrapped returns the level of the real sections if one heading of the given
// level wraps them all, and no heading of that level holds items; otherwise 0.
func wrapped(regions []region, level int) int {
	below := wrappedLevel(regions, level)
	if below == 0 {
		return 0
	}
	children, full := 0, 0
	for i, r := range regions {
		switch {
		case r.heading.level <= level && countItems(r.nodes) > 0:
			return 0
		case r.heading.level == below:
			children++
			if holdsItems(regions, i) {
				full++
			}
		}
	}
	if children < 2 || full*2 < children {
		return 0
	}
	return below
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

// isFlat reports whether the headings at the level of the sections are the items
// of a flat digest: most are links or whole sentences, and few have items under
// them.
func isFlat(regions []region, level int) bool {
	headings, itemLike, full := 0, 0, 0
	for _, r := range sectionsOf(regions, level) {
		headings++
		if isItemHeading(r.heading.Spans) {
			itemLike++
		}
	}
	if headings < 2 || itemLike*10 < headings*7 && !readLikeItems(regions, level) {
		return false
	}
	for i, r := range sectionsOf(regions, level) {
		if countItems(r.nodes) > 1 || i+1 < len(regions) && regions[i+1].heading.level > level {
			full++
		}
	}
	return full*5 <= headings
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

// readLikeItems reports whether three or more headings are, taken together,
// titles of items rather than names of sections: they are long on average, or
// counted 1, 2, 3.
func readLikeItems(regions []region, level int) bool {
	headings, counted, columns := 0, 0, 0
	for _, r := range sectionsOf(regions, level) {
		headings++
		text := digest.TextOf(r.heading.Spans)
		columns += digest.Width(text)
		if strings.ContainsFunc(text, digest.IsWide) {
			columns += longHeading - longWideHeading
		}
		if arabicOrdinal(r.heading.Spans) == headings {
			counted++
		}
	}
	return headings >= 3 && (columns >= headings*averageHeading || counted == headings)
}

// How wide, in columns, a heading is at least that reads like the title of an
// item. Names of sections are shorter, and shorter still in Chinese.
const (
	longHeading     = 48
	longWideHeading = 32
	averageHeading  = 38 // of several headings
)

// isItemHeading reports whether a heading looks like the title of an item: it is
// a link, or long.
func isItemHeading(spans []digest.Span) bool {
	_, spans, _ = cutSpanOrdinal(spans)
	text := digest.TextOf(spans)
	return digest.IsLinkTitle(spans) || digest.Width(text) >= longHeading || digest.Width(text) >= longWideHeading && strings.ContainsFunc(text, digest.IsWide)
}

// demote puts all headings below the level of any section.
func demote(nodes []node) []node {
	out := slices.Clone(nodes)
	for i := range out {
		if out[i].Kind == digest.Heading {
			out[i].level += 6
		}
	}
	return out
}

// join adds to each section the deeper regions that follow its heading. A
// heading that wraps the sections after it is no section; what stands under it
// goes to the introduction.
func join(regions []region, level int, intro []node) ([]region, []node) {
	var out []region
	arabic := mostly(regions, level, func(spans []digest.Span) bool { return arabicOrdinal(spans) > 0 })
	linked := mostly(regions, level, digest.IsLinkTitle)
	for i, r := range regions {
		wraps := i+1 < len(regions) && regions[i+1].heading.level > r.heading.level && regions[i+1].heading.level <= level
		switch {
		case r.heading.level > level,
			!arabic && len(out) > 0 && continuesNumbers(r, out[len(out)-1], regions[i+1:]),
			!linked && len(out) > 0 && continuesLinks(r, out[len(out)-1]):
			last := &out[len(out)-1]
			last.nodes = append(append(slices.Clip(last.nodes), deepen(r.heading, level)), r.nodes...)
		case wraps && countItems(r.nodes) == 0:
			intro = append(slices.Clip(intro), r.nodes...)
		case onlyContents(r.nodes):
		default:
			out = append(out, r)
		}
	}
	return out, intro
}

func deepen(heading *node, level int) node {
	n := *heading
	n.level = max(n.level, level+1)
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
