package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"
	"digestbot/digest/numerals"
)

// wholeTitle returns the title of a document whose title is a heading: with the
// number or the date that the head of the page says behind the same words.
func (d *draft) wholeTitle(heading string) string {
	rest, ok := strings.CutPrefix(plain.Title(d.headTitle), heading)
	if !ok || heading == "" || len(d.headTitle) > numbers.MaxText || saysWhich(heading) {
		return heading
	}
	end := 0
	for _, at := range append(titleParts.FindAllStringIndex(rest, -1), []int{len(rest)}) {
		if saysWhich(rest[end:at[0]]) {
			return heading + rest[:at[0]]
		}
		end = max(end, at[0])
	}
	return heading
}

// titleAbove returns the title of a page whose text has none, but which has a heading
// above it. If the title in the head ends with that, it is the name of the site.
func (d *draft) titleAbove() string {
	heading, whole := plain.Title(d.above), plain.Title(d.headTitle)
	if heading != "" && heading != whole && strings.HasSuffix(whole, heading) {
		return whole
	}
	return d.wholeTitle(heading)
}

// maxTeaserTitle is how wide, in columns, a teaser is at most that is a title.
const maxTeaserTitle = 80

// titleOfTeaser returns the hidden teaser of a mail if that is a title: it says the number or
// the date of the issue, or its month, and is no sentence.
func (d *draft) titleOfTeaser() string {
	title := plain.Title(d.teaser)
	if title == "" || digest.Width(title) > maxTeaserTitle || outline.EndsSentence(title) || numbers.Find(title) == 0 && !dates.Has(title) {
		return ""
	}
	return title
}

// titleOfLine returns the first line of the text if that is a title: it says the number or the
// date of the issue and other words, is no sentence, and no link. Mails in plain text begin so.
func (d *draft) titleOfLine() string {
	first := slices.IndexFunc(d.nodes, func(n page.Node) bool { return page.Shows([]page.Node{n}) })
	if first < 0 || d.nodes[first].Kind != digest.Paragraph || outline.LinksIn(d.nodes[first]) > 0 {
		return ""
	}
	text := digest.TextOf(d.nodes[first].Spans)
	if strings.Contains(text, "\n") || digest.Width(text) > maxTeaserTitle || outline.EndsSentence(text) || !numbers.StatesIssue(text) && dates.In(text).IsZero() || numbers.SaysOnlyIssue(text) {
		return ""
	}
	return plain.Title(text)
}

// titleOfFile returns the name of the file if that is a title: it gives the number of the
// issue, and other words that are not written in ASCII. Of ASCII are the names that programs
// give.
func (d *draft) titleOfFile() string {
	name := web.BaseName(d.name)
	others := 0
	for _, r := range name {
		if unicode.IsLetter(r) && r >= utf8.RuneSelf && !strings.ContainsRune(countingRunes, r) {
			others++
		}
	}
	if others < 2 || numbers.Find(name) == 0 {
		return ""
	}
	return plain.Title(name)
}

// countingRunes are those of numbers such as "第十二期".
const countingRunes = numerals.Han + "第期號号回輯辑호"

// withoutSite returns the title that the head of a page says, without the name of the site
// behind it if the heading that is the title has none.
func (d *draft) withoutSite(said, heading string) string {
	for _, at := range titleParts.FindAllStringIndex(said, -1) {
		if digest.FoldName(said[:at[0]]) == digest.FoldName(heading) && !saysWhich(said[at[0]:]) {
			return heading
		}
	}
	return said
}

// titleParts matches what stands between a title and the name of its site.
var titleParts = regexp.MustCompile(`\s[|·–—-]\s`)

// saysWhich reports whether a part of a title has a number or a date.
func saysWhich(title string) bool {
	return numbers.Find(title) > 0 || !dates.In(title).IsZero()
}
