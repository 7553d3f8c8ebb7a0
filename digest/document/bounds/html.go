package bounds

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// formatting are the elements that a parser of HTML opens again in every block that
// follows, if they are not closed
// (html.spec.whatwg.org/multipage/parsing.html#the-list-of-active-formatting-elements).
var formatting = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Nobr: true,
	atom.S: true, atom.Small: true, atom.Strike: true, atom.Strong: true, atom.Tt: true, atom.U: true,
}

// scopes are the elements in which the end tag of an element around them is ignored.
// Written as <table/>, they are open all the same
// (html.spec.whatwg.org/multipage/parsing.html#has-an-element-in-scope).
var scopes = map[atom.Atom]bool{
	atom.Applet: true, atom.Caption: true, atom.Html: true, atom.Table: true, atom.Td: true, atom.Th: true, atom.Marquee: true,
	atom.Object: true, atom.Template: true, atom.Select: true,
}

// CountHTML refuses a page or fragment with more tags and attributes than tags says, or of
// which a parser would make more elements than MaxElements. It builds nothing. It returns
// the number of tags and attributes.
func CountHTML(text string, tags int) (int, error) {
	if len(text) > MaxText {
		return 0, ErrTooLong
	}
	c := htmlCounter{same: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(text))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		c.count(z, kind)
		switch {
		case c.tags > tags:
			return 0, &Error{What: fmt.Sprintf("more than %d HTML tags, attributes and slashes: give each issue a file of its own", tags)}
		case c.styles > maxOpenStyles, c.elements > MaxElements:
			return 0, &Error{What: "too many HTML elements such as <b> and <font> that are never closed, or <html> too often: close them"}
		}
	}
	return c.tags, nil
}

// htmlCounter counts at least as many elements as a parser makes of the same tags.
type htmlCounter struct {
	tags     int       // with attributes
	elements int       // with attributes
	open     []openTag // as they were written, including those that are never closed
	same     map[string]int
	styles   int // open formatting elements, with attributes: a parser opens them again in each block
	page     int // attributes of <html> and <body>: a parser looks through them at each such tag
	foreign  int // open <svg> and <math>
}

type openTag struct {
	name   string
	key    string // of a formatting element: the whole tag
	weight int    // what it adds to styles
}

func (c *htmlCounter) count(z *html.Tokenizer, kind html.TokenType) {
	switch kind {
	case html.StartTagToken, html.SelfClosingTagToken:
		token := z.Token()
		c.start(z, &token)
	case html.EndTagToken:
		token := z.Token()
		c.end(&token)
	default:
		text := z.Text()
		c.elements++
		c.tags += bytes.Count(text, []byte("/")) // each may be an address or a path
		if c.foreign > 0 && bytes.HasPrefix(text, []byte("[CDATA[")) {
			c.foreign += 1 << 30 // for good: only a parser knows where it ends
		}
	}
}

func (c *htmlCounter) start(z *html.Tokenizer, t *html.Token) {
	size := 1 + len(t.Attr)
	c.tags += size
	c.elements += size
	if formatting[t.DataAtom] {
		c.style(t, size)
		return
	}
	c.elements += c.styles
	if t.DataAtom == atom.Html || t.DataAtom == atom.Body {
		c.page += len(t.Attr)
		c.elements += c.page
	}
	if c.foreign > 0 {
		z.NextIsNotRawText()
	}
	if VoidElements[t.DataAtom] || t.Type == html.SelfClosingTagToken && !scopes[t.DataAtom] {
		return
	}
	if t.DataAtom == atom.Svg || t.DataAtom == atom.Math {
		c.foreign++
	}
	c.open = append(c.open, openTag{name: t.Data})
}

// style opens a formatting element. A parser keeps three elements that are alike, and a
// link ends the link before it.
func (c *htmlCounter) style(t *html.Token, size int) {
	tag := openTag{name: t.Data, key: "a"}
	if t.DataAtom != atom.A {
		tag.key = t.String()
	} else if c.same["a"] > 0 {
		c.elements += c.styles + adoptions
		size = 0
	}
	if c.same[tag.key] < 3 {
		tag.weight = size
	}
	c.same[tag.key]++
	c.styles += tag.weight
	c.open = append(c.open, tag)
}

// adoptions is how many elements an end tag in the wrong place may copy
// (html.spec.whatwg.org/multipage/parsing.html#adoption-agency-algorithm).
const adoptions = 32

// end closes the tag that was opened last, if the names are the same. A parser may ignore
// any other end tag.
func (c *htmlCounter) end(t *html.Token) {
	c.tags++
	c.elements++
	last := len(c.open) - 1
	if last < 0 || c.open[last].name != t.Data {
		c.elements += c.styles
		if formatting[t.DataAtom] {
			c.elements += adoptions
		}
		return
	}
	tag := c.open[last]
	c.open = c.open[:last]
	switch {
	case tag.key != "":
		c.same[tag.key]--
		c.styles -= tag.weight
		return
	case t.DataAtom == atom.Svg || t.DataAtom == atom.Math:
		c.foreign--
	}
	c.elements += c.styles
}

// VoidElements are the elements that have no end tag and hold nothing.
var VoidElements = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}
