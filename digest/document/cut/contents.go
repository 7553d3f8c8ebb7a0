package cut

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// markContents replaces paragraphs that only lead to places within the page, two or
// more in a row, by the mark of a table of contents, with the label above them.
func markContents(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, isContentsEntry) {
		return nodes
	}
	var out []page.Node
	for i := 0; i < len(nodes); {
		end := contentsEnd(nodes, i)
		if end == i {
			out = append(out, nodes[i])
			i++
			continue
		}
		if last := len(out) - 1; last >= 0 && isCaption(out[last]) {
			out = out[:last]
		}
		out = append(out, page.Node{Block: digest.Block{Kind: page.Contents}})
		i = end
	}
	return out
}

// isContentsEntry reports whether a paragraph only leads to a place within the page.
func isContentsEntry(n page.Node) bool {
	return n.Kind == digest.Paragraph && n.Roles.Words && n.Roles.All&page.InPage != 0
}

// contentsEnd returns the index behind the table of contents that begins at start,
// with the bullets that may stand between its entries; start if there is none.
func contentsEnd(nodes []page.Node, start int) int {
	end, entries := start, 0
	for i := start; i < len(nodes) && i <= end+maxBullets && (isContentsEntry(nodes[i]) || isBulletOnly(nodes[i])); i++ {
		if isContentsEntry(nodes[i]) {
			entries++
			end = i + 1
		}
	}
	if entries < 2 {
		return start
	}
	return end
}

// maxBullets is how many paragraphs with bullets stand between two entries.
const maxBullets = 2

func isBulletOnly(n page.Node) bool {
	return n.Kind == digest.Paragraph && !digest.HasWords(digest.TextOf(outline.Head(n.Spans)))
}

// isCaption reports whether a paragraph may stand above a table of contents: it is a
// short line without a link.
func isCaption(n page.Node) bool {
	return n.Kind == digest.Paragraph && digest.Width(digest.TextOf(n.Spans)) <= maxMenuPart && outline.LinksIn(n) == 0
}
