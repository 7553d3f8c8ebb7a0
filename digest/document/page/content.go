package page

import (
	"strings"

	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// minArticle is the share of a page's text, without its header and footer, that an article
// element must hold to be taken for the issue: an article that is only a teaser holds less.
const minArticle = 0.4

// articles are the elements that hold the text of a page, the surest first.
var articles = []string{"article", "main", "[role=main]", "[itemprop=articleBody]", ".post-content", ".entry-content", ".article-content",
	".gh-content", ".markdown-body", ".mw-parser-output", ".available-content", ".post-body"}

// Compiled once: most documents have none of them.
var (
	anyArticle    = goquery.Single(strings.Join(articles, ", "))
	anyMain       = goquery.Single("article, main, [role=main]")
	anyNavigation = goquery.Single(navigation)
)

const navigation = "nav, [role=navigation], [role=search]"

// content returns the part of a page that holds the issue.
func content(doc *goquery.Document, n *note.List) *goquery.Selection {
	body := doc.Find("body")
	start := skipTarget(body)
	if body.FindMatcher(anyNavigation).Length() > 0 {
		removeAll(n, "navigation of the page", body.Find(navigation).FilterFunction(isNoContents))
	}
	if body.FindMatcher(anyMain).Length() > 0 {
		removeAll(n, "texts beside that of the page", body.Find("aside, [role=complementary]").FilterFunction(isOfPage))
	}
	removeFurniture(body, n)
	if body.FindMatcher(anyArticle).Length() > 0 {
		for _, selector := range articles {
			if found := body.Find(selector); holdsText(found, body, "<"+selector+">", n) {
				return found
			}
		}
	}
	if holdsText(start, body, "to which its first link skips", n) {
		return start
	}
	return body
}

// holdsText reports whether an element, which what describes, holds the text of a page, and
// notes how much stands beside it.
func holdsText(element, body *goquery.Selection, what string, n *note.List) bool {
	if element.Length() != 1 {
		return false
	}
	size, total := textSize(element), textSize(body)
	around := textSize(body.Find("header, footer").FilterFunction(isOfPage))
	if float64(size) < minArticle*float64(total-around) {
		return false
	}
	if rest := total - size; rest > 0 {
		n.Say(note.LeftOut, "what stands beside the text of the page, %s: %d characters", what, rest)
	}
	return true
}

// skipTarget returns the element to which the first link within a page leads, if its id
// says that it is the text: it is there for readers who cannot look past the menus. Entries
// of tables of contents lead to headings.
func skipTarget(body *goquery.Selection) *goquery.Selection {
	id, ok := strings.CutPrefix(body.Find(`a[href^="#"]`).First().AttrOr("href", ""), "#")
	if !ok || !textID().MatchString(id) {
		return &goquery.Selection{}
	}
	return body.Find("div, section, td").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("id", "") == id })
}

// textID matches the ids of elements that hold the text of a page.
var textID = plain.Pattern(`(?i)^(?:site|page|skip|to)?[_-]?(?:main|content|primary)[_-]?(?:content|area|inner|wrapper|start|column)?$`)

// isNoContents reports whether an element for navigation leads to other pages, and is not
// the table of contents of this one.
func isNoContents(_ int, s *goquery.Selection) bool { return !isContents(s.Nodes[0]) }

// removeAll removes elements from a page, and notes what kind they are.
func removeAll(n *note.List, what string, elements *goquery.Selection) {
	if n.AreAsked() {
		for _, element := range elements.Nodes {
			n.LeaveOut(what, textOf(element))
		}
	}
	elements.Remove()
}

func textSize(s *goquery.Selection) int { return len(strings.TrimSpace(s.Text())) }

// isOfPage reports whether an element stands beside the text of a page, and not
// within it.
func isOfPage(_ int, s *goquery.Selection) bool {
	for n := s.Nodes[0].Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Article || n.DataAtom == atom.Main || attr(n, "role") == "main" {
			return false
		}
	}
	return true
}

// furniture are the classes that site generators give to what surrounds the text
// of a page: WordPress, MediaWiki, Sphinx, Docusaurus and others.
var furniture = map[string]bool{
	"sidebar": true, "breadcrumb": true, "breadcrumbs": true, "pagination": true, "navbar": true, "nav-links": true,
	"post-navigation": true, "site-navigation": true, "skip-link": true, "screen-reader-text": true, "sr-only": true, "visually-hidden": true,
	"sharedaddy": true, "jp-relatedposts": true, "addtoany_share_save_container": true, "comments-area": true,
	"sphinxsidebar": true, "toc": true, "catlinks": true, "printfooter": true, "navbox": true, "noprint": true, "mw-jump-link": true,
	"table-of-contents": true, "theme-doc-toc-mobile": true, "subscription-widget-wrap": true, "subscription-widget-wrap-editor": true,
	"author-card": true, "article-tags": true, "post-tags": true, "tags-links": true, "share-box": true, "edit-page": true,
	"subscribe-widget": true, "kg-signup-card": true, "preheader": true, "preview-text": true, "mcnPreviewText": true,
}

// furnitureWords are parts of such classes, as in "post-toc" and "related__posts".
var furnitureWords = map[string]bool{"toc": true, "related": true}

// furnitureIDs are such ids. Other elements have ids that are made of headings.
var furnitureIDs = map[string]bool{"toc": true, "sidebar": true, "siteSub": true, "catlinks": true, "comments": true, "mw-navigation": true}

// maxFurniture is the share of a page's text that furniture may hold: a page
// whose whole text stands in a "sidebar" means something else by the word.
const maxFurniture = 0.3

// removeFurniture takes out of a page what its classes say is no part of its text.
func removeFurniture(body *goquery.Selection, notes *note.List) {
	for _, n := range body.Nodes {
		limit := int(maxFurniture * float64(markFurniture(n, nil, 0)))
		var marked []*html.Node
		markFurniture(n, &marked, limit)
		for _, m := range marked {
			if m.Parent != nil {
				if notes.AreAsked() {
					notes.LeaveOut("furniture of the page, by its class", textOf(m))
				}
				m.Parent.RemoveChild(m)
			}
		}
	}
}

// markFurniture returns the size of the text of n, and appends to marked the
// elements of furniture whose text is not longer than limit.
func markFurniture(n *html.Node, marked *[]*html.Node, limit int) int {
	size, before := 0, 0
	if marked != nil {
		before = len(*marked)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			size += len(strings.TrimSpace(c.Data))
		case html.ElementNode:
			if c.DataAtom != atom.Script && c.DataAtom != atom.Style {
				size += markFurniture(c, marked, limit)
			}
		}
	}
	if marked != nil && size <= limit && isFurniture(n) {
		*marked = append((*marked)[:before], n) // with all that is within it
	}
	return size
}

// isFurniture reports whether a class or the id of an element says that it is
// furniture.
func isFurniture(n *html.Node) bool {
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if furniture[class] {
			return true
		}
		for word := range strings.FieldsFuncSeq(class, func(r rune) bool { return r == '-' || r == '_' }) {
			if furnitureWords[word] {
				return true
			}
		}
	}
	return n.DataAtom == atom.Div && furnitureIDs[attr(n, "id")] && attr(n, "class") != "section"
}
