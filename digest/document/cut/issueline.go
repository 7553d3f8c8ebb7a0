package cut

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// IssueLine takes out the heading above the text that says nothing but number
// and date of the issue, such as "Issue #39" or "Friday, 20 November 2026", and
// returns what it says. It is no section, and the title only if there is no
// other.
func IssueLine(nodes []page.Node, title string) ([]page.Node, string) {
	at := -1
	for i, n := range nodes {
		if n.Kind != digest.Heading || !isIssueLine(digest.TextOf(n.Spans)) {
			continue
		}
		if at >= 0 {
			return nodes, "" // every part has its date
		}
		at = i
	}
	if at < 0 || !isAbove(nodes[:at]) {
		return nodes, ""
	}
	rest := outline.HeadingsOf(nodes[at+1:])
	before := outline.HeadingsOf(nodes[:at])
	if title == "" && len(before) == 0 {
		deeper := func(i int) bool { return nodes[at+1+i].Level > nodes[at].Level }
		if len(rest) == 0 || !slices.ContainsFunc(rest, func(i int) bool { return !deeper(i) }) {
			return nodes, "" // it is the title
		}
	}
	return slices.Delete(slices.Clone(nodes), at, at+1), digest.TextOf(nodes[at].Spans)
}

// maxAbove is how wide, in columns, a paragraph may be that stands above the line
// of an issue.
const maxAbove = 120

// isAbove reports whether nodes are what stands above the text: pictures, at most
// one heading, and short lines.
func isAbove(nodes []page.Node) bool {
	headings := 0
	for _, n := range nodes {
		switch n.Kind {
		case digest.Heading:
			headings++
		case digest.Paragraph:
			if digest.Width(digest.TextOf(n.Spans)) > maxAbove {
				return false
			}
		case digest.Image, page.Blank, page.Rule, page.Contents:
		default:
			return false
		}
	}
	return headings <= 1 && len(nodes) <= MaxTop
}

// issueWords are the words in front of or behind the number of an issue.
var issueWords = plain.NewWords("issue|no|nr|number|num|vol|volume|edition|ausgabe|nummer|numéro|numero|número|núm|edición|edição|edizione|выпуск|номер|випуск|第|期|号|號|回|第期|第号|제|호|제호|شماره|شمارهٔ|شمارهی|العدد|عدد|גיליון|số|sayı|numer|číslo|vydání|wydanie|uitgave|aflevering|avsnitt|week|kw|semana|semaine|woche|of|from|the|st|nd|rd|th|de|del|vom|du|год|г|年|月|日|年月日|년|월|일")

var volumeIssue = regexp.MustCompile(`\p{Nd}\s*[-–.]\s*\p{Nd}`)

// maxDateWords is how many words a date may have beside its digits.
const maxDateWords = 3

// isIssueLine reports whether a text says nothing but the number or the date of an
// issue.
func isIssueLine(text string) bool {
	if digest.Width(text) > maxMenuPart*2 {
		return false
	}
	c := countTokens(text)
	number, dated := LineNumber(text) > 0, !digest.DateIn(text).IsZero()
	switch {
	case c.digits == 0:
		return false
	case c.words == 0:
		return number || dated
	case !c.year || c.words > maxDateWords:
		return false
	}
	return c.named > 0 && (number || volumeIssue.MatchString(text)) || dated && c.words < maxDateWords
}

// tokens says of what a line consists.
type tokens struct {
	digits int  // numbers
	year   bool // one of them has four digits
	named  int  // words that go with the number of an issue
	words  int  // other words
}

func countTokens(text string) tokens {
	var c tokens
	isBetween := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) }
	for token := range strings.FieldsFuncSeq(text, isBetween) {
		for _, part := range splitDigits(token) {
			first, _ := utf8.DecodeRuneInString(part)
			switch {
			case unicode.IsDigit(first):
				c.digits++
				c.year = c.year || utf8.RuneCountInString(part) == 4
			case issueWords[strings.ToLower(part)]:
				c.named++
			default:
				c.words++
			}
		}
	}
	return c
}

// splitDigits divides a word between letters and digits.
func splitDigits(token string) []string {
	var parts []string
	start := 0
	var before rune
	for i, r := range token {
		if i > start && unicode.IsDigit(r) != unicode.IsDigit(before) {
			parts = append(parts, token[start:i])
			start = i
		}
		before = r
	}
	return append(parts, token[start:])
}

// LineNumber returns the number that the line of an issue states. "Issue 1-2" is the
// second of the first volume: it states none.
func LineNumber(line string) int {
	n := numbers.Find(line)
	if n >= 1900 && n <= 2100 || volumeIssue.MatchString(line) {
		return 0
	}
	return n
}
