package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// titleLines ends the line of a link, or of bold words, that has the first line of a paragraph
// to itself, if several lines of the document are like that: these are titles, and the
// text stands under them. Where the text goes on with the sentence, the line was only wrapped.
type titleLines struct{}

// How many lines must be links, and how many paragraphs must begin with bold words, which
// also stress what a text begins with.
const (
	minTitleLines = 2
	minBoldLines  = 3
)

func (titleLines) Transform(tree *ast.Document, reader text.Reader, _ parser.Context) {
	var links, bold []*ast.Text
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindParagraph {
			continue
		}
		if ends := titleLineEnds(n, reader.Source()); len(ends) > 0 {
			links = append(links, ends...)
		} else if end := boldLineEnd(n, reader.Source()); end != nil {
			bold = append(bold, end)
		}
	}
	breakLines(links, minTitleLines)
	breakLines(bold, minBoldLines)
}

// breakLines ends the lines of titles if there are enough of them.
func breakLines(ends []*ast.Text, least int) {
	if len(ends) < least {
		return
	}
	for _, end := range ends {
		breakLine(end)
	}
}

// boldLineEnd returns the node that ends the first line of a paragraph if that line is bold, and
// no more, and the next one begins a sentence or with a link; else nil.
func boldLineEnd(paragraph ast.Node, source []byte) *ast.Text {
	strong := paragraph.FirstChild()
	if !isStrong(strong) || strong.NextSibling() == nil {
		return nil
	}
	end, ok := strong.NextSibling().(*ast.Text)
	if !ok || !end.SoftLineBreak() || digest.HasWords(string(end.Value(source))) {
		return nil
	}
	if next := end.NextSibling(); next != nil && (next.Kind() == ast.KindLink || beginsSentence(next, source)) {
		return end
	}
	return nil
}

// isStrong reports whether a node is bold, perhaps also in italics.
func isStrong(n ast.Node) bool {
	e, ok := n.(*ast.Emphasis)
	if !ok {
		return false
	}
	return e.Level == 2 || e.FirstChild() == e.LastChild() && isStrong(e.FirstChild())
}

// titleLineEnds returns the nodes that end the first lines of a paragraph, as long as these are
// links, perhaps in bold, and the next line begins with a link or a sentence.
func titleLineEnds(paragraph ast.Node, source []byte) (ends []*ast.Text) {
	linked := false
	for n := paragraph.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if digest.HasWords(string(n.Value(source))) {
				return ends
			}
			if !n.SoftLineBreak() {
				continue
			}
			next := n.NextSibling()
			if !linked || !isLink(next) && !beginsSentence(next, source) {
				return ends
			}
			ends = append(ends, n)
			linked = false
		default:
			if !isLink(n) {
				return ends
			}
			linked = true
		}
	}
	return ends
}

// isLink reports whether a node is a link, perhaps in bold or italics.
func isLink(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Link:
		return true
	case *ast.Emphasis:
		return n.FirstChild() == n.LastChild() && isLink(n.FirstChild())
	}
	return false
}

// beginsSentence reports whether a node does not go on with the sentence before it.
func beginsSentence(n ast.Node, source []byte) bool {
	switch n := n.(type) {
	case *ast.Text:
		first, _ := utf8.DecodeRune(n.Value(source))
		return !unicode.IsLower(first) && !strings.ContainsRune(",.;:!?)，。；：！？）&|·", first)
	case *ast.Emphasis:
		return beginsSentence(n.FirstChild(), source)
	case *ast.CodeSpan:
		return true
	}
	return false
}
