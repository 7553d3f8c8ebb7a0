package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxForm is how much text a form has at most, in bytes.
const maxForm = 400

// isForm reports whether an element is a form to fill in, such as one to subscribe, or
// nothing but one and the words that call on readers to use it. A form with links,
// headings, lists or much text holds more than that: some sites put the whole page into a
// form.
func isForm(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Form:
		return isSmall(n, maxForm, false)
	case atom.Div, atom.Section, atom.Center, atom.Aside, atom.Footer:
		return isSmall(n, maxCall, true) && asksForText(n)
	}
	return false
}

// maxCall is how much text there is at most beside a form, in bytes.
const maxCall = 200

// maxFormNodes is how many elements and texts an element that is only a form may hold.
const maxFormNodes = 256

// isSmall reports whether an element holds no more than short texts, and headings below
// the first level if these are allowed.
func isSmall(n *html.Node, limit int, headings bool) bool {
	size, seen := 0, 0
	for inner := range n.Descendants() {
		if inner.Type == html.TextNode {
			size += len(strings.TrimSpace(inner.Data))
		}
		if seen++; size > limit || seen > maxFormNodes {
			return false
		}
		switch inner.DataAtom {
		case atom.A, atom.H1, atom.Ul, atom.Ol, atom.Img, atom.Table, atom.Blockquote, atom.Pre:
			return false
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			if !headings {
				return false
			}
		}
	}
	return true
}

// asksForText reports whether an element holds a form with a field for a text, such as an
// address.
func asksForText(n *html.Node) bool {
	for inner := range n.Descendants() {
		if inner.DataAtom == atom.Input && textFields[strings.ToLower(attr(inner, "type"))] && inForm(inner) {
			return true
		}
	}
	return false
}

// textFields are the types of the fields for texts.
var textFields = map[string]bool{"": true, "text": true, "email": true, "search": true}

func inForm(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Form {
			return true
		}
	}
	return false
}

// foldClasses are parts of the classes of buttons that open what is below.
var foldClasses = []string{"accordion", "collaps"}

// isDeadButton reports whether an element is a button that only a script answers, such as "Like":
// it is around no link, no paragraph and no heading, and no link is around it. One that opens what is
// below, as in a heading, names it.
func (b *builder) isDeadButton(n *html.Node, around inlineStyle) bool {
	if n.DataAtom != atom.Button || around.link != "" || b.heading || hasAttr(n, "aria-expanded") || hasAttr(n, "aria-controls") || hasOneOf(foldClasses, attr(n, "class")) {
		return false
	}
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.A, atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return false
		}
	}
	return true
}
