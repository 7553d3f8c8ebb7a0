package numbers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/plain"
)

// issueWords are the words in front of or behind the number of an issue.
var issueWords = plain.NewWords("issue|no|nr|number|num|vol|volume|edition|ausgabe|nummer|numéro|numero|número|núm|edición|edição|edizione|выпуск|номер|випуск|第|期|号|號|回|第期|第号|제|호|제호|شماره|شمارهٔ|شمارهی|العدد|عدد|גיליון|số|sayı|numer|číslo|vydání|wydanie|uitgave|aflevering|avsnitt|week|kw|semana|semaine|woche|of|from|the|st|nd|rd|th|de|del|vom|du|год|г|年|月|日|年月日|년|월|일")

// volumeIssue matches a volume and an issue in it, such as 1-2.
var volumeIssue = plain.Pattern(`\p{Nd}\s*[-–.]\s*\p{Nd}`)

// maxDateWords is how many words a date may have beside its digits.
const maxDateWords = 3

// maxIssueLine is how wide, in columns, such a line is at most.
const maxIssueLine = 80

// IsIssueLine reports whether a line may be taken out because it says nothing but the
// number or the date of an issue. Unlike [SaysOnlyIssue], it takes no month and no week
// of a year, which may name a section, and lets a word stand beside a full date.
func IsIssueLine(text string) bool {
	if digest.Width(text) > maxIssueLine {
		return false
	}
	c := countTokens(text)
	if c.digits == 0 || c.words > 0 && (!c.year || c.words > maxDateWords) {
		return false
	}
	dated := !dates.In(text).IsZero()
	if c.words == 0 {
		return dated || LineNumber(text) > 0
	}
	return dated && c.words < maxDateWords || c.named > 0 && (volumeIssue().MatchString(text) || LineNumber(text) > 0)
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
	n := Find(line)
	if isYear(n) || volumeIssue().MatchString(line) {
		return 0
	}
	return n
}
