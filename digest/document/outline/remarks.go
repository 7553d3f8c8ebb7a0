package outline

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// How sections are whose paragraphs are remarks about links: each has a link, half of those
// that are no quotations are not wider, in columns, than a remark is, and one section has so
// many that it is no text with some links.
const (
	manyRemarks = 4
	remarkWidth = 200
)

// markRemarks finds the sections in which each paragraph or quotation is a remark about a
// link. If one has many of them, so have the others: a publisher's sections are alike.
func markRemarks(sections []Region) {
	at := make([][]int, len(sections))
	many := false
	for i, r := range sections {
		at[i] = remarksIn(r.Nodes)
		many = many || len(at[i]) >= manyRemarks
	}
	for i := range sections {
		if !many || len(at[i]) < 2 {
			continue
		}
		nodes := slices.Clone(sections[i].Nodes)
		for _, n := range at[i] {
			nodes[n].Remark = true
		}
		sections[i].Nodes = nodes
	}
}

// remarksIn returns the indexes of the remarks, if all nodes that are shown are such.
func remarksIn(nodes []page.Node) []int {
	var at, widths []int
	for i, n := range nodes {
		if !isContent(n) || n.Aside {
			continue
		}
		width := 0
		switch {
		case n.Kind == digest.Paragraph && LinksIn(n) > 0:
			width = digest.BlocksWidth([]digest.Block{n.Block})
		case n.Kind == digest.Quote && endsInLink(n.Blocks):
		default:
			return nil
		}
		at, widths = append(at, i), append(widths, width)
	}
	if slices.Sort(widths); len(widths) > 0 && widths[len(widths)/2] > remarkWidth {
		return nil
	}
	return at
}

// maxAfterLink is how wide, in columns, what follows the link at the end of a quotation may be.
const maxAfterLink = 16

// endsInLink reports whether a quotation ends with the link to where it is from.
func endsInLink(blocks []digest.Block) bool {
	if len(blocks) == 0 {
		return false
	}
	after := 0
	for _, s := range slices.Backward(blocks[len(blocks)-1].Spans) {
		if isWebLink(s) {
			return true
		}
		if after += digest.Width(s.Text); after > maxAfterLink {
			break
		}
	}
	return false
}

// remarks returns the starts of the remarks that were marked.
func remarks(nodes []page.Node) []start {
	var starts []start
	for i, n := range nodes {
		if !n.Remark {
			continue
		}
		item := lineItem
		if n.Kind == digest.Quote {
			item = quoteItem
		}
		starts = append(starts, start{at: i, item: item})
	}
	return starts
}
