package document

import (
	"fmt"
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
)

// flaw is a kind of mistake in a document that readers notice: what is wrong, for one
// and for several, and what to do about it.
type flaw struct {
	one, many string
	cure      string
}

// The flaws that are found while a document is read, besides relative addresses.
var (
	emptyLink = &flaw{one: "link leads nowhere", many: "links lead nowhere",
		cure: "readers see only the words; write the address, or no link"}
	innerPicture = &flaw{one: "picture is not on the web", many: "pictures are not on the web",
		cure: "readers see none, for Telegram cannot fetch it from a document or a disk; put it on a web server"}
)

// found is how often a flaw was met, and the first place.
type found struct {
	flaw    *flaw
	count   int
	example string
}

// flawed notes a mistake of which the editor is warned, once for each kind.
func (n *notes) flawed(f *flaw, example string) {
	if n == nil {
		return
	}
	n.leaveOut(f.many, example)
	for i := range n.flaws {
		if n.flaws[i].flaw == f {
			n.flaws[i].count++
			return
		}
	}
	n.flaws = append(n.flaws, found{f, 1, example})
}

func (f found) String() string {
	text := fmt.Sprintf("%d %s", f.count, f.flaw.many)
	if f.count == 1 {
		text = "1 " + f.flaw.one
	}
	if example := digest.ShortenCharacters(cleanTitle(f.example[:min(len(f.example), 8*maxExample)]), maxExample); example != "" {
		text += fmt.Sprintf(", such as %q", example)
	}
	return text + ": " + f.flaw.cure
}

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
