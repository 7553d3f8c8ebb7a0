package page

import (
	"fmt"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/web"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Relatives counts what is left out because it is relative to an address that nobody knows.
type Relatives struct{ pictures, links int }

// countRelatives counts the relative pictures and links of a document without an address,
// where it is shown.
func countRelatives(content *goquery.Selection) Relatives {
	var r Relatives
	for _, root := range content.Nodes {
		r.count(&builder{}, root)
	}
	return r
}

func (r *Relatives) count(b *builder, n *html.Node) {
	if SkippedElements[n.DataAtom] || isHidden(n) || b.isPermalink(n) {
		return
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		b = &builder{heading: true}
	case atom.A:
		if web.IsRelative(attr(n, "href")) {
			r.links++
		}
	case atom.Img:
		if isRelativePicture(n) {
			r.pictures++
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.count(b, c)
	}
}

func isRelativePicture(n *html.Node) bool {
	return web.IsRelative(attr(n, "src")) && pictureAddress(nil, n) == "" && !isTiny(n) &&
		!strings.Contains(attr(n, "class"), "emoji") && !digest.IsEmoji(strings.TrimSpace(attr(n, "alt")))
}

// Warning says what is left out; "" if that is nothing.
func (r Relatives) Warning() string {
	var what []string
	for _, kind := range []struct {
		n    int
		name string
	}{{r.pictures, "picture"}, {r.links, "link"}} {
		switch {
		case kind.n == 1:
			what = append(what, "1 "+kind.name)
		case kind.n > 1:
			what = append(what, fmt.Sprintf("%d %ss", kind.n, kind.name))
		}
	}
	are, they := "are", "they are"
	switch r.pictures + r.links {
	case 0:
		return ""
	case 1:
		are, they = "is", "it is"
	}
	return fmt.Sprintf("%s %s relative, and the document has no address: %s left out; give it one, such as `link: https://…` in its front matter",
		strings.Join(what, " and "), are, they)
}
