// Package page reads pages and fragments of HTML.
//
// [Parse] parses one. [Page.Head] returns what its head says, and [Page.Nodes] what it
// shows: blocks in reading order, without what surrounds the text of a page or is not seen.
package page

import (
	"fmt"
	"net/url"
	"strings"

	"digestbot/digest/dates"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/cards"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is a page or a fragment of one.
type Page struct {
	Tags     int        // how many it has, with attributes
	Markdown bool       // it was made of Markdown
	Notes    *note.List // what was decided, and why

	text string
	doc  *goquery.Document

	above      string
	linesAbove []string
}

// Parse parses a page or a fragment of one. It refuses more tags than tags says.
func Parse(text string, tags int) (*Page, error) {
	tags, err := bounds.CountHTML(text, tags)
	if err != nil {
		return nil, err
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser refuses more than 512 open elements. What a reader sees
		// does not depend on nesting that deep.
		root, err = html.Parse(strings.NewReader(flattenHTML(text)))
	}
	if err != nil {
		return nil, fmt.Errorf("read HTML: %w", err)
	}
	return &Page{Tags: tags, text: text, doc: goquery.NewDocumentFromNode(root)}, nil
}

// Find returns the elements that a CSS selector matches, in the order of the page.
func (p *Page) Find(selector string) *goquery.Selection { return p.doc.Find(selector) }

// Base returns the address against which addresses are resolved: the one that the page
// gives, which may itself be relative to base, else base.
func (p *Page) Base(base *url.URL) *url.URL {
	if href := p.doc.Find("base[href]").AttrOr("href", ""); href != "" {
		return web.Base(web.Resolve(base, href))
	}
	return base
}

// Nodes returns what the page shows, and counts what is left out because there is no base
// for its address. It takes apart the page, of which the head must have been read.
func (p *Page) Nodes(base *url.URL) ([]Node, Relatives) {
	shown := content(p.doc, p.Notes)
	if !p.Markdown {
		for _, n := range shown.Nodes {
			removeTagLists(n, base, p.Notes)
		}
	}
	p.readAbove(shown)
	var left Relatives
	if base == nil {
		left = countRelatives(shown)
	}
	b := &builder{out: make([]Node, 0, countBlocks(shown)), base: base, markdown: p.Markdown, shortcodes: openShortcodes(p.text), notes: p.Notes, cited: &citations{}}
	b.cited.top = b
	if !p.Markdown && strings.Contains(p.text, "<style") {
		b.rules = readSheet(p.doc.Find("style").Text())
	}
	b.page = !p.Markdown && wholePage().MatchString(p.text[:min(len(p.text), 4096)])
	for _, n := range shown.Nodes {
		if !p.Markdown {
			b.cards = cards.Find(n)
		}
		b.walk(n, inlineStyle{})
	}
	b.flush()
	if b.card > 0 {
		p.Notes.Say(note.Items, "%d elements of one structure with a title and a link: each is an item", b.card)
	}
	return p.withoutFiling(b.withoutProfiles(withoutKnownPlayers(b.out))), left
}

// countBlocks returns about how many nodes a document has, so that there is room for them from
// the start: nodes are large, and a document may have thousands.
func countBlocks(shown *goquery.Selection) (n int) {
	for _, root := range shown.Nodes {
		for inner := range root.Descendants() {
			if blockElements[inner.DataAtom] || inner.DataAtom == atom.Dt || isHeadingElement(inner) {
				n++
			}
		}
	}
	return n + 1
}

// wholePage matches what only whole pages have.
var wholePage = plain.Pattern(`(?i)<!doctype|<html[\s>]`)

// Head is what the head of a page says.
type Head struct {
	Meta    fields.Metadata
	Title   string
	Whole   string   // the title with all that stands beside it
	Teaser  string   // hidden above the text of a mail: what a list of mails shows
	Address *url.URL // where the page is published; nil: unknown
}

// Head returns the title, date, picture and address that the head of the page gives.
func (p *Page) Head() Head {
	h := Head{Meta: fields.Metadata{}}
	p.doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("property", s.AttrOr("name", s.AttrOr("itemprop", "")))
		h.Meta.Add(name, withoutMergeTags(s.AttrOr("content", "")))
	})
	h.Address = web.Base(p.doc.Find("link[rel=canonical]").AttrOr("href", ""), h.Meta.Get("og:url"))
	h.Title = h.Meta.Get("og:title", "twitter:title")
	title := p.doc.Find("head title").First().Text()
	if h1 := p.doc.Find("h1"); h.Title == "" && (h1.Length() != 1 || isSiteName(h1)) {
		h.Title = oneLine(withoutMergeTags(title))
	}
	h.Whole = oneLine(title)
	h.Teaser = teaserOf(p.doc.Find("body"))
	h.Meta.Add("lang", p.doc.Find("html").AttrOr("lang", ""))
	h.readDate(p.doc)
	return h
}

// isSiteName reports whether a heading is the name of the site, and not of the page: all of
// it leads to the front page.
func isSiteName(heading *goquery.Selection) bool {
	link := heading.Find("a[href]")
	if link.Length() != 1 || oneLine(link.Text()) != oneLine(heading.Text()) {
		return false
	}
	u, err := url.Parse(strings.TrimSpace(link.AttrOr("href", "")))
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && (u.Host != "" || u.Path == "/")
}

// publicationTime selects the elements that say when a page was published.
const publicationTime = `time[itemprop=datePublished], time[pubdate], time.dt-published, time.published, time.entry-date, time.post-date`

// linkedDate matches the date of publication in the linked data of a page (schema.org
// in JSON-LD).
var linkedDate = plain.Pattern(`"datePublished"\s*:\s*"([^"]{1,40})"`)

// readDate takes the date of a page from what is meant for programs.
func (h *Head) readDate(doc *goquery.Document) {
	h.Meta.Add("datePublished", timeOf(doc, publicationTime))
	doc.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		if m := linkedDate().FindStringSubmatch(s.Text()); m != nil && h.Meta.Get("datePublished") == "" {
			h.Meta["datepublished"] = m[1]
		}
	})
	h.Meta.Add("time", timeOf(doc, "time[datetime]"))
}

// timeOf returns what the first element says that a selector finds: within the text of the
// page, since those beside it are of other pages. The day that a reader sees counts, if
// there is one, because the other one may be that of another zone.
func timeOf(doc *goquery.Document, selector string) string {
	found := doc.Find(selector)
	if within := doc.FindMatcher(anyMain).Find(selector); within.Length() > 0 {
		found = within
	}
	shown := oneLine(found.First().Text())
	if !dates.In(shown).IsZero() {
		return shown
	}
	return found.AttrOr("datetime", "")
}

// maxOpenElements is how deep flattened markup is nested, far below the limit of
// the parser.
const maxOpenElements = 200

// flattenHTML drops the tags of elements that are nested too deep, and keeps
// their text.
func flattenHTML(text string) string {
	var out strings.Builder
	depth, dropped := 0, 0
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.StartTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			switch {
			case bounds.VoidElements[atom.Lookup(name)]:
				out.WriteString(raw)
			case depth >= maxOpenElements:
				dropped++
			default:
				depth++
				out.WriteString(raw)
			}
		case html.EndTagToken:
			if dropped > 0 {
				dropped--
				continue
			}
			depth = max(depth-1, 0)
			out.Write(z.Raw())
		default:
			out.Write(z.Raw())
		}
	}
}
