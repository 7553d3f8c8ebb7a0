package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"digestbot/digest/document/plain"
)

// Callouts are boxes with a title: "!!! note" and "??? note" of MkDocs with an indented text
// under them, ":::note" of Docusaurus, VuePress and Pandoc up to ":::", and "> [!NOTE]" of
// GitHub and Obsidian. They become quotations that begin with their title in bold. Without a
// title the kind is shown, as those sites do. A box of an unknown kind, or one around
// headings, only arranges a page: its text stays as it is.

// callout is a box.
type callout struct {
	ast.BaseBlock
	colons int // that it was opened with; 0: its text is indented
	quoted bool
}

// calloutTitle is the title of a box: lines of the document, or words.
type calloutTitle struct {
	ast.BaseBlock
	words string
}

var (
	kindCallout      = ast.NewNodeKind("Callout")
	kindCalloutTitle = ast.NewNodeKind("CalloutTitle")
)

func (*callout) Kind() ast.NodeKind      { return kindCallout }
func (*calloutTitle) Kind() ast.NodeKind { return kindCalloutTitle }

func (c *callout) Dump(source []byte, level int)      { ast.DumpHelper(c, source, level, nil, nil) }
func (c *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(c, source, level, nil, nil) }

// calloutKinds are the kinds of boxes whose text is set apart; those with a name have it as
// their title if they have no other.
var calloutKinds = map[string]string{
	"note": "Note", "tip": "Tip", "info": "Info", "warning": "Warning", "danger": "Danger", "caution": "Caution", "important": "Important",
	"success": "Success", "question": "Question", "failure": "Failure", "bug": "Bug", "example": "Example", "abstract": "Abstract",
	"summary": "Summary", "hint": "Hint", "attention": "Attention", "error": "Error", "todo": "Todo", "tldr": "TL;DR", "faq": "FAQ",
	"quote": "", "cite": "", "details": "", "spoiler": "", "alert": "", "message": "", "notice": "", "admonition": "", "seealso": "",
}

var (
	// indentedCallout matches the kind and the title of a box, or the title of a tab.
	indentedCallout = plain.Pattern(`^(?:(?:!!!|\?\?\?\+?)[ \t]+([\pL][\pL\pN_-]*(?:[ \t]+[\pL][\pL\pN_-]*)*)?|===[!+]?)[ \t]*("[^"\n]*")?(?:[ \t]+(?:inline|end))*\s*$`)
	// fencedCallout matches the kind, or attributes, and the title.
	fencedCallout = plain.Pattern(`^(:{3,})[ \t]*(?:([\pL][\pL\pN_-]*)|\{([^{}\n]*)\})(?:\[([^\[\]\n]*)\])?(?:\{([^{}\n]*)\})?(?:[ \t]+([^\n]*?))?[ \t:]*\n?$`)
	// quotedCallout matches the kind and the title in the first line of a quotation.
	quotedCallout = plain.Pattern(`^\[!([\pL][\pL\pN _-]*)(?:\|[^\]\n]*)?\][+-]?[ \t]*([^\n]*)`)
)

// maxCallouts is how deep boxes may be nested.
const maxCallouts = 8

// calloutParser parses boxes with an indented text and with an end.
type calloutParser struct{}

func (calloutParser) Trigger() []byte { return []byte{'!', '?', '=', ':'} }

func (calloutParser) CanInterruptParagraph() bool                       { return true }
func (calloutParser) CanAcceptIndentedLine() bool                       { return false }
func (calloutParser) Close(_ ast.Node, _ text.Reader, _ parser.Context) {}

func (calloutParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line) > maxSpan || openCallouts(pc) >= maxCallouts {
		return nil, parser.NoChildren
	}
	box := &callout{}
	var title *calloutTitle
	if line[pos] == ':' {
		m := fencedCallout().FindSubmatchIndex(line[pos:])
		if m == nil {
			return nil, parser.NoChildren
		}
		box.colons = m[3] - m[2]
		title = box.fenced(line[pos:], segment.Start+pos, m)
	} else {
		m := indentedCallout().FindSubmatchIndex(line[pos:])
		if m == nil || m[2] < 0 && m[4] < 0 {
			return nil, parser.NoChildren
		}
		title = box.indented(line[pos:], segment.Start+pos, m)
	}
	if title != nil {
		box.AppendChild(box, title)
	}
	reader.AdvanceToEOL()
	return box, parser.HasChildren
}

func openCallouts(pc parser.Context) int {
	open := 0
	for _, b := range pc.OpenedBlocks() {
		if _, ok := b.Node.(*callout); ok {
			open++
		}
	}
	return open
}

// indented reads the first line of a box with an indented text, and returns its title, which
// "" leaves out. Of a tab only the title is shown.
func (c *callout) indented(line []byte, start int, m []int) *calloutTitle {
	kind := ""
	if m[2] >= 0 {
		kind, _, _ = strings.Cut(strings.ToLower(string(line[m[2]:m[3]])), " ")
		c.quoted = true
	}
	if m[4] >= 0 {
		return titleAt(start+m[4]+1, start+m[5]-1)
	}
	return kindTitle(kind)
}

// fenced does the same for a box with an end.
func (c *callout) fenced(line []byte, start int, m []int) *calloutTitle {
	kind, named := "", ""
	if m[4] >= 0 {
		kind = strings.ToLower(string(line[m[4]:m[5]]))
	} else {
		class, _, _ := strings.Cut(strings.TrimLeft(string(line[m[6]:m[7]]), " ."), " ")
		kind = strings.TrimPrefix(strings.ToLower(class), "callout-")
		named = parseParams(string(line[m[6]:m[7]])).get("title")
	}
	if _, c.quoted = calloutKinds[kind]; !c.quoted {
		return nil
	}
	if m[10] >= 0 {
		named = parseParams(string(line[m[10]:m[11]])).get("title")
	}
	switch {
	case m[8] >= 0:
		return titleAt(start+m[8], start+m[9])
	case named != "":
		return &calloutTitle{words: named}
	case m[12] >= 0 && m[13] > m[12] && line[m[12]] != '{':
		return titleAt(start+m[12], start+m[13])
	}
	return kindTitle(kind)
}

// titleAt returns the title between two places of the document; nil: there is none.
func titleAt(start, end int) *calloutTitle {
	if start >= end {
		return nil
	}
	title := &calloutTitle{}
	title.Lines().Append(text.NewSegment(start, end))
	return title
}

// kindTitle returns the title of a box that has none of its own.
func kindTitle(kind string) *calloutTitle {
	name, ok := calloutKinds[kind]
	if !ok && kind != "" {
		name = strings.ToUpper(kind[:1]) + kind[1:]
	}
	if name == "" {
		return nil
	}
	return &calloutTitle{words: name}
}

func (calloutParser) Continue(n ast.Node, reader text.Reader, pc parser.Context) parser.State {
	box := n.(*callout)
	line, _ := reader.PeekLine()
	if box.colons > 0 {
		if isCalloutEnd(line) && isInnermost(box, pc) {
			reader.AdvanceToEOL()
			return parser.Close
		}
		return parser.Continue | parser.HasChildren
	}
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

func isCalloutEnd(line []byte) bool {
	mark := bytes.TrimSpace(line)
	return len(mark) >= 3 && len(bytes.Trim(mark, ":")) == 0
}

// isInnermost reports whether a line ends the box: there is no other in it, nor code.
func isInnermost(box *callout, pc parser.Context) bool {
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0; i-- {
		switch n := blocks[i].Node.(type) {
		case *callout:
			if n.colons > 0 {
				return n == box
			}
		case *ast.FencedCodeBlock:
			return false
		}
	}
	return false
}

// quotedCallouts parses boxes that are quotations.
type quotedCallouts struct{}

func (quotedCallouts) Transform(n *ast.Paragraph, reader text.Reader, _ parser.Context) {
	parent := n.Parent()
	if parent == nil || parent.Kind() != ast.KindBlockquote || n.PreviousSibling() != nil {
		return
	}
	lines := n.Lines()
	first := lines.At(0)
	line := first.Value(reader.Source())
	m := quotedCallout().FindSubmatchIndex(line[:min(len(line), maxSpan)])
	if m == nil {
		return
	}
	title := kindTitle(strings.ToLower(string(line[m[2]:m[3]])))
	if m[5] > m[4] {
		title = titleAt(first.Start+m[4], first.Start+m[5])
	}
	if title != nil {
		parent.InsertBefore(parent, n, title)
	}
	if lines.Len() == 1 {
		parent.RemoveChild(parent, n)
		return
	}
	rest := text.NewSegments()
	rest.AppendAll(lines.Sliced(1, lines.Len()))
	n.SetLines(rest)
}

// calloutRenderer writes boxes.
type calloutRenderer struct{}

func (calloutRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindCallout, renderCallout)
	r.Register(kindCalloutTitle, renderCalloutTitle)
}

func renderCallout(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	name := "div"
	if n.(*callout).quoted && !hasHeading(n) {
		name = "blockquote"
	}
	if !entering {
		_, err := w.WriteString("</" + name + ">\n")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString("<" + name + ">\n")
	return ast.WalkContinue, err
}

func hasHeading(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if box, ok := c.(*callout); c.Kind() == ast.KindHeading || ok && hasHeading(box) {
			return true
		}
	}
	return false
}

func renderCalloutTitle(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "</strong></p>\n"
	if entering {
		tag = "<p><strong>" + html.EscapeString(n.(*calloutTitle).words)
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}
