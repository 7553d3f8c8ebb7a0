package document

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads a page or a fragment into nodes.
func (d *draft) readHTML(text string) error {
	tags, err := countHTML(text, d.tags)
	if err != nil {
		return err
	}
	d.tags -= tags
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser refuses more than 512 open elements. What a reader sees
		// does not depend on nesting that deep.
		root, err = html.Parse(strings.NewReader(flattenHTML(text)))
	}
	if err != nil {
		return fmt.Errorf("read HTML: %w", err)
	}
	doc := goquery.NewDocumentFromNode(root)
	if d.meta == nil {
		d.readHead(doc)
	}
	if d.base == nil {
		d.base = d.address
	}
	if href := doc.Find("base[href]").AttrOr("href", ""); href != "" {
		d.base = baseURL(resolve(d.base, href))
	}
	shown := content(doc, d.notes)
	if d.base == nil {
		d.relative = countRelatives(shown)
	}
	b := &builder{base: d.base, markdown: d.markdown, shortcodes: openShortcodes(text), notes: d.notes, cited: &citations{}}
	b.cited.top = b
	b.page = !d.markdown && wholePage.MatchString(text[:min(len(text), 4096)])
	for _, n := range shown.Nodes {
		b.walk(n, inlineStyle{})
	}
	b.flush()
	d.nodes = withoutKnownPlayers(b.out)
	return nil
}

// wholePage matches what only whole pages have.
var wholePage = regexp.MustCompile(`(?i)<!doctype|<html[\s>]`)

// readHead takes title, date, picture and address from a page's head.
func (d *draft) readHead(doc *goquery.Document) {
	d.meta, d.place = metadata{}, inHead
	doc.Find("meta[content]").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("property", s.AttrOr("name", s.AttrOr("itemprop", "")))
		d.meta.add(name, withoutMergeTags(s.AttrOr("content", "")))
	})
	if d.address == nil {
		d.address = baseURL(doc.Find("link[rel=canonical]").AttrOr("href", ""), d.meta.get("og:url"))
	}
	d.title = d.meta.get("og:title", "twitter:title")
	if h1 := doc.Find("h1"); d.title == "" && h1.Length() != 1 {
		d.title = strings.Join(strings.Fields(withoutMergeTags(doc.Find("head title").First().Text())), " ")
	}
	d.page = strings.Join(strings.Fields(doc.Find("head title").First().Text()), " ")
	d.meta.add("lang", doc.Find("html").AttrOr("lang", ""))
	d.readPageDate(doc)
}

// publicationTime selects the elements that say when a page was published.
const publicationTime = `time[itemprop=datePublished], time[pubdate], time.dt-published, time.published, time.entry-date, time.post-date`

// linkedDate matches the date of publication in the linked data of a page (schema.org
// in JSON-LD).
var linkedDate = regexp.MustCompile(`"datePublished"\s*:\s*"([^"]{1,40})"`)

// readPageDate takes the date of a page from what is meant for programs.
func (d *draft) readPageDate(doc *goquery.Document) {
	d.meta.add("datePublished", doc.Find(publicationTime).AttrOr("datetime", ""))
	doc.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		if m := linkedDate.FindStringSubmatch(s.Text()); m != nil && d.meta.get("datePublished") == "" {
			d.meta["datepublished"] = m[1]
		}
	})
	d.meta.add("time", doc.Find("time[datetime]").AttrOr("datetime", ""))
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

var voidElements = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}
