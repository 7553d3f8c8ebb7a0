package markdown

import (
	"bytes"

	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// scriptParser parses x^2^ and H~2~O. There are no spaces in such text, and a letter or digit
// stands before it.
type scriptParser struct{}

func (scriptParser) Trigger() []byte { return []byte{'^', '~'} }

func (scriptParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	before := block.PrecendingCharacter()
	end := bytes.IndexByte(line[1:min(len(line), page.MaxScript)], line[0])
	if end <= 0 || !plain.IsNarrowWord(before) && before != ')' && before != ']' {
		return nil
	}
	content := line[1 : end+1]
	if bytes.ContainsFunc(content, util.IsSpaceRune) || content[0] == '[' {
		return nil
	}
	node := newElement(map[byte]string{'^': "sup", '~': "sub"}[line[0]], "")
	node.AppendChild(node, ast.NewTextSegment(text.NewSegment(segment.Start+1, segment.Start+1+end)))
	block.Advance(end + 2)
	return node
}

// breakParser parses the line break of kramdown: two backslashes at the end of a line.
type breakParser struct{}

func (breakParser) Trigger() []byte { return []byte{'\\'} }

func (breakParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte(`\\`)) || !util.IsBlank(line[2:]) {
		return nil
	}
	block.Advance(2)
	node := ast.NewString([]byte("<br>"))
	node.SetCode(true)
	return node
}
