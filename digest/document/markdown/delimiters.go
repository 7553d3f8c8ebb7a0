package markdown

import (
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// delimiters parse the runs of signs that stand around emphasised text. The rules of
// CommonMark would show the asterisks of "**注意：**灯", because a colon stands on one side and
// a letter on the other: they are made for languages with spaces between words. Here a sign
// of Chinese, Japanese or Korean is no punctuation, and text beside it is not bound by the
// rule of punctuation (github.com/commonmark/commonmark-spec/issues/650).
var delimiters = []util.PrioritizedValue{
	util.Prioritized(&delimiterParser{"*_", 1 << 20, func(n int) ast.Node { return ast.NewEmphasis(n) }}, 490),
	util.Prioritized(&delimiterParser{"~", 2, func(int) ast.Node { return east.NewStrikethrough() }}, 490),
	util.Prioritized(&delimiterParser{"=", 2, func(int) ast.Node { return newElement("mark", "") }}, 490),
	util.Prioritized(&delimiterParser{"+", 2, func(int) ast.Node { return newElement("ins", "") }}, 490),
	util.Prioritized(&delimiterParser{"|", 2, func(int) ast.Node { return newElement("span", "tg-spoiler") }}, 490),
}

// delimiterParser parses the runs of some signs.
type delimiterParser struct {
	signs   string
	longest int
	node    func(size int) ast.Node // what a pair makes of the text in it
}

func (p *delimiterParser) Trigger() []byte { return []byte(p.signs) }

func (p *delimiterParser) IsDelimiter(c byte) bool {
	return p.signs[0] == c || p.signs[len(p.signs)-1] == c
}

func (p *delimiterParser) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (p *delimiterParser) OnMatch(size int) ast.Node { return p.node(size) }

// Parse is called at a sign.
func (p *delimiterParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	sign, size := line[0], 1
	for size < len(line) && line[size] == sign {
		size++
	}
	before := block.PrecendingCharacter()
	if size > p.longest || size == 1 && bounds.IsPairOnly(sign) || before == rune(sign) && p.longest == 2 {
		return nil
	}
	opens, closes := opensOrCloses(sign, size, before, line[size:], block.Source()[max(segment.Start-2, 0):segment.Start])
	d := parser.NewDelimiter(opens, closes, size, sign, p)
	d.Segment = segment.WithStop(segment.Start + size)
	block.Advance(size)
	pc.PushDelimiter(d)
	return d
}

// opensOrCloses reports whether a run of a sign opens and closes a pair. rest is the line behind it,
// and last are the bytes before it.
func opensOrCloses(sign byte, size int, before rune, rest, last []byte) (opens, closes bool) {
	after := ' '
	if len(rest) > 0 {
		after = util.ToRune(rest, 0)
	}
	opens, closes = openOrClose(sign, before, after)
	if bounds.IsPairOnly(sign) || sign == '~' && size == 1 { // else "3~5" and "6~8" would be a pair
		opens = opens && !plain.IsNarrowWord(before)
		closes = closes && !plain.IsNarrowWord(after)
	}
	if sign == '+' {
		opens = opens && beginsWord(rest)
		closes = closes && beginsWord(last)
	}
	return opens, closes
}

// beginsWord reports whether a text begins with two letters: "++i" and "C++" are code.
func beginsWord(text []byte) bool {
	return len(text) >= 2 && !util.IsPunct(text[0]) && !util.IsSpace(text[0]) && !util.IsPunct(text[1]) && !util.IsSpace(text[1])
}

// openOrClose reports whether a run of a sign between two characters may open and close
// emphasis (spec.commonmark.org/0.31.2/#left-flanking-delimiter-run). Within a word "_" may
// do neither.
func openOrClose(sign byte, before, after rune) (opens, closes bool) {
	left := !util.IsSpaceRune(after) && (!isNarrowSign(after) || isNarrowSign(before) || util.IsSpaceRune(before) || plain.IsEastAsian(before))
	right := !util.IsSpaceRune(before) && (!isNarrowSign(before) || isNarrowSign(after) || util.IsSpaceRune(after) || plain.IsEastAsian(after))
	if sign != '_' {
		return left, right
	}
	return left && (!right || util.IsPunctRune(before)), right && (!left || util.IsPunctRune(after))
}

// isNarrowSign reports whether a character is punctuation, but not of an East Asian language.
func isNarrowSign(r rune) bool { return util.IsPunctRune(r) && !plain.IsEastAsian(r) }
