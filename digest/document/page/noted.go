package page

import (
	"strings"

	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Flaws of links and pictures.
var (
	emptyLink = &note.Flaw{One: "link leads nowhere", Many: "links lead nowhere",
		Cure: "readers see only the words; write the address, or no link"}
	innerPicture = &note.Flaw{One: "picture is not on the web", Many: "pictures are not on the web",
		Cure: "readers see none, for Telegram cannot fetch it from a document or a disk; put it on a web server"}
)

// noteLink notes a link that readers cannot follow. One to a place within the page is no
// mistake: it is of a table of contents or a footnote. Nor is one that leads nowhere on a
// whole page: it is a button of the page.
func (b *builder) noteLink(n *html.Node) {
	if !hasAttr(n, "href") {
		return
	}
	href := strings.TrimSpace(attr(n, "href"))
	scheme, _, _ := strings.Cut(href, ":")
	switch {
	case strings.HasPrefix(href, "#") && len(href) > 1:
		b.notes.LeaveOut("links to places within the page", href)
	case href == "", href == "#", strings.EqualFold(scheme, "javascript"), strings.EqualFold(href, "about:blank"):
		if words := plain.Title(textOf(n)); words != "" && !b.page {
			b.notes.Flawed(emptyLink, words)
		} else if words != "" {
			b.notes.LeaveOut("links that lead nowhere", words)
		}
	case b.base == nil && web.IsRelative(href):
		b.notes.LeaveOut("relative links", href)
	default:
		b.notes.LeaveOut("links that Telegram cannot follow", href)
	}
}

// notePicture notes a picture that cannot be shown.
func (b *builder) notePicture(n *html.Node) {
	src := strings.TrimSpace(attr(n, "src"))
	scheme, _, _ := strings.Cut(src, ":")
	switch {
	case src == "":
	case b.base == nil && web.IsRelative(src):
		b.notes.LeaveOut("relative pictures", src)
	case !b.page && (strings.EqualFold(scheme, "data") || strings.EqualFold(scheme, "file") || strings.EqualFold(scheme, "cid")):
		b.notes.Flawed(innerPicture, strings.ToLower(scheme)+":…")
	default:
		b.notes.LeaveOut("pictures that cannot be shown", src)
	}
}

// noteComment notes a comment in Markdown. Pages have many that mean nothing to an editor.
func (b *builder) noteComment(n *html.Node) {
	if b.markdown {
		b.notes.LeaveOut("comments", n.Data)
	}
}

// noteSkipped notes an element that is not shown, unless nobody would miss it.
func (b *builder) noteSkipped(n *html.Node) {
	switch {
	case !b.notes.AreAsked() || isBacklink(n):
	case isHidden(n) || b.rules.isOverlay(n):
		b.notes.LeaveOut("hidden elements", textOf(n))
	case n.DataAtom == atom.Button:
		b.notes.LeaveOut("buttons of the page", textOf(n))
	case isForm(n):
		b.notes.LeaveOut("forms", textOf(n))
	case !SkippedElements[n.DataAtom]:
		b.notes.LeaveOut("signs and links of a page beside its headings", textOf(n))
	case n.FirstChild != nil && n.DataAtom != atom.Title && n.DataAtom != atom.Head || hasAttr(n, "src"):
		b.notes.LeaveOut("<"+n.Data+">", attr(n, "src"))
	}
}
