package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// taskParser parses the boxes of task lists, as the parser in it does. A link whose words are one letter, such as
// that of a network ("[X](https://x.com/pier)"), is none.
type taskParser struct{ parser.InlineParser }

func (p taskParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if _, after, ok := bytes.Cut(line, []byte("]")); ok && len(after) > 0 && (after[0] == '(' || after[0] == '[') {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}
