package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxForm is how much text a form has at most, in bytes.
const maxForm = 400

// isForm reports whether an element is a form to fill in, such as one to subscribe. One
// with links, headings, lists or much text holds more than that: some sites put the
// whole page into a form.
func isForm(n *html.Node) bool {
	if n.DataAtom != atom.Form {
		return false
	}
	size := 0
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			size += len(strings.TrimSpace(inner.Data))
		}
		if size > maxForm {
			return false
		}
		switch inner.DataAtom {
		case atom.A, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Img, atom.Table, atom.Blockquote, atom.Pre:
			return false
		}
	}
	return true
}
