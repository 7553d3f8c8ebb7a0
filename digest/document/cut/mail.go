package cut

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"
)

// Mail leaves out of a document what belongs to the mail that it was, and
// returns the credits at its end: who sent it, and from where. A document that was
// no mail has none of it and stays as it is.
func Mail(nodes []page.Node, html bool) ([]page.Node, []digest.Block) {
	nodes = markContents(nodes)
	markButtons(nodes)
	nodes, foot := cutFoot(cleanTop(nodes, html), html)
	if html {
		nodes = settleCards(raiseLabels(joinTitles(raiseLargeLines(nodes))))
	}
	return outline.JoinPictures(nodes), foot
}

// MaxTop is how many nodes at the beginning of a document may be furniture.
const MaxTop = 16

// cleanTop leaves out what mails have above their text: a link to the page that
// they also are, a word to those who were passed them on, menus and logos.
func cleanTop(nodes []page.Node, html bool) []page.Node {
	out := nodes[:0:0]
	text := false // text was seen
	for i, n := range nodes {
		if i >= MaxTop || n.Kind == digest.List || n.Kind == digest.Heading && text {
			return append(out, nodes[i:]...)
		}
		if !text && isLogo(n) {
			if n.URL == "" || html && saysLogo(n) {
				continue
			}
			n.Spans = nil
		}
		if n.Kind == digest.Paragraph {
			if n.Spans = topLines(n); len(n.Spans) == 0 {
				continue
			}
		}
		text = text || n.Kind == digest.Paragraph || n.Kind == digest.Heading
		out = append(out, n)
	}
	return out
}

// topLines returns the lines of a paragraph above the text that are no furniture.
func topLines(n page.Node) []digest.Span {
	if text := digest.TextOf(n.Spans); digest.Width(text) > maxFurnitureLine && !strings.Contains(text, "\n") {
		return n.Spans
	}
	if isNavigation(n) {
		return nil
	}
	return withoutLines(n.Spans, func(line string) bool {
		return isTopLine(line) || n.Roles.Any&page.OfMail != 0 && digest.Width(line) <= maxFurnitureLine
	})
}

// maxFurnitureLine is how wide, in columns, a line of furniture is at most.
const maxFurnitureLine = 240

// isTopLine reports whether a line above the text of a mail is furniture.
func isTopLine(line string) bool {
	width := digest.Width(line)
	if width > maxFurnitureLine {
		return false
	}
	switch folded := plain.FoldLine(line); {
	case folded == "":
		return false
	case isMenu(folded):
		return true
	case width <= maxFurnitureLine/2 && viewsInBrowser(folded):
		return true
	default:
		return brokenPhrases.In(folded) || passedOnPhrases.In(folded) || width <= maxFurnitureLine/2 && settingsPhrases.In(folded)
	}
}

// menuParts yields the parts of a menu, in lower case: what stands between signs.
func menuParts(folded string) iter.Seq[string] {
	for _, dash := range []string{" - ", " – ", " — "} {
		folded = strings.ReplaceAll(folded, dash, "|")
	}
	return strings.FieldsFuncSeq(folded, func(r rune) bool {
		switch r {
		case '|', '｜', '·', '•', '‧', '/', '»', '«', '›', '‹', '→', '←', '>', '~', ',', ';':
			return true
		}
		return false
	})
}

// viewsInBrowser reports whether a line offers the mail as a page.
func viewsInBrowser(folded string) bool {
	return browserPhrases.In(folded) && viewPhrases.In(browserInChinese.Replace(folded))
}

// browserInChinese takes out the word for a browser, which begins like "to view".
var browserInChinese = strings.NewReplacer("浏览器", "", "瀏覽器", "")

// isMenu reports whether a line consists of nothing but the links of a mail's
// furniture, of which at least one is a sure sign, or names of networks.
func isMenu(folded string) bool {
	sure, shared, only := menu(folded)
	return only && (sure > 0 || shared > 1)
}

// menu counts the entries of a line that only mails have, and the names of
// networks, and reports whether there is nothing else.
func menu(folded string) (sure, shared int, only bool) {
	if onlineTexts[folded] {
		return 1, 0, true
	}
	for part := range menuParts(folded) {
		part = strings.Trim(part, " .:!?()[]")
		switch {
		case part == "":
		case onlineTexts[part], digest.Width(part) <= maxMenuPart && (leavePhrases.In(part) || settingsPhrases.In(part) || viewsInBrowser(part)):
			sure++
		case page.NetworkTexts[part]:
			shared++
		case !weakTexts[part]:
			return sure, shared, false
		}
	}
	return sure, shared, true
}

// maxMenuPart is how wide, in columns, an entry of a menu may be.
const maxMenuPart = 40

// withoutLines leaves out the lines of a paragraph that is reports on.
func withoutLines(spans []digest.Span, is func(string) bool) []digest.Span {
	text := digest.TextOf(spans)
	if !strings.Contains(text, "\n") {
		if is(text) {
			return nil
		}
		return spans
	}
	lines := outline.SpanLines(spans)
	kept := slices.DeleteFunc(slices.Clone(lines), func(line []digest.Span) bool { return is(digest.TextOf(line)) })
	if len(kept) == len(lines) {
		return spans
	}
	var out []digest.Span
	for i, line := range kept {
		if i > 0 {
			out = append(out, digest.Span{Text: "\n"})
		}
		out = append(out, line...)
	}
	return out
}

// isLogo reports whether a picture above all text is the publisher's sign: it says
// so, or it leads to a front page.
func isLogo(n page.Node) bool {
	if n.Kind != digest.Image {
		return false
	}
	if saysLogo(n) {
		return true
	}
	if len(n.Spans) == 0 || n.Spans[0].Link == "" {
		return false
	}
	u, err := url.Parse(n.Spans[0].Link)
	return err == nil && strings.Trim(u.Path, "/") == ""
}

func saysLogo(n page.Node) bool {
	if n.Logo {
		return true
	}
	u, err := url.Parse(n.URL)
	return err == nil && page.LogoWord().MatchString(web.BaseName(u.Path))
}
