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
		return raiseNamed(nodes)
	}
	topics := bareTopics(nodes)
	above, firsts := labelsAboveHeadings(nodes, topics)
	labels, level := findLabels(nodes, above, firsts)
	if len(labels) == 0 {
		return raiseNamed(nodes)
	}
	out := slices.Clone(nodes[:labels[0]])
	labelled := false       // the last heading was a label
	var ofStory []page.Node // labels that stand above the next heading
	for i := labels[0]; i < len(nodes); i++ {
		n := nodes[i]
		_, isAbove := above[i]
		switch {
		case len(labels) > 0 && i == labels[0]:
			n = page.NewHeading(n.Spans, level)
			labels, labelled = labels[1:], true
		case isAbove:
			ofStory = append(ofStory, n)
			continue
		case topics[i] && !labelled && len(ofStory) == 0:
			n.Level = level
		case n.Kind == digest.Heading:
			n.Level++
			n.Item = n.Item || labelled && (i+1 == len(nodes) || nodes[i+1].Kind != digest.List)
			labelled = false
			out = append(append(out, n), ofStory...)
			ofStory = nil
			continue
		}
		out = append(out, n)
	}
	return out
}

// raiseNamed makes headings of the short lines whose class says that they name sections, as
// <div class="section-label">: two or more, of different names. Labels that stand above headings
// are left to raiseLabels. Headings behind the first one go one level down.
func raiseNamed(nodes []page.Node) []page.Node {
	at, level := namedLines(nodes)
	if len(at) == 0 {
		return nodes
	}
	out := slices.Clone(nodes)
	for i := at[0]; i < len(out); i++ {
		switch {
		case len(at) > 0 && i == at[0]:
			out[i] = page.NewHeading(out[i].Spans, level)
			at = at[1:]
		case out[i].Kind == digest.Heading:
			out[i].Level++
		}
	}
	return out
}

// namedLines returns the indexes of the lines that raiseNamed takes, and the level they get: that
// of the highest heading behind them.
func namedLines(nodes []page.Node) (at []int, level int) {
	names := map[string]bool{}
	above := 0 // how many stand right above headings
	for i, n := range nodes {
		switch {
		case namesSection(n):
			at = append(at, i)
			names[digest.FoldName(digest.TextOf(n.Spans))] = true
		case n.Kind == digest.Heading && len(at) > 0:
			level = cmp.Or(min(level, n.Level), n.Level)
			if nodes[i-1].Roles.Section {
				above++
			}
		}
	}
	if len(names) < minLabels || len(names) < len(at) || 2*above > len(at) {
		return nil, 0
	}
	return at, cmp.Or(level, 2)
}

func namesSection(n page.Node) bool {
	return n.Roles.Section && n.Kind == digest.Paragraph && !n.Aside && n.Roles.Any == 0 && outline.IsTopic(n.Spans)
}

// look is how the letters of a label are set.
type look struct{ size, space int }

// findLabels returns the indexes of the labels that name sections, and the level that they get:
// the highest of the headings under them. If several labels stand in a row above a heading, such
// as a topic above kind and source of a story, that of the section is the first. above and
// firsts are what labelsAboveHeadings returns.
func findLabels(nodes []page.Node, above map[int]int, firsts []look) (labels []int, level int) {
	for _, first := range firsts[:min(len(firsts), maxFirsts)] {
		if labels, level = labelsLike(nodes, above, first, true); len(labels) > 0 {
			return labels, level
		}
	}
	last := lastInRows(above)
	return labelsLike(nodes, last, mostCommonLook(nodes, last), false)
}

// labelsLike returns the labels that look like one, and the level of the headings under them.
// exactly says that those above headings must do so too, and not have only its size.
func labelsLike(nodes []page.Node, above map[int]int, most look, exactly bool) (labels []int, level int) {
	names := map[string]bool{}
	var columns, under int
	for i, n := range nodes {
		heading, isAbove := above[i]
		if heading == ofStory || !isLabel(n) || lookOf(n).size != most.size || lookOf(n) != most && (exactly || !isAbove) || !isAbove && len(labels) == 0 {
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
// headings, and how the first label looks of each row of several. The title of the document is
// none of these headings. Labels under one of topics, which has a heading itself, are ofStory.
func labelsAboveHeadings(nodes []page.Node, topics map[int]bool) (above map[int]int, firsts []look) {
	above = map[int]int{}
	headings := outline.HeadingsOf(nodes)
	topic := 0 // level of the topic under which headings are; 0: none
	for n, at := range headings {
		if n == 0 && outline.IsOnlyTop(nodes, headings) {
			continue
		}
		row := rowAbove(nodes, at)
		names := at
		switch {
		case topic > 0 && nodes[at].Level > topic:
			names = ofStory
		case topics[at]:
			topic = nodes[at].Level
		default:
			topic = 0
		}
		for _, label := range row {
			above[label] = names
		}
		if len(row) > 1 && names != ofStory {
			firsts = append(firsts, lookOf(nodes[row[len(row)-1]]))
		}
	}
	return above, firsts
}

// rowAbove returns the indexes of the labels right above a heading, the lowest first.
func rowAbove(nodes []page.Node, heading int) (row []int) {
	for i := heading - 1; i >= 0 && (nodes[i].Kind == page.Blank || isLabel(nodes[i])); i-- {
		if nodes[i].Kind != page.Blank {
			row = append(row, i)
		}
	}
	return row
}

// bareTopics returns the indexes of headings, below the first one, that name topics, and have
// nothing under them but deeper headings, and labels of those.
func bareTopics(nodes []page.Node) map[int]bool {
	topics := map[int]bool{}
	headings := outline.HeadingsOf(nodes)
	for n, at := range headings {
		if n == 0 || n+1 == len(headings) || nodes[headings[n+1]].Level <= nodes[at].Level || !outline.IsTopic(nodes[at].Spans) || outline.LinksIn(nodes[at]) > 0 {
			continue
		}
		isText := func(n page.Node) bool { return page.Shows([]page.Node{n}) && !n.Roles.Label }
		topics[at] = !slices.ContainsFunc(nodes[at+1:headings[n+1]], isText)
	}
	return topics
}

// ofStory stands for the heading of a label that names no section.
const ofStory = -1

// maxFirsts is how many first labels of rows are tried.
const maxFirsts = 4

// lastInRows returns the labels that no other one separates from their headings.
func lastInRows(above map[int]int) map[int]int {
	last := map[int]int{} // by heading
	out := make(map[int]int, len(above))
	for at, heading := range above {
		if heading == ofStory {
			out[at] = ofStory
			continue
		}
		last[heading] = max(last[heading], at)
	}
	for heading, at := range last {
		out[at] = heading
	}
	return out
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
