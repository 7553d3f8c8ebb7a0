package cut

import (
	"iter"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	nodes, foot := cutFoot(cleanTop(nodes, html))
	if html {
		nodes = joinTitles(raiseLargeLines(nodes))
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

// markContents replaces paragraphs that only lead to places within the page, two or
// more in a row, by the mark of a table of contents, with the label above them.
func markContents(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, isContentsEntry) {
		return nodes
	}
	var out []page.Node
	for i := 0; i < len(nodes); {
		end := contentsEnd(nodes, i)
		if end == i {
			out = append(out, nodes[i])
			i++
			continue
		}
		if last := len(out) - 1; last >= 0 && isCaption(out[last]) {
			out = out[:last]
		}
		out = append(out, page.Node{Block: digest.Block{Kind: page.Contents}})
		i = end
	}
	return out
}

// isContentsEntry reports whether a paragraph only leads to a place within the page.
func isContentsEntry(n page.Node) bool {
	return n.Kind == digest.Paragraph && n.Roles.Words && n.Roles.All&page.InPage != 0
}

// contentsEnd returns the index behind the table of contents that begins at start,
// with the bullets that may stand between its entries; start if there is none.
func contentsEnd(nodes []page.Node, start int) int {
	end, entries := start, 0
	for i := start; i < len(nodes) && i <= end+maxBullets && (isContentsEntry(nodes[i]) || isBulletOnly(nodes[i])); i++ {
		if isContentsEntry(nodes[i]) {
			entries++
			end = i + 1
		}
	}
	if entries < 2 {
		return start
	}
	return end
}

// maxBullets is how many paragraphs with bullets stand between two entries.
const maxBullets = 2

func isBulletOnly(n page.Node) bool {
	return n.Kind == digest.Paragraph && !digest.HasWords(digest.TextOf(outline.Head(n.Spans)))
}

// isCaption reports whether a paragraph may stand above a table of contents: it is a
// short line without a link.
func isCaption(n page.Node) bool {
	return n.Kind == digest.Paragraph && digest.Width(digest.TextOf(n.Spans)) <= maxMenuPart && outline.LinksIn(n) == 0
}

// maxButtons is how many buttons stand in a row. More are a list of links.
const maxButtons = 2

// markButtons marks the paragraphs that call on readers to go on: they look like
// buttons, say what buttons say, or have words that other links have too. The
// titles of items differ.
func markButtons(nodes []page.Node) {
	said := map[string]int{}
	for _, n := range nodes {
		if n.Kind == digest.Paragraph && digest.IsLinkTitle(n.Spans) {
			said[plain.FoldLine(digest.TextOf(n.Spans))]++
		}
	}
	for i := 0; i < len(nodes); {
		end := i
		for end < len(nodes) && isCall(nodes[end], said) {
			nodes[end].Aside = true
			end++
		}
		for at := i; end-i > maxButtons && at < end; at++ {
			nodes[at].Aside = CallTexts[plain.FoldLine(digest.TextOf(nodes[at].Spans))]
		}
		i = max(end, i+1)
	}
}

// isCall reports whether a paragraph is a button; said counts the words of links.
func isCall(n page.Node, said map[string]int) bool {
	if n.Kind != digest.Paragraph || !outline.IsTitleLine(n.Spans) {
		return false
	}
	text := digest.TextOf(n.Spans)
	if digest.Width(text) > page.MaxButton {
		return false
	}
	folded := plain.FoldLine(text)
	return CallTexts[folded] || n.Roles.All&page.Button != 0 || said[folded] > 1
}

// joinTitles makes one heading of two in a row if the second goes on with the
// sentence of the first: editors of mails break long titles by hand.
func joinTitles(nodes []page.Node) []page.Node {
	goesOn := func(i int) bool {
		if i == 0 || !arePeers(nodes[i-1], nodes[i]) {
			return false
		}
		before := digest.TextOf(nodes[i-1].Spans)
		return continues(before, digest.TextOf(nodes[i].Spans)) || openEnd().MatchString(before) && isPair(nodes, i)
	}
	var out []page.Node
	for i, n := range nodes {
		if !goesOn(i) {
			if out != nil {
				out = append(out, n)
			}
			continue
		}
		if out == nil {
			out = slices.Clone(nodes[:i])
		}
		last := &out[len(out)-1]
		last.Spans = append(append(slices.Clip(last.Spans), digest.Span{Text: " "}), n.Spans...)
	}
	if out == nil {
		return nodes
	}
	return out
}

// continues reports whether a line goes on with the sentence of the line before:
// that one ends with a comma, or it begins with a small letter or a dash, as that
// one does not.
func continues(before, line string) bool {
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, "，") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(line)
	start, _ := utf8.DecodeRuneInString(before)
	return (unicode.IsLower(first) || strings.ContainsRune("—–&", first)) && !unicode.IsLower(start) && !outline.EndsSentence(before)
}

// openEnd matches a line of several words that lacks its end: it ends with an article, "and",
// "of", or with whose it is.
var openEnd = plain.Pattern(`\s(?:\pL+['’]s|the|a|and|or|of|der|des|dem|und|oder|von|la|les?|et|ou|el|los|las|del|y|della|di|e|het|een|en|os?|dos)$`)

// isPair reports whether the heading at i and that before it stand by themselves, over a text
// or deeper headings: a row of headings is a list of entries.
func isPair(nodes []page.Node, i int) bool {
	if i > 1 && arePeers(nodes[i-2], nodes[i]) || i+1 == len(nodes) {
		return false
	}
	return nodes[i+1].Kind != digest.Heading || nodes[i+1].Level > nodes[i].Level
}

// arePeers reports whether two nodes are headings of one level.
func arePeers(a, b page.Node) bool {
	return a.Kind == digest.Heading && b.Kind == digest.Heading && a.Level == b.Level
}
