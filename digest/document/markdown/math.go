package markdown

import (
	"bytes"
	"strings"

	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Formulas stay as they were written: their backslashes, asterisks and braces mean nothing
// in Markdown.

// mathSize returns the length of the formula that the rest of a line begins with, behind a
// character; 0: it begins with none. Between single dollars stands a formula only if it has a
// sign of TeX, no spaces at its ends and no letter or digit around it: amounts of money have
// none of these.
func mathSize(line []byte, before rune) int {
	line = line[:min(len(line), maxSpan)]
	if bytes.HasPrefix(line, []byte("$$")) {
		if end := bytes.Index(line[2:], []byte("$$")); end > 0 {
			return end + 4
		}
		return 0
	}
	end := bytes.IndexByte(line[1:], '$')
	if end <= 0 || before == '$' || before == '\\' || plain.IsNarrowWord(before) {
		return 0
	}
	formula, after := line[1:end+1], line[end+2:]
	if len(bytes.TrimSpace(formula)) < end || !bytes.ContainsAny(formula, `\^_{`) || len(after) > 0 && (plain.IsWordByte(after[0]) || after[0] == '$') {
		return 0
	}
	return end + 2
}

// mathParser keeps formulas.
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	size := mathSize(line, block.PrecendingCharacter())
	if size == 0 {
		return nil
	}
	node := ast.NewString(util.EscapeHTML(bytes.Clone(line[:size])))
	node.SetCode(true)
	block.Advance(size)
	return node
}

// mathBlock writes the formula between two lines "$$" as code, and reports whether one
// begins with this line.
func (c *cleaner) mathBlock(line string) bool {
	if strings.TrimSpace(line) != "$$" {
		return false
	}
	indent := line[:strings.IndexByte(line, '$')]
	rest := c.body[c.end:min(len(c.body), c.end+maxTemplateTag)]
	size := 0
	for line := range strings.Lines(rest) {
		if strings.TrimSpace(line) == "$$" {
			c.out = append(c.out, indent+"```latex\n"+rest[:size]+indent+"```\n"...)
			c.at = c.end + size + len(line)
			return true
		}
		if strings.Contains(line, "```") {
			return false
		}
		size += len(line)
	}
	return false
}
