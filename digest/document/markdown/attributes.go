package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"digestbot/digest/document/plain"
)

// attributeParser leaves out attribute lists, such as {: .wide target="_blank"} of kramdown
// and { .md-button } of MkDocs. With a colon they may stand anywhere; without one, directly
// behind what they belong to, in a line of their own, or at the end of a heading. A colon and
// nothing but a word is a reference, or an atom of a programming language: it is left out
// only where a list without a colon would be.
type attributeParser struct{}

const attributeItem = `(?:[.#][\pL\pN_:-]+|[\pL_][\pL\pN_:-]*=(?:"[^"{}\n]*"|'[^'{}\n]*'|[^\s"'{}]+))`

var (
	colonAttributes = plain.Pattern(`^\{:\s*(?:` + attributeItem + `\s*)+\}`)
	bareAttributes  = plain.Pattern(`^\{(?::\s*[\pL_][\pL\pN_-]*|\s*-|(?:\s*` + attributeItem + `)+)\s*\}`)
)

// maxAttributes is how long an attribute list may be, in bytes.
const maxAttributes = 512

func (attributeParser) Trigger() []byte { return []byte{'{'} }

func (attributeParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	head := line[:min(len(line), maxAttributes)]
	found := colonAttributes().Find(head)
	if found == nil {
		found = bareAttributes().Find(head)
		if found == nil || !endsSpan(parent, block.PrecendingCharacter()) && !isAlone(parent, block.Source(), segment.Start, line[len(found):]) {
			return nil
		}
	}
	notesOf(pc).LeaveOut(attributeLists, string(found))
	block.Advance(len(found))
	return ast.NewString(nil)
}

// endsSpan reports whether a link, a picture, code, emphasis or an icon ends with the character
// before the text to come.
func endsSpan(parent ast.Node, before rune) bool {
	if before == ':' {
		return true // of the name of an icon
	}
	switch parent.LastChild().(type) {
	case *ast.Link, *ast.Image:
		return before == ')' || before == ']'
	case *ast.CodeSpan:
		return before == '`'
	case *parser.Delimiter:
		return before == '*' || before == '_'
	case *ast.RawHTML, *ast.AutoLink:
		return before == '>'
	}
	return false
}

// isAlone reports whether a list has a line to itself, or ends a heading.
func isAlone(parent ast.Node, source []byte, start int, after []byte) bool {
	if !util.IsBlank(after) {
		return false
	}
	for start > 0 && (source[start-1] == ' ' || source[start-1] == '\t' || source[start-1] == '>') {
		start--
	}
	return parent.Kind() == ast.KindHeading || start == 0 || source[start-1] == '\n'
}
