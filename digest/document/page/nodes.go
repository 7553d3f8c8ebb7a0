package page

import (
	"net/url"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Node is one block of a document in reading order, before the document is
// divided into sections and items.
type Node struct {
	digest.Block
	Level int      // of a heading: 1 to 6
	Card  int      // the number of the card that it stands in; 0: none
	Names []string // what a table of contents names
	Roles Roles
	marks *noteMarks // nil: it is no footnote and cites none

	Note      bool // one of the footnotes
	Item      bool // a heading: the title of an item for certain, and no name of a group
	Remark    bool // a paragraph or quotation about a link: it begins an item if nothing else does
	Headlines bool // a list behind the last item of a section: its entries are items
	Aside     bool // a player or a button: it begins no item
	Foot      bool // it stands in the footer of the page
	Logo      bool // a picture that says that it is a logo
}

// Kinds of nodes that shape an issue but are not shown.
const (
	Blank    digest.BlockKind = "blank" // an empty paragraph
	Rule     digest.BlockKind = "rule"  // a thematic break
	Contents digest.BlockKind = "toc"   // a list of links within the page
)

// maxListDepth is how deep lists are shown nested. Deeper lists are shown at
// that depth.
const maxListDepth = 4

// builder turns a tree of elements into nodes.
type builder struct {
	base  *url.URL
	out   []Node
	text  inline // the paragraph being collected
	quote bool   // inside a quotation: quotations within it become part of it
	lists int    // how many lists are open

	markdown bool // the document was Markdown
	page     bool // the document is a whole page
	notes    *note.List

	heading bool   // inside a heading
	place   string // its id

	cards map[*html.Node]bool // of the page
	card  int                 // how many were read

	rules      sheet           // of the page
	shortcodes map[string]bool // names of shortcodes that are opened in the document

	cited    *citations
	endnotes bool // inside the footnotes
}

// SkippedElements hold nothing that can be shown in a chat.
var SkippedElements = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true,
	atom.Head: true, atom.Canvas: true,
	atom.Select: true, atom.Textarea: true, atom.Map: true, atom.Link: true, atom.Meta: true, atom.Title: true,
	atom.Math: true, atom.Datalist: true, atom.Nav: true,
}

// blockElements end the paragraph before them.
var blockElements = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Main: true, atom.Header: true,
	atom.Footer: true, atom.Aside: true, atom.Figure: true, atom.Figcaption: true, atom.Address: true,
	atom.Details: true, atom.Center: true, atom.Dl: true, atom.Dd: true, atom.Fieldset: true, atom.Form: true,
	atom.Li: true, atom.Table: true, atom.Tbody: true, atom.Thead: true, atom.Tfoot: true, atom.Tr: true, atom.Td: true,
	atom.Th: true, atom.Caption: true, atom.Body: true, atom.Html: true, atom.Hgroup: true,
}

func (b *builder) walk(n *html.Node, s inlineStyle) {
	switch n.Type {
	case html.TextNode:
		b.words(n.Data, s)
	case html.CommentNode:
		b.noteComment(n)
	case html.DocumentNode:
		b.children(n, s)
	case html.ElementNode:
		if n.DataAtom == atom.Nav && isContents(n) {
			b.flush()
			b.add(contents(n))
			return
		}
		if SkippedElements[n.DataAtom] || isHidden(n) || b.rules.isOverlay(n) || b.isPermalink(n) || isForm(n) || b.isDeadButton(n, s) {
			b.noteSkipped(n)
			return
		}
		if b.cards[n] {
			b.readCard(n, s)
			return
		}
		b.element(n, s)
	}
}

// readCard reads a card: what stands in it is no part of the paragraphs around it.
func (b *builder) readCard(n *html.Node, s inlineStyle) {
	b.flush()
	before := len(b.out)
	b.element(n, s)
	b.flush()
	b.card++
	for i := range b.out[before:] {
		b.out[before+i].Card = b.card
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
		b.addHeading(n, s)
	case atom.P:
		b.paragraph(n, s)
	case atom.Blockquote:
		b.quotation(n, s)
	case atom.Ul, atom.Ol, atom.Menu:
		if b.endnotes {
			b.footnotes(n, s)
			return
		}
		b.list(n, s)
	case atom.Pre:
		b.code(n)
	case atom.Table:
		b.table(n, s)
	case atom.Hr:
		b.flush()
		b.add(Node{Block: digest.Block{Kind: Rule}})
	case atom.Br:
		if b.text.lineBreak() {
			b.flush()
		}
	case atom.Img:
		b.image(n, s)
	case atom.Dt, atom.Summary:
		b.term(n, s)
	case atom.Input, atom.Sup, atom.Sub, atom.Q:
		b.signs(n, s)
	default:
		b.generic(n, s)
	}
}

// signs shows elements that become signs in the text.
func (b *builder) signs(n *html.Node, s inlineStyle) {
	switch n.DataAtom {
	case atom.Input:
		b.checkbox(n, s)
	case atom.Q:
		b.words("“", s)
		b.children(n, s)
		b.text.close("”", s)
	default:
		b.script(n, s)
	}
}

// checkbox shows the box of a task list.
func (b *builder) checkbox(n *html.Node, s inlineStyle) {
	if attr(n, "type") == "checkbox" {
		b.text.write(map[bool]string{true: "☑ ", false: "☐ "}[hasAttr(n, "checked")], s)
	}
}

func (b *builder) generic(n *html.Node, s inlineStyle) {
	if isEmbed(n) {
		b.embed(n)
		return
	}
	if n.DataAtom == atom.A && isCitation(n) {
		b.cite(n, s)
		return
	}
	if !blockElements[n.DataAtom] {
		b.inlineElement(n, s)
		return
	}
	b.flush()
	before, notes := len(b.out), isFootnotes(n)
	b.endnotes = b.endnotes || notes
	b.children(n, b.styleOf(n, s))
	b.flush()
	if b.page && isPageFooter(n) {
		for i := range b.out[before:] {
			b.out[before+i].Foot = true
		}
	}
	if notes {
		b.endnotes = false
		for i := range b.out[before:] {
			b.out[before+i].Note = true
		}
	}
}

// isPageFooter reports whether an element is the footer of the page, and not of a part of it. In
// mails, which have no such elements, class or id say so.
func isPageFooter(n *html.Node) bool {
	if n.DataAtom == atom.Footer {
		return n.Parent != nil && (n.Parent.DataAtom == atom.Body || n.Parent.DataAtom == atom.Div)
	}
	return n.DataAtom != atom.Li && (saysFooter(attr(n, "class")) || saysFooter(attr(n, "id")))
}

func saysFooter(name string) bool {
	return strings.Contains(name, "ooter") && pageFooter().MatchString(name)
}

// pageFooter matches the names that designers give to the footer of a mail or a page.
var pageFooter = plain.Pattern(`(?i)(?:^|\s)(?:(?:template|page|site|main|email|mail|newsletter)[_-]?footer|footer(?:[_-]?(?:container|wrap|wrapper|content|text))?)(?:\s|$)`)

// followsLink reports whether a link comes straight after another one that leads elsewhere:
// pages set them apart, but in a text their words would run together.
func followsLink(n *html.Node) bool {
	before := n.PrevSibling
	return n.DataAtom == atom.A && before != nil && before.DataAtom == atom.A && attr(n, "href") != attr(before, "href") &&
		digest.HasWords(textOf(n)) && digest.HasWords(textOf(before))
}

// inlineElement reads an element that is a part of a line.
func (b *builder) inlineElement(n *html.Node, s inlineStyle) {
	switch {
	case followsNumber(n), followsLink(n):
		b.text.write(" ", s)
	case b.page && !b.text.isEmpty() && isPartOfLine(n):
		b.text.write(" · ", s)
	}
	inner := b.styleOf(n, s)
	if n.DataAtom == atom.A && inner.link == "" {
		b.noteLink(n)
	}
	b.children(n, inner)
}

// How many elements a line of parts has at most, and how wide it is, in columns.
const (
	maxParts     = 12
	maxPartsLine = 160
)

// isPartOfLine reports whether an element is one of the parts of a line that pages set apart by
// their style, such as number and date: elements with nothing between them, in one that has a class
// and no words of its own. Editors of mails cut up words like that, but give each piece a style.
func isPartOfLine(n *html.Node) bool {
	line := n.Parent
	if n.DataAtom != atom.Span || n.PrevSibling == nil || line == nil || line.DataAtom != atom.Div || attr(line, "class") == "" {
		return false
	}
	parts := 0
	for c := range line.ChildNodes() {
		if parts++; parts > maxParts {
			return false
		}
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" || c.Type == html.ElementNode && (c.DataAtom != atom.Span || attr(c, "style") != "") {
			return false
		}
	}
	return digest.HasWords(beginningOf(n)) && digest.Width(beginningOf(line)) <= maxPartsLine
}

// followsNumber reports whether bold text comes straight after a bold number in
// an element of its own: the number of an item, not a part of its title.
func followsNumber(n *html.Node) bool {
	before := n.PrevSibling
	if before == nil || styles[n.DataAtom] != digest.Bold || styles[before.DataAtom] != digest.Bold {
		return false
	}
	digits := strings.TrimSpace(textOf(before))
	return digits != "" && len(digits) <= 3 && strings.Trim(digits, "0123456789") == ""
}

func (b *builder) add(n Node) {
	if b.cited != nil && b.cited.top == b && len(b.cited.ids) > 0 {
		n.marks = &noteMarks{id: n.noteID(), cites: b.cited.ids}
		b.cited.ids = nil
	}
	b.out = append(b.out, n)
}

// flush ends the paragraph being collected.
func (b *builder) flush() {
	roles := b.text.roles
	spans := b.text.take()
	if b.markdown {
		spans = showReferences(spans)
	}
	if len(spans) > 0 && isShare(spans, roles) {
		b.notes.LeaveOut("links to share the text", digest.TextOf(spans))
		return
	}
	if len(spans) > 0 {
		b.add(Node{Block: digest.Block{Kind: digest.Paragraph, Spans: spans}, Roles: roles})
	}
}

func (b *builder) paragraph(n *html.Node, s inlineStyle) {
	b.flush()
	before := len(b.out)
	b.children(n, b.styleOf(n, s))
	b.flush()
	switch {
	case len(b.out) > before || !isBlank(n):
	case isDrawnRule(n):
		b.add(Node{Block: digest.Block{Kind: Rule}})
	case n.FirstChild != nil: // HTML makes a paragraph without any content of an end tag too many
		b.add(Node{Block: digest.Block{Kind: Blank}})
	}
}

// isBlank reports whether an element was written as a spacer: it holds nothing
// but white space and line breaks. An element with a picture or a film that is
// not shown is not blank.
func isBlank(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.Type == html.ElementNode && c.DataAtom == atom.Br:
		case c.Type == html.ElementNode && (c.DataAtom == atom.Span || c.DataAtom == atom.Strong || c.DataAtom == atom.B) && isBlank(c):
		default:
			return false
		}
	}
	return true
}

// sub reads the children of n on their own.
func (b *builder) sub(n *html.Node, s inlineStyle) *builder {
	inner := b.inside()
	inner.children(n, s)
	inner.flush()
	return inner
}

// inside returns a builder for a part of what b reads.
func (b *builder) inside() *builder {
	return &builder{base: b.base, quote: b.quote, lists: b.lists, markdown: b.markdown, heading: b.heading, place: b.place, shortcodes: b.shortcodes, rules: b.rules, page: b.page, notes: b.notes, cited: b.cited}
}

// NewHeading returns a heading with the words of a paragraph: on one line, and bold only as
// all headings are.
func NewHeading(words []digest.Span, level int) Node {
	spans := digest.WithoutStyle(digest.OneLine(words), digest.Bold)
	return Node{Block: digest.Block{Kind: digest.Heading, Spans: spans}, Level: level}
}

// Blocks returns the blocks of nodes that are shown.
func Blocks(nodes []Node) []digest.Block {
	var out []digest.Block
	for _, n := range nodes {
		if n.isShown() {
			out = append(out, n.Block)
		}
	}
	return out
}

// Shows reports whether any of the nodes is shown.
func Shows(nodes []Node) bool {
	for i := range nodes {
		if nodes[i].isShown() {
			return true
		}
	}
	return false
}

func (n *Node) isShown() bool { return n.Kind != Blank && n.Kind != Rule && n.Kind != Contents }

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

// oneLine returns a text with single spaces for white space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// beginningOf returns the text of an element, or enough of it to tell that it is no line.
func beginningOf(n *html.Node) string {
	var out strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			out.WriteString(c.Data[:min(len(c.Data), maxBeginning)])
		}
		if out.Len() >= maxBeginning {
			break
		}
	}
	return out.String()
}

// maxBeginning is longer, in bytes, than a line of parts.
const maxBeginning = 1024

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
