package document

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var emptyLink = &flaw{one: "link leads nowhere", many: "links lead nowhere",
	cure: "readers see only the words; write the address, or no link"}

var innerPicture = &flaw{one: "picture is not on the web", many: "pictures are not on the web",
	cure: "readers see none, for Telegram cannot fetch it from a document or a disk; put it on a web server"}

// noteLink notes an element of a link that readers cannot follow. Links to places within the page
// are none: they are of tables of contents and footnotes. Those of whole pages that
// lead nowhere are buttons of the page, and no mistake.
func (b *builder) noteLink(n *html.Node) {
	if !hasAttr(n, "href") {
		return
	}
	href := strings.TrimSpace(attr(n, "href"))
	scheme, _, absolute := strings.Cut(href, ":")
	switch {
	case strings.HasPrefix(href, "#") && len(href) > 1:
		b.notes.leaveOut("links to places within the page", href)
	case href == "", href == "#", strings.EqualFold(scheme, "javascript"), strings.EqualFold(href, "about:blank"):
		if words := cleanTitle(textOf(n)); words != "" && !b.page {
			b.notes.flawed(emptyLink, words)
		} else if words != "" {
			b.notes.leaveOut("links that lead nowhere", words)
		}
	case b.base == nil && !absolute && !strings.ContainsAny(href, "{}*|<>"):
		b.notes.leaveOut("relative links", href)
	default:
		b.notes.leaveOut("links that Telegram cannot follow", href)
	}
}

// notePicture notes a picture that cannot be shown.
func (b *builder) notePicture(n *html.Node) {
	src := strings.TrimSpace(attr(n, "src"))
	scheme, _, absolute := strings.Cut(src, ":")
	switch {
	case src == "":
	case b.base == nil && !absolute && !strings.Contains(src, "{{"):
		b.notes.leaveOut("relative pictures", src)
	case !b.page && (strings.EqualFold(scheme, "data") || strings.EqualFold(scheme, "file") || strings.EqualFold(scheme, "cid")):
		b.notes.flawed(innerPicture, strings.ToLower(scheme)+":…")
	default:
		b.notes.leaveOut("pictures that cannot be shown", src)
	}
}

// noteSkipped notes an element that is not shown, unless nobody would miss it.
func (b *builder) noteSkipped(n *html.Node) {
	switch {
	case !b.notes.areAsked() || isBacklink(n):
	case isHidden(n):
		b.notes.leaveOut("hidden elements", textOf(n))
	case n.FirstChild != nil && n.DataAtom != atom.Title && n.DataAtom != atom.Head || hasAttr(n, "src"):
		b.notes.leaveOut("<"+n.Data+">", attr(n, "src"))
	}
}
