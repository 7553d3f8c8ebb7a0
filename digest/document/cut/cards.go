package cut

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// settleCards makes the cards of a page items: the title of each is that of an item, what stands
// above it in the card goes below it, and headings outside of cards, right above some, are
// higher than all titles, whatever level they have. If there are no such headings, lines or
// pictures right above cards name sections.
func settleCards(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Card > 0 }) {
		return nodes
	}
	out := make([]page.Node, 0, len(nodes))
	for i := 0; i < len(nodes); {
		end := i + 1
		for nodes[i].Card > 0 && end < len(nodes) && nodes[end].Card == nodes[i].Card {
			end++
		}
		if nodes[i].Card > 0 {
			out = append(out, titleFirst(nodes[i:end])...)
		} else {
			out = append(out, nodes[i])
		}
		i = end
	}
	return deepenCards(nameRuns(settleLeads(out)))
}

// titleFirst returns the nodes of a card with its title first: the first heading of the highest
// level. Pictures right above it are left to outline.JoinPictures.
func titleFirst(card []page.Node) []page.Node {
	headings := outline.HeadingsOf(card)
	if len(headings) == 0 {
		return card
	}
	title := headings[0]
	for _, at := range headings[1:] {
		if card[at].Level < card[title].Level {
			title = at
		}
	}
	card[title].Item = true
	first := 0
	if at := outline.HeadingsOf(card[:title]); len(at) > 0 {
		first = at[len(at)-1] + 1
	}
	above := slices.Clone(card[first:title])
	pictures, others := divide(above, func(n page.Node) bool { return n.Kind == digest.Image })
	return slices.Concat(card[:first], pictures, card[title:title+1], others, card[title+1:])
}

// divide returns the nodes that is reports on, and the others.
func divide(nodes []page.Node, is func(page.Node) bool) (those, others []page.Node) {
	for _, n := range nodes {
		if is(n) {
			those = append(those, n)
		} else {
			others = append(others, n)
		}
	}
	return those, others
}

// isCardTitle reports whether a node is the title of a card.
func isCardTitle(n page.Node) bool { return n.Card > 0 && n.Kind == digest.Heading && n.Item }

// overCards returns the indexes of the headings outside of cards that stand right over one.
func overCards(nodes []page.Node) []int {
	var over []int
	before := -1
	for _, at := range outline.HeadingsOf(nodes) {
		switch isTitle := isCardTitle(nodes[at]); {
		case nodes[at].Card > 0 && !isTitle, before >= 0 && isLead(nodes[before]) && !isTitle && nodes[at].Level > nodes[before].Level:
			continue // a part of a story
		case isTitle && before >= 0 && !nodes[before].Item:
			over = append(over, before)
		}
		before = at
	}
	return over
}

// isLead reports whether a node is the title of a story outside of cards.
func isLead(n page.Node) bool { return n.Card == 0 && n.Item }

// deepenCards puts the titles of cards below all headings that stand right over one.
func deepenCards(nodes []page.Node) []page.Node {
	lowest, highest := 0, 0
	for _, at := range overCards(nodes) {
		if !isLoneTop(nodes, at) {
			lowest = max(lowest, nodes[at].Level)
		}
	}
	for _, n := range nodes {
		if isCardTitle(n) && (highest == 0 || n.Level < highest) {
			highest = n.Level
		}
	}
	raiseBehindCards(nodes, lowest)
	if by := lowest + 1 - highest; lowest > 0 && by > 0 {
		for i, n := range nodes {
			if n.Kind == digest.Heading && n.Card > 0 && n.Level >= highest {
				nodes[i].Level += by
			}
		}
	}
	return nodes
}

// isLoneTop reports whether a heading is the first, and the only one of level 1: the title of the
// page, which stands over all of it.
func isLoneTop(nodes []page.Node, at int) bool {
	headings := outline.HeadingsOf(nodes)
	return nodes[at].Level == 1 && at == headings[0] && !slices.ContainsFunc(headings[1:], func(i int) bool { return nodes[i].Level == 1 })
}

// raiseBehindCards gives the headings behind the last card the given level if theirs is deeper:
// cards are whole, so what has a heading of its own behind them is no part of their section.
func raiseBehindCards(nodes []page.Node, level int) {
	for i := len(nodes) - 1; level > 0 && i >= 0 && nodes[i].Card == 0; i-- {
		if nodes[i].Kind == digest.Heading && !nodes[i].Item {
			nodes[i].Level = min(nodes[i].Level, level)
		}
	}
}

// settleLeads makes items of stories that stand outside of cards because they lead: headings of
// the level of the titles of cards that have a long text or a button below them, and the first one
// if it is a link, as those are, while the one below it over cards is none. A label above that is
// the name of its section.
func settleLeads(nodes []page.Node) []page.Node {
	headings := outline.HeadingsOf(nodes)
	for n, at := range headings {
		if next := nextAtLevel(nodes, headings[n+1:], nodes[at].Level); nodes[at].Card == 0 && next > 0 && isCardTitle(nodes[next]) && isStory(nodes[at+1:next]) {
			nodes[at].Item = true
		}
	}
	over := overCards(nodes)
	if len(over) == 0 {
		return nodes
	}
	at := slices.Index(headings, over[0])
	card := slices.IndexFunc(nodes, isCardTitle)
	if at < 1 || at > 2 || digest.IsLinkTitle(nodes[over[0]].Spans) || !digest.IsLinkTitle(nodes[card].Spans) {
		return nodes
	}
	lead := headings[at-1]
	if !digest.IsLinkTitle(nodes[lead].Spans) {
		return nodes
	}
	nodes[lead].Item = true
	nodes[lead].Level = max(nodes[card].Level, nodes[over[0]].Level+1)
	if lead > 0 && isLabel(nodes[lead-1]) {
		nodes[lead-1] = page.NewHeading(nodes[lead-1].Spans, nodes[over[0]].Level)
	}
	return nodes
}

// nextAtLevel returns the index of the next heading that is not deeper than a level, if it has
// that level; otherwise 0.
func nextAtLevel(nodes []page.Node, headings []int, level int) int {
	for _, at := range headings {
		if nodes[at].Level <= level {
			if nodes[at].Level < level {
				return 0
			}
			return at
		}
	}
	return 0
}

// minStory is how wide the text below a heading is at least, in columns, that tells a story and
// does not only introduce others.
const minStory = 300

// isStory reports whether nodes tell a story.
func isStory(nodes []page.Node) bool {
	return digest.BlocksWidth(page.Blocks(nodes)) >= minStory || slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Aside })
}

// nameRuns makes headings of the lines, or pictures with words, right above cards, if no heading
// stands over any but that of the document: there are two or more, all of other names.
func nameRuns(nodes []page.Node) []page.Node {
	headings := outline.HeadingsOf(nodes)
	if over := overCards(nodes); len(over) > 1 || len(over) == 1 && over[0] != headings[0] {
		return nodes
	}
	var at []int
	names := map[string]bool{}
	for i, n := range nodes {
		if isCardTitle(n) && i > 0 {
			if name := runName(nodes, i); name >= 0 {
				at = append(at, name)
				names[digest.FoldName(digest.TextOf(nodes[name].Spans))] = true
			}
		}
	}
	if len(at) < minRuns || len(names) < len(at) {
		return nodes
	}
	level := 6
	for _, n := range nodes {
		if isCardTitle(n) {
			level = min(level, n.Level)
		}
	}
	for _, i := range at {
		nodes[i] = page.NewHeading(nodes[i].Spans, level)
	}
	return nodes
}

// minRuns is how many runs of cards must have names for these to be sections.
const minRuns = 2

// runName returns the index of the line or picture right above the card at i that may be the
// name of a run of cards, or -1.
func runName(nodes []page.Node, i int) int {
	i--
	for i > 0 && (nodes[i].Kind == page.Blank || nodes[i].Kind == page.Rule) {
		i--
	}
	n := nodes[i]
	if n.Card > 0 || n.Aside || n.Kind != digest.Paragraph && n.Kind != digest.Image || len(n.Spans) == 0 || outline.LinksIn(n) > 0 || !outline.IsTopic(n.Spans) {
		return -1
	}
	if !digest.HasWords(digest.TextOf(n.Spans)) {
		return -1
	}
	return i
}
