package cut

import (
	"cmp"
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// raiseLabels makes headings of the labels that stand right above headings, in small capitals
// or spaced letters, as "Community" above "After 51 years she leaves the pier": a label names
// the topic, which comes back, and the heading the story. There must be two labels of one look
// at least, all of other names, and the headings under them must be longer. Then every label of
// that look is the name of a section, and headings under labels go one level down.
func raiseLabels(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Roles.Label }) {
		return nodes
	}
	labels, level := findLabels(nodes)
	if len(labels) == 0 {
		return nodes
	}
	out := slices.Clone(nodes)
	labelled := false // the last heading was a label
	for i := labels[0]; i < len(out); i++ {
		switch {
		case len(labels) > 0 && i == labels[0]:
			spans := digest.WithoutStyle(digest.OneLine(out[i].Spans), digest.Bold)
			out[i] = page.Node{Block: digest.Block{Kind: digest.Heading, Spans: spans}, Level: level}
			labels, labelled = labels[1:], true
		case out[i].Kind == digest.Heading:
			out[i].Level++
			out[i].Item = out[i].Item || labelled && (i+1 == len(out) || out[i+1].Kind != digest.List)
			labelled = false
		}
	}
	return out
}

// look is how the letters of a label are set.
type look struct{ size, space int }

// findLabels returns the indexes of the labels that name sections, and the level that they get:
// the highest of the headings under them.
func findLabels(nodes []page.Node) (labels []int, level int) {
	above := labelsAboveHeadings(nodes)
	most := mostCommonLook(nodes, above)
	names := map[string]bool{}
	var columns, under int
	for i, n := range nodes {
		heading, isAbove := above[i]
		if !isLabel(n) || lookOf(n).size != most.size || !isAbove && (len(labels) == 0 || lookOf(n) != most) {
			continue
		}
		labels = append(labels, i)
		names[digest.FoldName(digest.TextOf(n.Spans))] = true
		if isAbove {
			columns += digest.Width(digest.TextOf(n.Spans))
			under += digest.Width(digest.TextOf(nodes[heading].Spans))
			level = cmp.Or(min(level, nodes[heading].Level), nodes[heading].Level)
		}
	}
	if len(names) < minLabels || len(names) < len(labels) || 2*under < 3*columns || !areHighest(nodes[labels[0]:], level) {
		return nil, 0
	}
	return labels, level
}

// minLabels is how many labels there must be at least.
const minLabels = 2

// labelsAboveHeadings returns the indexes of labels right above headings, with those of the
// headings. The title of the document is none of these headings.
func labelsAboveHeadings(nodes []page.Node) map[int]int {
	above := map[int]int{}
	headings := outline.HeadingsOf(nodes)
	for n, at := range headings {
		isTitle := n == 0 && !slices.ContainsFunc(headings[1:], func(i int) bool { return nodes[i].Level <= nodes[at].Level })
		before := at - 1
		for before >= 0 && nodes[before].Kind == page.Blank {
			before--
		}
		if before >= 0 && !isTitle && isLabel(nodes[before]) {
			above[before] = at
		}
	}
	return above
}

// isLabel reports whether a paragraph is set as a label and reads like the name of a topic.
func isLabel(n page.Node) bool {
	return n.Roles.Label && n.Kind == digest.Paragraph && !n.Aside && n.Roles.Any == 0 && !n.Roles.Elsewhere && outline.IsTopic(n.Spans)
}

func lookOf(n page.Node) look { return look{n.Roles.Size, n.Roles.Space} }

// mostCommonLook returns how most of the labels above headings look.
func mostCommonLook(nodes []page.Node, above map[int]int) look {
	var most look
	count := map[look]int{}
	for i := range nodes {
		if _, ok := above[i]; !ok {
			continue
		}
		l := lookOf(nodes[i])
		if count[l]++; count[l] > count[most] {
			most = l
		}
	}
	return most
}

// areHighest reports whether no heading among nodes is above a level.
func areHighest(nodes []page.Node, level int) bool {
	return !slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Kind == digest.Heading && n.Level < level })
}
