package page

import (
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isLayoutTable reports whether a table only arranges a page, as in mails. Then its
// cells are read one after another. A table of data has header cells, or several
// rows of several short cells.
func isLayoutTable(table *html.Node, rows []*html.Node) bool {
	if role := attr(table, "role"); role == "presentation" || role == "none" {
		return true
	}
	holdsBlocks, headers := holdsParts(table)
	if holdsBlocks {
		return true
	}
	filled, columns, layout := 0, 0, false
	for _, row := range rows {
		cells := 0
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				cells++
				layout = layout || isProse(c)
			}
		}
		if cells > 0 && !isBlankRow(row) {
			filled++
		}
		columns = max(columns, cells)
	}
	return columns <= 1 || !headers && (layout || filled == 1)
}

// holdsParts reports whether a table holds what no data consists of, such as headings and other
// tables, and whether it has cells or a caption that name data.
func holdsParts(table *html.Node) (blocks, headers bool) {
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.Ul, atom.Ol, atom.Blockquote, atom.Pre:
			return true, headers
		case atom.Th, atom.Caption:
			headers = true
		}
	}
	return false, headers
}

// isBlankRow reports whether a row only holds a place: it has neither words nor pictures.
func isBlankRow(row *html.Node) bool {
	for n := range row.Descendants() {
		if n.Type == html.TextNode && digest.HasWords(n.Data) || n.DataAtom == atom.Img {
			return false
		}
	}
	return true
}

// maxCell is how wide the text in a cell of data may be, in columns.
const maxCell = 400

// isProse reports whether a cell holds a text: several paragraphs, or a long one.
func isProse(cell *html.Node) bool {
	paragraphs := 0
	for c := cell.FirstChild; c != nil; c = c.NextSibling {
		if (c.DataAtom == atom.P || c.DataAtom == atom.Div) && strings.TrimSpace(textOf(c)) != "" {
			paragraphs++
		}
	}
	return paragraphs > 1 || digest.Width(textOf(cell)) > maxCell
}
