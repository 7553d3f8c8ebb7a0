package digest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// node is one block of a document in reading order, before sections and items
// are told apart.
type node struct {
	Block
	level int  // of a heading: 1 to 6
	note  bool // one of the footnotes
}

// Kinds of nodes that shape an issue but are not shown.
const (
	blankNode BlockKind = "blank" // an empty paragraph
	ruleNode  BlockKind = "rule"  // a thematic break
	tocNode   BlockKind = "toc"   // a list of links within the page
)

// maxListDepth is how deep lists are shown nested; deeper ones are shown at
// that depth.
const maxListDepth = 4

// builder turns a tree of elements into nodes.
type builder struct {
	base  *url.URL
	out   []node
	text  inline // the paragraph being collected
	quote bool   // inside a quotation: those within it are part of it
	lists int    // how many lists are open

	markdown bool // the document was Markdown
}

// skipped elements hold nothing a reader of a chat can be shown.
var skipped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Iframe: true, atom.Template: true, atom.Svg: true,
	atom.Head: true, atom.Object: true, atom.Embed: true, atom.Video: true, atom.Audio: true, atom.Canvas: true,
	atom.Select: true, atom.Textarea: true, atom.Map: true, atom.Link: true, atom.Meta: true, atom.Title: true,
	atom.Math: true, atom.Datalist: true, atom.Nav: true,
}

// blocks are the elements that end the paragraph before them.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true,
	atom.Footer: true, atom.Aside: true, atom.Figure: true, atom.Figcaption: true, atom.Address: true,
	atom.Details: true, atom.Center: true, atom.Dl: true, atom.Dd: true, atom.Fieldset: true, atom.Form: true,
	atom.Li: true, atom.Table: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Tr: true, atom.Td: true,
	atom.Th: true, atom.Caption: true, atom.Body: true, atom.Html: true, atom.Hgroup: true,
}

func (b *builder) walk(n *html.Node, s inlineStyle) {
	switch n.Type {
	case html.TextNode:
		b.text.write(n.Data, s)
	case html.DocumentNode:
		b.children(n, s)
	case html.ElementNode:
		if skipped[n.DataAtom] || hidden(n) {
			return
		}
		b.element(n, s)
	}
}

func (b *builder) children(n *html.Node, s inlineStyle) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.walk(c, s)
	}
}

func (b *builder) element(n *html.Node, s inlineStyle) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		b.heading(n)
	case atom.P:
		b.paragraph(n, s)
	case atom.Blockquote:
		b.quotation(n, s)
	case atom.Ul, atom.Ol, atom.Menu:
		b.list(n, s)
	case atom.Pre:
		b.code(n)
	case atom.Table:
		b.table(n, s)
	case atom.Hr:
		b.flush()
		b.add(node{Block: Block{Kind: ruleNode}})
	case atom.Br:
		if b.text.lineBreak() {
			b.flush()
		}
	case atom.Img:
		b.image(n, s)
	case atom.Dt, atom.Summary:
		b.flush()
		b.children(n, s.with(Bold))
		b.flush()
	case atom.Input:
		if attr(n, "type") == "checkbox" {
			b.text.write(map[bool]string{true: "☑ ", false: "☐ "}[hasAttr(n, "checked")], s)
		}
	case atom.Sup:
		b.superscript(n, s)
	default:
		b.generic(n, s)
	}
}

func (b *builder) generic(n *html.Node, s inlineStyle) {
	if !blocks[n.DataAtom] {
		b.children(n, s.of(n, b.base))
		return
	}
	b.flush()
	before := len(b.out)
	b.children(n, s.of(n, b.base))
	b.flush()
	if attr(n, "class") == "footnotes" {
		for i := range b.out[before:] {
			b.out[before+i].note = true
		}
	}
}

// superscript shows the number of a footnote in brackets.
func (b *builder) superscript(n *html.Node, s inlineStyle) {
	if c := n.FirstChild; c != nil && c.DataAtom == atom.A && strings.HasPrefix(attr(c, "href"), "#") {
		b.text.write("["+strings.Trim(textOf(c), "[]")+"]", s)
		return
	}
	b.children(n, s)
}

func (b *builder) add(n node) { b.out = append(b.out, n) }

// flush ends the paragraph being collected.
func (b *builder) flush() {
	spans := b.text.take()
	if b.markdown {
		spans = showReferences(spans)
	}
	if len(spans) > 0 {
		b.add(node{Block: Block{Kind: Paragraph, Spans: spans}})
	}
}

func (b *builder) paragraph(n *html.Node, s inlineStyle) {
	b.flush()
	before := len(b.out)
	b.children(n, s.of(n, b.base))
	b.flush()
	if len(b.out) == before && n.FirstChild != nil && blankElement(n) {
		b.add(node{Block: Block{Kind: blankNode}})
	}
}

// blankElement tells whether an element was written empty, as a spacer: it
// holds nothing but white space and line breaks. One that held a picture or a
// film that is not shown is not blank, nor is one without any content: that is
// what HTML makes of an end tag too many.
func blankElement(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.Type == html.ElementNode && c.DataAtom == atom.Br:
		case c.Type == html.ElementNode && (c.DataAtom == atom.Span || c.DataAtom == atom.Strong || c.DataAtom == atom.B) && blankElement(c):
		default:
			return false
		}
	}
	return true
}

// sub reads the children of n on their own.
func (b *builder) sub(n *html.Node, s inlineStyle) *builder {
	inner := &builder{base: b.base, quote: b.quote, lists: b.lists, markdown: b.markdown}
	inner.children(n, s)
	inner.flush()
	return inner
}

func (b *builder) heading(n *html.Node) {
	b.flush()
	inner := b.sub(n, inlineStyle{})
	var spans []Span
	for _, block := range inner.out {
		if block.Kind == Image && len(spans) == 0 && len(inner.out) == 1 {
			spans = append(spans, block.Spans...)
		}
		if block.Kind == Paragraph {
			if len(spans) > 0 {
				spans = append(spans, Span{Text: " "})
			}
			spans = append(spans, oneLine(block.Spans)...)
		}
	}
	if strings.TrimSpace(plain(spans)) == "" {
		return // an empty heading is a slip of the editor
	}
	level, _ := strconv.Atoi(n.Data[1:])
	b.add(node{Block: Block{Kind: Heading, Spans: unbold(spans)}, level: level})
}

func (b *builder) quotation(n *html.Node, s inlineStyle) {
	b.flush()
	if b.quote {
		b.children(n, s)
		b.flush()
		return
	}
	inner := &builder{base: b.base, quote: true, lists: b.lists, markdown: b.markdown}
	inner.children(n, s)
	inner.flush()
	if blocks := toBlocks(inner.out); len(blocks) > 0 {
		b.add(node{Block: Block{Kind: Quote, Blocks: blocks}})
	}
}

func (b *builder) list(n *html.Node, s inlineStyle) {
	b.flush()
	if b.lists >= maxListDepth {
		b.children(n, s)
		b.flush()
		return
	}
	if isContents(n) {
		b.add(node{Block: Block{Kind: tocNode}})
		return
	}
	list := Block{Kind: List, Ordered: n.DataAtom == atom.Ol}
	if list.Ordered {
		list.Start = 1
		if start, err := strconv.Atoi(attr(n, "start")); err == nil && start >= 0 && start < 1e6 {
			list.Start = start
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := &builder{base: b.base, quote: b.quote, lists: b.lists + 1, markdown: b.markdown}
		if c.DataAtom == atom.Li {
			inner.children(c, s)
		} else {
			inner.walk(c, s)
		}
		inner.flush()
		if blocks := toBlocks(inner.out); len(blocks) > 0 {
			list.Entries = append(list.Entries, blocks)
		}
	}
	if len(list.Entries) > 0 {
		b.add(node{Block: list})
	}
}

// isContents tells whether a list is a table of contents: all its links lead
// to places within the page, and there is one per entry at least.
func isContents(n *html.Node) bool {
	links, entries := 0, 0
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Li:
			entries++
		case atom.A:
			if !strings.HasPrefix(attr(c, "href"), "#") || len(attr(c, "href")) < 2 {
				return false
			}
			links++
		}
	}
	return entries > 1 && links >= entries
}

func (b *builder) code(n *html.Node) {
	b.flush()
	block := Block{Kind: Code}
	for c := range n.Descendants() {
		if c.DataAtom == atom.Code {
			block.Language = codeLanguage(attr(c, "class"))
		}
	}
	text := strings.Trim(textOf(n), "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	block.Spans = []Span{{Text: cleanCode(text)}}
	b.add(node{Block: block})
}

func codeLanguage(class string) string {
	for name := range strings.FieldsSeq(class) {
		if language, ok := strings.CutPrefix(name, "language-"); ok && isWord(language) {
			return language
		}
	}
	return ""
}

func isWord(s string) bool {
	return s != "" && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+-_#.", r)
	}) < 0
}

func (b *builder) table(n *html.Node, s inlineStyle) {
	rows := tableRows(n)
	if isLayout(n, rows) {
		b.generic(n, s)
		return
	}
	b.flush()
	table := Block{Kind: Table}
	for i, row := range rows {
		var cells [][]Span
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				cells = append(cells, cellSpans(b.sub(c, s).out))
			}
		}
		if slices.ContainsFunc(cells, func(c []Span) bool { return len(c) > 0 }) {
			table.Rows = append(table.Rows, cells)
			table.Header = table.Header || i == 0 && isHeader(row)
		}
	}
	if len(table.Rows) > 0 {
		b.add(node{Block: table})
	}
}

func isHeader(row *html.Node) bool {
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td {
			return false
		}
	}
	return true
}

func tableRows(table *html.Node) []*html.Node {
	var rows []*html.Node
	for n := range table.Descendants() {
		if n.DataAtom == atom.Tr {
			rows = append(rows, n)
		}
	}
	return rows
}

// isLayout tells whether a table only arranges a page, as in mails: one
// column, or tables, headings or lists inside.
func isLayout(table *html.Node, rows []*html.Node) bool {
	if attr(table, "role") == "presentation" {
		return true
	}
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.Ul, atom.Ol, atom.Blockquote, atom.Pre:
			return true
		}
	}
	for _, row := range rows {
		cells := 0
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				cells++
			}
		}
		if cells > 1 {
			return false
		}
	}
	return true
}

// cellSpans puts the blocks of a table cell in one line.
func cellSpans(nodes []node) []Span {
	var spans []Span
	for _, n := range nodes {
		var part []Span
		switch n.Kind {
		case Paragraph, Heading, Code:
			part = n.Spans
		case Image:
			part = pictureSpans(n.Block)
		}
		if len(part) > 0 && len(spans) > 0 {
			spans = append(spans, Span{Text: " "})
		}
		spans = append(spans, part...)
	}
	return oneLine(spans)
}

// toBlocks keeps of nodes what is shown.
func toBlocks(nodes []node) []Block {
	var out []Block
	for _, n := range nodes {
		switch n.Kind {
		case blankNode, ruleNode, tocNode:
		default:
			out = append(out, n.Block)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func hidden(n *html.Node) bool {
	if hasAttr(n, "hidden") {
		return true
	}
	if strings.Contains(attr(n, "class"), "footnote-backref") {
		return true
	}
	style := strings.ReplaceAll(attr(n, "style"), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

func textOf(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			out.WriteString(c.Data)
		case c.DataAtom == atom.Br:
			out.WriteByte('\n')
		}
	}
	return out.String()
}
