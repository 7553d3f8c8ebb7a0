package page

import (
	"slices"
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Footnotes stand at the end of a document, but belong to the sections that cite them: a
// reader who gets only some of the sections gets their notes.

// citations collects which footnotes the text cites.
type citations struct {
	top *builder // of the whole document
	ids []string // since its last node
}

// isCitation reports whether a link leads to a footnote.
func isCitation(n *html.Node) bool {
	href := attr(n, "href")
	if !strings.HasPrefix(href, "#") || len(href) < 2 {
		return false
	}
	return n.Parent != nil && n.Parent.DataAtom == atom.Sup || hasClass(n, "footnote-ref") || attr(n, "role") == "doc-noteref"
}

// cite shows the number of a footnote in brackets.
func (b *builder) cite(n *html.Node, s inlineStyle) {
	b.text.write("["+strings.Trim(strings.TrimSpace(textOf(n)), "[]")+"]", s)
	if b.cited != nil {
		b.cited.ids = append(b.cited.ids, attr(n, "href")[1:])
	}
}

// isFootnotes reports whether an element holds the footnotes of the document.
func isFootnotes(n *html.Node) bool {
	return hasClass(n, "footnotes") || attr(n, "role") == "doc-endnotes" || hasAttr(n, "data-footnotes")
}

// isBacklink reports whether an element leads back from a footnote to the text.
func isBacklink(n *html.Node) bool {
	class := attr(n, "class")
	return strings.Contains(class, "footnote-back") || strings.Contains(class, "reversefootnote") || attr(n, "role") == "doc-backlink"
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

// footnotes adds a list with one entry for each footnote.
func (b *builder) footnotes(n *html.Node, s inlineStyle) {
	b.flush()
	list := digest.Block{Kind: digest.List, Ordered: n.DataAtom == atom.Ol, Start: 1}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			continue
		}
		inner := b.inside()
		inner.lists++
		inner.children(c, s)
		inner.flush()
		if blocks := Blocks(inner.out); len(blocks) > 0 {
			one := list
			one.Entries = [][]digest.Block{blocks}
			b.add(Node{Block: one, Note: true, marks: &noteMarks{id: attr(c, "id")}})
		}
		list.Start++
	}
}

// noteMarks is what few nodes have: their part in footnotes.
type noteMarks struct {
	id    string   // of a footnote
	cites []string // the footnotes that the node cites
}

// noteID returns the id of a footnote; empty: the node has none.
func (n *Node) noteID() string {
	if n.marks == nil {
		return ""
	}
	return n.marks.id
}

// citations returns the footnotes that a node cites.
func (n *Node) citations() []string {
	if n.marks == nil {
		return nil
	}
	return n.marks.cites
}

// maxNotesAgain is how wide the footnotes may be, in columns, that are shown in more than one
// section.
const maxNotesAgain = 8 << 10

// Footnotes has the footnotes that are cited.
type Footnotes struct {
	notes  []Node
	byID   map[string]int
	placed []bool
	copied int // the width of those shown again
}

// CutFootnotes takes the footnotes that are cited out of a document, and headings and rules
// above them.
func CutFootnotes(nodes []Node) ([]Node, *Footnotes) {
	cited := map[string]bool{}
	for _, n := range nodes {
		for _, id := range n.citations() {
			cited[id] = true
		}
	}
	t := &Footnotes{byID: map[string]int{}}
	if len(cited) == 0 {
		return nodes, t
	}
	rest := make([]Node, 0, len(nodes))
	for _, n := range nodes {
		switch {
		case n.Note && cited[n.noteID()]:
			t.byID[n.noteID()] = len(t.notes)
			t.notes = append(t.notes, n)
		case n.Note && (n.Kind == digest.Heading || n.Kind == Rule):
		default:
			rest = append(rest, n)
		}
	}
	t.placed = make([]bool, len(t.notes))
	return rest, t
}

// Place returns nodes with the footnotes behind them that they cite, and that these cite. A
// note that several sections cite stands in each, if it is short.
func (t *Footnotes) Place(heading *Node, nodes []Node) []Node {
	var found []int
	add := func(n Node) {
		for _, id := range n.citations() {
			if i, ok := t.byID[id]; ok && !slices.Contains(found[max(0, len(found)-maxNotes):], i) && t.mayPlace(i) {
				found = append(found, i)
			}
		}
	}
	if heading != nil {
		add(*heading)
	}
	for _, n := range nodes {
		add(n)
	}
	for next := 0; next < len(found); next++ {
		add(t.notes[found[next]])
	}
	if len(found) == 0 {
		return nodes
	}
	slices.Sort(found)
	out := slices.Clip(nodes)
	for _, i := range slices.Compact(found) {
		out = appendNote(out, t.notes[i])
	}
	return out
}

// maxNotes is how many footnotes are looked through for one that was found before.
const maxNotes = 50

func (t *Footnotes) mayPlace(i int) bool {
	if !t.placed[i] {
		t.placed[i] = true
		return true
	}
	t.copied += digest.BlocksWidth([]digest.Block{t.notes[i].Block}) + 1
	return t.copied <= maxNotesAgain
}

// appendNote adds a footnote to the list of those before it if their numbers follow each
// other.
func appendNote(nodes []Node, note Node) []Node {
	if last := len(nodes) - 1; last >= 0 && nodes[last].Note && nodes[last].Start+len(nodes[last].Entries) == note.Start {
		nodes[last].Entries = append(slices.Clip(nodes[last].Entries), note.Entries...)
		return nodes
	}
	return append(nodes, note)
}
