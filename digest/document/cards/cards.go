// Package cards finds the cards of a page: elements of one structure that come back, each with
// one title, one link that it is about, and a little text. Designers set the entries of a page
// or a mail like this, whatever they call their classes, so it tells items from sections where
// headings do not: the name of a section stands outside of the cards.
//
// [Find] looks at the whole page at once, as programs do that learn the template of a site from
// a page. It takes time in proportion to the size of the page.
package cards

import (
	"strings"
	"unicode"

	"digestbot/digest"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// minCards is how many elements of one structure there must be. Two may be alike by chance.
const minCards = 3

// maxTopic is how wide, in columns, a title is at most that could as well name a section.
const maxTopic = 36

// Find returns the cards within an element. None holds another one.
func Find(root *html.Node) map[*html.Node]bool {
	if !hasHeadings(root) {
		return nil
	}
	f := finder{groups: map[structures]*group{}, around: map[*html.Node][]candidate{}}
	f.look(root, false)
	if len(f.titles) < minCards {
		return nil
	}
	found := map[*html.Node]bool{}
	for _, title := range f.titles {
		if card := f.cardOf(title); card != nil {
			found[card] = true
		}
	}
	return found
}

// cardOf returns the largest element around a title that is a card, or nil.
func (f *finder) cardOf(title *html.Node) *html.Node {
	var card *html.Node
	for _, c := range f.around[title] {
		if c.group.areCards() {
			card = c.element
		}
	}
	return card
}

type finder struct {
	groups map[structures]*group
	titles []*html.Node               // that an element may be the card of
	around map[*html.Node][]candidate // by title, the innermost first
}

// candidate is an element that would be a card if there were more of its structure.
type candidate struct {
	element *html.Node
	group   *group
}

// group counts the elements of one structure, by their titles.
type group struct {
	last   *html.Node // the last title: elements within each other have the same
	titles int
	leads  int // of those, the ones with a link that the card is about
	topics int // that are no links, and could be names of sections
}

// areCards reports whether the elements of a group are cards: there are several, nearly all have
// a link that they are about, and the titles are those of stories.
func (g *group) areCards() bool {
	return g.titles >= minCards && 5*g.leads >= 4*g.titles && 2*g.topics <= g.titles
}

// part says what an element has in it.
type part struct {
	title  *html.Node // the first heading of the highest level
	level  int        // that level
	peers  int        // how many headings have it
	linked bool       // the title is a link
	topic  bool       // it could as well be the name of a section

	text, inLinks int    // characters of words, without those of headings; how many are in links
	blocks        bool   // it has elements that are paragraphs
	links         int    // outside of headings
	call          string // where the line leads that is nothing but a link, such as "Read more"
	calls         int    // how many such lines there are that lead elsewhere than the one before
	listing       bool   // it has several links in a list or in elements of one structure
}

// look returns what an element has in it, and notes whether it may be a card. inLink says that a
// link is around it.
func (f *finder) look(n *html.Node, inLink bool) part {
	switch {
	case n.Type == html.TextNode:
		p := part{text: countWords(n.Data)}
		if inLink {
			p.inLinks = p.text
		}
		return p
	case n.Type != html.ElementNode && n.Type != html.DocumentNode, isSkipped(n):
		return part{}
	}
	if level := headingLevel(n); level > 0 {
		return part{title: n, level: level, peers: 1, linked: inLink || hasLink(n), topic: isTopic(textOf(n)), blocks: true}
	}
	return f.lookAround(n, inLink)
}

// lookAround returns the same of an element that is no heading.
func (f *finder) lookAround(n *html.Node, inLink bool) part {
	isLink := n.DataAtom == atom.A && href(n) != ""
	p := f.lookInto(n, inLink || isLink)
	p.linked = p.linked || isLink && p.title != nil
	if isLink && p.title == nil {
		p.links++
		p.call = href(n)
	}
	if isBlock(n) {
		p.endLine()
	}
	if isContainer(n) || isLink {
		f.note(n, p)
	}
	return p
}

// lookInto returns what the children of an element have in them.
func (f *finder) lookInto(n *html.Node, inLink bool) part {
	var all part
	before, same := structure{}, 0 // the structure of the child before, and how many in a row have it and a link
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p := f.look(c, inLink)
		all.add(p)
		if c.Type != html.ElementNode || c.DataAtom == atom.P || !isBlock(c) || p.links == 0 {
			continue
		}
		if s := structureOf(c); s == before {
			same++
		} else {
			before, same = s, 1
		}
		all.listing = all.listing || same > 1
	}
	return all
}

// add adds what stands behind the rest.
func (p *part) add(next part) {
	switch {
	case next.title == nil || p.title != nil && p.level < next.level:
	case p.title == nil || next.level < p.level:
		p.title, p.level, p.peers, p.linked, p.topic = next.title, next.level, next.peers, next.linked, next.topic
	default:
		p.peers += next.peers
	}
	if next.calls > 0 && (p.text == 0 || p.call != next.call) {
		p.calls++
	}
	if next.call != "" {
		p.call = next.call
	}
	p.calls += max(next.calls-1, 0)
	p.text += next.text
	p.inLinks += next.inLinks
	p.links += next.links
	p.blocks = p.blocks || next.blocks
	p.listing = p.listing || next.listing
}

// endLine ends a paragraph: one of which all words are a link is a call.
func (p *part) endLine() {
	if !p.blocks && p.text > 0 && p.text == p.inLinks && p.links == 1 {
		p.calls = 1
	}
	p.blocks = true
}

// note notes an element that may be a card: it has one title, and text besides, and is no list.
func (f *finder) note(n *html.Node, p part) {
	if p.title == nil || p.peers != 1 || p.text == 0 || p.listing {
		return
	}
	key := structures{structureOf(n.Parent), structureOf(n)}
	g := f.groups[key]
	if g == nil {
		g = &group{}
		f.groups[key] = g
	}
	if _, known := f.around[p.title]; !known {
		f.titles = append(f.titles, p.title)
	}
	f.around[p.title] = append(f.around[p.title], candidate{n, g})
	if g.last == p.title {
		return
	}
	g.last = p.title
	g.titles++
	if p.linked || p.calls == 1 {
		g.leads++
	}
	if p.topic && !p.linked {
		g.topics++
	}
}

// isTopic reports whether a title could as well be the name of a section.
func isTopic(title string) bool {
	return digest.Width(title) <= maxTopic && !strings.ContainsFunc(title, unicode.IsNumber)
}

// structure is what is alike in elements that a template makes: the name and the first class
// without its digits, which are often those of an entry.
type structure struct{ name, class string }

// structures are those of an element and of the one around it.
type structures struct{ outer, inner structure }

// maxClass is how much of the class of an element is compared, in bytes: elements are many.
const maxClass = 64

func structureOf(n *html.Node) structure {
	if n == nil {
		return structure{}
	}
	class := strings.TrimSpace(attr(n, "class"))
	class, _, _ = strings.Cut(class[:min(len(class), maxClass)], " ")
	return structure{n.Data, strings.TrimRight(class, "0123456789-_")}
}
