package document

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlPage is a page or a fragment of one.
type htmlPage struct {
	tags     int    // how many it has, with attributes
	markdown bool   // it was made of Markdown
	notes    *notes // what was decided, and why

	text string
	doc  *goquery.Document
}

// parsePage parses a page or a fragment of one. It refuses more tags than tags says.
func parsePage(text string, tags int) (*htmlPage, error) {
	tags, err := countHTML(text, tags)
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
	return &htmlPage{tags: tags, text: text, doc: goquery.NewDocumentFromNode(root)}, nil
}

// base returns the address against which addresses are resolved: the one that the page
// gives, which may itself be relative to base, else base.
func (p *htmlPage) base(base *url.URL) *url.URL {
	if href := p.doc.Find("base[href]").AttrOr("href", ""); href != "" {
		return baseURL(resolve(base, href))
	}
	return base
}

// nodes returns what the page shows, and counts what is left out because there is no base
// for its address. It takes apart the page, of which the head must have been read.
func (p *htmlPage) nodes(base *url.URL) ([]node, relatives) {
	shown := content(p.doc, p.notes)
	var left relatives
	if base == nil {
		left = countRelatives(shown)
	}
	b := &builder{base: base, markdown: p.markdown, shortcodes: openShortcodes(p.text), notes: p.notes, cited: &citations{}}
	b.cited.top = b
	b.page = !p.markdown && wholePage.MatchString(p.text[:min(len(p.text), 4096)])
	for _, n := range shown.Nodes {
		b.walk(n, inlineStyle{})
	}
	b.flush()
	return withoutKnownPlayers(b.out), left
}

// wholePage matches what only whole pages have.
var wholePage = regexp.MustCompile(`(?i)<!doctype|<html[\s>]`)

// pageHead is what the head of a page says.
type pageHead struct {
	meta    metadata
	title   string
	whole   string   // the title with all that stands beside it
	address *url.URL // where the page is published; nil: unknown
}

// head returns the title, date, picture and address that the head of the page gives.
func (p *htmlPage) head() pageHead {
	h := pageHead{meta: metadata{}}
	p.doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("property", s.AttrOr("name", s.AttrOr("itemprop", "")))
		h.meta.add(name, withoutMergeTags(s.AttrOr("content", "")))
	})
	h.address = baseURL(p.doc.Find("link[rel=canonical]").AttrOr("href", ""), h.meta.get("og:url"))
	h.title = h.meta.get("og:title", "twitter:title")
	if h1 := p.doc.Find("h1"); h.title == "" && h1.Length() != 1 {
		h.title = strings.Join(strings.Fields(withoutMergeTags(p.doc.Find("head title").First().Text())), " ")
	}
	h.whole = strings.Join(strings.Fields(p.doc.Find("head title").First().Text()), " ")
	h.meta.add("lang", p.doc.Find("html").AttrOr("lang", ""))
	h.readDate(p.doc)
	return h
}

// publicationTime selects the elements that say when a page was published.
const publicationTime = `time[itemprop=datePublished], time[pubdate], time.dt-published, time.published, time.entry-date, time.post-date`

// linkedDate matches the date of publication in the linked data of a page (schema.org
// in JSON-LD).
var linkedDate = regexp.MustCompile(`"datePublished"\s*:\s*"([^"]{1,40})"`)

// readDate takes the date of a page from what is meant for programs.
func (h *pageHead) readDate(doc *goquery.Document) {
	h.meta.add("datePublished", doc.Find(publicationTime).AttrOr("datetime", ""))
	doc.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		if m := linkedDate.FindStringSubmatch(s.Text()); m != nil && h.meta.get("datePublished") == "" {
			h.meta["datepublished"] = m[1]
		}
	})
	h.meta.add("time", doc.Find("time[datetime]").AttrOr("datetime", ""))
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
			case voidElements[atom.Lookup(name)]:
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
