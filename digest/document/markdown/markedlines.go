package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// markedLines keeps the lines of a paragraph apart if they are the entries of a list with
// marks that are none in Markdown: "1、" and "2、", or "・" in front of each.
type markedLines struct{}

func (markedLines) Transform(tree *ast.Document, reader text.Reader, _ parser.Context) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		if entering && (n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock) && n.Lines().Len() > 1 {
			breakBefore(n, markedStarts(n.Lines(), reader.Source()), reader.Source())
		}
		return ast.WalkContinue, nil
	})
}

// markedStarts returns where the lines begin, without the first one, that go on with the
// list that the first one begins, or that it is the label of.
func markedStarts(lines *text.Segments, source []byte) []int {
	var starts []int
	var last lineMark
	label := false
	for i := range lines.Len() {
		line := lines.At(i)
		mark := markOf(string(line.Value(source)))
		switch {
		case i == 0 && mark == lineMark{}:
			return nil
		case i == 0:
			label = mark.isLarge() && digest.Width(string(line.Value(source))) <= maxLabel
		case i == 1 && label, mark.follows(last):
			starts = append(starts, line.Start)
		default:
			continue
		}
		last = mark
	}
	return starts
}

// lineMark is what a line of a list begins with: a sign, or an ordinal.
type lineMark struct {
	sign    rune
	ordinal digest.Ordinal
}

// lineSigns are signs that people put in front of lines.
const lineSigns = "•▪◦‣・○" + plain.LargeSigns

// maxLabel is how wide, in columns, a label over other lines is at most.
const maxLabel = 40

func markOf(line string) lineMark {
	line = strings.TrimLeft(line, " \t\u3000*_[")
	if sign, _ := utf8.DecodeRuneInString(line); strings.ContainsRune(lineSigns, sign) {
		return lineMark{sign: sign}
	}
	ordinal, _, _ := digest.CutOrdinal(line)
	return lineMark{ordinal: ordinal}
}

func (m lineMark) isLarge() bool {
	return m.sign != 0 && strings.ContainsRune(plain.LargeSigns, m.sign)
}

func (m lineMark) follows(last lineMark) bool {
	if m.sign != 0 {
		return m.sign == last.sign
	}
	return m.ordinal.Kind != 0 && m.ordinal.Kind == last.ordinal.Kind && m.ordinal.Value == last.ordinal.Value+1
}

// breakBefore ends the lines of a paragraph before those that begin at the given places.
func breakBefore(n ast.Node, starts []int, source []byte) {
	for c := n.FirstChild(); c != nil && len(starts) > 0; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok || !t.SoftLineBreak() {
			continue
		}
		for len(starts) > 0 && starts[0] < t.Segment.Stop {
			starts = starts[1:]
		}
		if len(starts) > 0 && len(bytes.TrimSpace(source[t.Segment.Stop:starts[0]])) == 0 {
			breakLine(t)
		}
	}
}

// breakLine keeps the line that a text ends apart from the next one.
func breakLine(t *ast.Text) {
	t.SetSoftLineBreak(false)
	t.SetHardLineBreak(true)
}
