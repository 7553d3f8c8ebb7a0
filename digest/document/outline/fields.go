package outline

import (
	"slices"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// markLabelled finds the headings that are titles of items because what stands under them
// are the parts of one item, such as its date and its address: the same labels come back
// under other headings.
func markLabelled(all []subheading) {
	count := map[string]int{} // of the headings with that label
	for _, s := range all {
		for _, label := range labelsUnder(s.under) {
			count[label]++
		}
	}
	comesBack := func(label string) bool { return count[label] > 1 && count[label]*2 >= len(all) }
	for i, s := range all {
		if s.place == atTop && hasParts(s.under, comesBack) {
			all[i].heading.Item, all[i].place = true, notAList
		}
	}
}

// hasParts reports whether nodes under a heading begin with the parts of one item: a list
// of which at least half of the entries begin with labels that come back, or one without
// links, such a label, and the links.
func hasParts(under []page.Node, comesBack func(string) bool) bool {
	at := slices.IndexFunc(under, isContent)
	if at < 0 || under[at].Kind != digest.List {
		return false
	}
	fields := 0
	for _, entry := range under[at].Entries {
		if comesBack(labelOf(entry[0].Spans)) {
			fields++
		}
	}
	if fields > 1 && fields*2 >= len(under[at].Entries) {
		return true
	}
	return LinksIn(under[at:at+1]) == 0 && slices.ContainsFunc(under[at+1:], func(n page.Node) bool {
		return n.Kind == digest.Paragraph && isLabel(n) && comesBack(labelOf(n.Spans))
	})
}

// labelsUnder returns the different labels of the lines and entries of nodes.
func labelsUnder(nodes []page.Node) []string {
	var labels []string
	add := func(spans []digest.Span) {
		if label := labelOf(spans); label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	for _, n := range nodes {
		switch n.Kind {
		case digest.Paragraph:
			add(n.Spans)
		case digest.List:
			for _, entry := range n.Entries {
				add(entry[0].Spans)
			}
		}
	}
	return labels
}

// labelOf returns the words before the first colon of a line, if they are few and no part
// of an address or a time; else "".
func labelOf(spans []digest.Span) string {
	label, rest, ok := strings.Cut(strings.ReplaceAll(HeadText(spans), "：", ":"), ":")
	if !ok || strings.HasPrefix(rest, "//") || digest.Width(label) > maxTopic || !strings.ContainsFunc(label, unicode.IsLetter) {
		return ""
	}
	return strings.TrimSpace(label)
}
