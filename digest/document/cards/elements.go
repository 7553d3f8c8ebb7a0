package cards

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func isSkipped(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Nav, atom.Svg, atom.Template, atom.Noscript, atom.Footer:
		return true
	}
	return false
}

// isContainer reports whether an element can be a card.
func isContainer(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Article, atom.Table, atom.Tr, atom.Td, atom.Figure, atom.Center:
		return true
	}
	return false
}

// isBlock reports whether an element ends the line before it.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Blockquote, atom.Tbody, atom.Main, atom.Header, atom.Aside, atom.Figcaption:
		return true
	}
	return isContainer(n)
}

func headingLevel(n *html.Node) int {
	if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
		return int(n.Data[1] - '0')
	}
	return 0
}

// hasHeadings reports whether there are enough headings for cards.
func hasHeadings(root *html.Node) bool {
	count := 0
	for n := range root.Descendants() {
		if headingLevel(n) > 0 {
			if count++; count == minCards {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func href(n *html.Node) string { return strings.TrimSpace(attr(n, "href")) }

func hasLink(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.A && href(c) != "" {
			return true
		}
	}
	return false
}

// countWords returns how many letters and digits a text has.
func countWords(text string) int {
	count := 0
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', '\u4e00' <= r && r <= '\u9fff':
			count++
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r)):
			count++
		}
	}
	return count
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
