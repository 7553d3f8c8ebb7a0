package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// minContents is how many headings a list must name to be a table of contents.
const minContents = 3

// markContents marks each list that only names headings after it, perhaps with how much
// stands under them, as a table of contents: the cover is one.
func markContents(nodes []page.Node) []page.Node {
	isLong := func(n page.Node) bool { return isList(n) && len(n.Entries) >= minContents }
	if !slices.ContainsFunc(nodes, isLong) {
		return nodes
	}
	out := slices.Clone(nodes)
	names := map[string]bool{}
	for i, n := range slices.Backward(nodes) {
		switch {
		case n.Kind == digest.Heading:
			names[contentsName(digest.TextOf(n.Spans))] = true
		case isLong(n) && namesHeadings(n, names):
			out[i] = page.Node{Block: digest.Block{Kind: page.Contents}}
		}
	}
	return out
}

// namesHeadings reports whether the entries of a list are names, nearly all of them, and
// lead nowhere.
func namesHeadings(list page.Node, names map[string]bool) bool {
	if LinksIn(list) > 0 {
		return false
	}
	found := 0
	for _, entry := range list.Entries {
		if len(entry) > 0 && entry[0].Kind == digest.Paragraph && names[contentsName(digest.TextOf(entry[0].Spans))] {
			found++
		}
	}
	return found >= minContents && found*4 >= len(list.Entries)*3
}

// contentsName returns what identifies a heading with that text, also in a table of contents
// that says how much stands under it.
func contentsName(text string) string {
	return digest.SectionKey(contentsCount().ReplaceAllString(text, ""))
}

var contentsCount = plain.Pattern(`\s*[(（\[][^()（）\[\]]*\d[^()（）\[\]]*[)）\]]\s*$`)

// deepenUnlisted tells sections from items if both are headings of one level, and the first
// list names the sections: these have nothing under them but headings that it does not name.
// Those, and all below them, go one level down.
func deepenUnlisted(nodes []page.Node) []page.Node {
	list := slices.IndexFunc(nodes, func(n page.Node) bool { return isList(n) || n.Kind == page.Contents })
	if list < 0 {
		return nodes
	}
	names := contentsNames(nodes[list])
	if len(names) < 2 {
		return nodes
	}
	behind := list + 1
	level, first := listedLevel(nodes[behind:], names)
	if level == 0 {
		return nodes
	}
	out := deepenBehind(nodes, behind+first, level, names)
	out[list] = page.Node{Block: digest.Block{Kind: page.Contents}}
	return out
}

// contentsNames returns what a list names that may be a table of contents.
func contentsNames(n page.Node) map[string]bool {
	names := map[string]bool{}
	for _, name := range n.Names {
		names[contentsName(name)] = true
	}
	if !isList(n) {
		return names
	}
	for _, entry := range n.Entries {
		if len(entry) != 1 || entry[0].Kind != digest.Paragraph {
			return nil
		}
		names[contentsName(digest.TextOf(entry[0].Spans))] = true
	}
	return names
}

// listedLevel returns the level of the headings with these names, and where the first one
// stands; 0 if one is missing, or has anything but headings without such a name under it.
func listedLevel(nodes []page.Node, names map[string]bool) (level, first int) {
	at := HeadingsOf(nodes)
	found := 0
	for n, i := range at {
		if !names[contentsName(digest.TextOf(nodes[i].Spans))] {
			continue
		}
		if found++; found == 1 {
			level, first = nodes[i].Level, i
		}
		next := endOf(nodes, at, n)
		if next == len(nodes) || page.Shows(nodes[i+1:next]) || nodes[i].Level != level ||
			nodes[next].Level != level || names[contentsName(digest.TextOf(nodes[next].Spans))] {
			return 0, 0
		}
	}
	if found != len(names) {
		return 0, 0
	}
	return level, first
}

// deepenBehind puts the headings behind a place that have none of these names one level
// down.
func deepenBehind(nodes []page.Node, first, level int, names map[string]bool) []page.Node {
	out := slices.Clone(nodes)
	for i := first; i < len(out); i++ {
		if out[i].Kind == digest.Heading && out[i].Level >= level && !names[contentsName(digest.TextOf(out[i].Spans))] {
			out[i].Level++
		}
	}
	return out
}

// withoutContents removes the only heading below the title if it stands over a table of
// contents: it names no section, and what follows is not under it. One at the very end is
// a line like others.
func withoutContents(nodes []page.Node) []page.Node {
	at := HeadingsOf(nodes)
	switch {
	case len(at) != 1:
		return nodes
	case !page.Shows(nodes[at[0]+1:]) && at[0] > 0:
		nodes = slices.Clone(nodes)
		nodes[at[0]].Kind, nodes[at[0]].Level = digest.Paragraph, 0
		return nodes
	case at[0]+1 < len(nodes) && nodes[at[0]+1].Kind == page.Contents:
		return slices.Delete(slices.Clone(nodes), at[0], at[0]+1)
	}
	return nodes
}

func onlyContents(nodes []page.Node) bool {
	return !page.Shows(nodes) && hasContents(nodes)
}

func hasContents(nodes []page.Node) bool {
	return slices.ContainsFunc(nodes, func(n page.Node) bool { return n.Kind == page.Contents })
}
