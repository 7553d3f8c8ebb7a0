// Package numbers finds the number of an issue in titles, lines and file names, in the
// languages of the world: [Find] reads "Issue 12", "第12期" and "Ausgabe Nr. 12".
package numbers

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/dates"
	"digestbot/digest/document/plain"
	"digestbot/digest/numerals"

	"golang.org/x/text/unicode/norm"
)

// maxNumber is the highest number of an issue: what is higher is a date or an
// identifier.
const maxNumber = 99999

// markedForms have a sign or a word that only stands beside the number of an issue.
// The surest are first.
var markedForms = []numberForm{
	{pattern: plain.Pattern(`总\s?第\s?([0-9]+)\s?期`), needs: "总", closed: true},
	{pattern: plain.Pattern(`第\s*([0-9]+)\s*(?:期|号|號|回|集|刊|卷|话|話|届|辑|輯|弹|弾|호|회|화)`), needs: "第", closed: true},
	{pattern: plain.Pattern(`제\s*([0-9]+)\s*(?:호|회|화|차|편)`), needs: "제", closed: true},
	{pattern: plain.Pattern(`(?:^|[^0-9.])([0-9]+)\s*期`), needs: "期", closed: true},
	{pattern: plain.Pattern(`(?:^|[^\pL\pN&]|[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}ー]|(?:^|\s)\pL{4,})#\s?([0-9]+)`), needs: "#", sign: true},
	{pattern: plain.Pattern(`№\s*([0-9]+)`), needs: "№"},
	{pattern: plain.Pattern(`(?i)^` + numberSign + `\s?[.°º]+\s*([0-9]+)$`), place: atWords, needs: ".°º"},
	{pattern: plain.Pattern(`^(?:[Nn]r|Nro|Núm)\s+([0-9]+)$`), place: atWords},
	{pattern: plain.Pattern(`(?:^|[^\pL])N[oO]\s+([0-9]+)\s*(?:$|[,:|–—(-])`), needs: "N", closed: true}, // but not "No 10 Downing Street"
	{pattern: plain.Pattern(`(?i)^[^0-9.]?([0-9]+)(?:st|nd|rd|th|-?й|-?ый|-?ой|-?е|ª|º|°|[eè]r?e?|è?me|:?e|\.)?\s+` + countedWord + `(?:$|[^\pL])`), place: atNumbers, yearToo: true, closed: true},
	{pattern: plain.Pattern(`(?i)^` + numberWord + `(?:\s+(?:no|number|nr|ke))?\s*[#:.-]?\s*([0-9]+)$`), place: atWords},
	{pattern: plain.Pattern(`(?i)(?:^|[,|:–—-]\s*)number\s+([0-9]+)\s*(?:$|[,|:–—(-])`), closed: true},
	{pattern: plain.Pattern(`(?i)^` + volumeWord + `\s*[#:.-]?\s*([0-9]+)$`), place: atWords},
}

// editionForm has a word that a year may follow too.
var editionForm = numberForm{pattern: plain.Pattern(`(?i)^` + editionWord + `(?:\s+(?:no|number|nr))?\s*#?\s*(?:ke-)?([0-9]+)$`), place: atWords, yearToo: true}

// editionForms are looked for where dates are cut out, because a date may follow
// their words.
var editionForms = []numberForm{
	editionForm,
	{pattern: plain.Pattern(`(?:^|[\s(（\[【「『<])([0-9]+)\s?(?:호|회|회차|화|号|號)(?:\s*$|\s*[:：|｜,.)）\]】」』>–—-])`), needs: "호회화号號", closed: true},
	{pattern: plain.Pattern(wideSeriesWord + `\s*([0-9]+)\s?(?:호|회|회차|화|号|號)(?:$|[^\pL])`), needs: "호회화号號", closed: true},
	{pattern: plain.Pattern(`([0-9]+)번째\s*(?:편지|레터|뉴스레터|이야기|소식)`), needs: "번", closed: true},
	{pattern: plain.Pattern(`^[\pP\pS\s]*(0[0-9]{2,3})(?:$|[\s:：|｜._、)）\]】—–-])`), closed: true},
	{pattern: plain.Pattern(`\s(0[0-9]{2})\s*$`), closed: true},
}

// endsNumber reports whether the number of an issue may end where a text goes on
// with rest. Parts of dates, versions, times, shares and pairs of numbers are none.
func endsNumber(n int, rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	next, _ := utf8.DecodeRuneInString(rest[size:])
	switch {
	case rest == "":
		return true
	case r >= '0' && r <= '9', r == '%', unicode.In(r, unicode.Latin):
		return false
	case strings.ContainsRune(".,:-–", r), r == '/' && isYear(n):
		return next < '0' || next > '9'
	}
	return true
}

func isYear(n int) bool { return n >= 1900 && n <= 2100 }

// bareDigits matches a number between spaces or signs. What stands before it decides
// whether it is the number of an issue.
var bareDigits = plain.Pattern(`([\s(（\[-]|^|[\pL:：|｜—–])([0-9]{1,5})\s*(?:$|[:：|｜—–(（)）\]]|,\s|-\s|\.\s|/\s)`)

var (
	seriesName  = plain.Pattern(`(?i)(?:^|[^\pL\pM])` + seriesWord + `(?:$|[^\pL\pM])|` + wideSeriesWord)
	seriesEnd   = plain.Pattern(`(?i)(?:(?:^|[^\pL\pM])` + seriesWord + `|` + wideSeriesWord + `)[\s(（\[:：|｜—–-]*$`)
	noSeriesEnd = plain.Pattern(`(?i)(?:^|[^\pL])(?:top|best|part|part[ei]e?|teil|часть|day|version|v|chapter|season|the|of|to|for|in)\s*$`)
	subtitle    = plain.Pattern(`[:：|｜—–]`)
	aloneDigits = plain.Pattern(`(?:^|[^\pL0-9])[0-9]+(?:$|[^\pL0-9])`)
)

// trailingNumber returns the bare number behind the name of a series, perhaps with
// a subtitle behind a sign; or one that a hint has too; or 0.
func trailingNumber(title string, hints []string) int {
	for _, m := range bareDigits().FindAllStringSubmatchIndex(title, 4) {
		n := number(title[m[4]:m[5]])
		before := strings.TrimRight(title[:m[4]], " ")
		if n == 0 || isYear(n) || strings.HasSuffix(before, "#") {
			continue
		}
		if glued := title[m[2]:m[3]]; glued != "" && strings.ContainsFunc(glued, unicode.IsLetter) && !seriesEnd().MatchString(before) {
			continue
		}
		if before == "" && strings.HasPrefix(strings.TrimLeft(title[m[5]:], " "), "(") { // a count, explained
			continue
		}
		if followsSeries(before) || hinted(n, before, hints) {
			return n
		}
	}
	return 0
}

// followsSeries reports whether a text that a bare number follows names a series:
// it ends with such a word, or has one and no number of its own.
func followsSeries(before string) bool {
	if seriesEnd().MatchString(before) {
		return !aloneDigits().MatchString(before)
	}
	part := before
	if at := subtitle().FindAllStringIndex(strings.TrimRight(before, " :：|｜—–"), -1); at != nil {
		part = before[at[len(at)-1][1]:]
	}
	return seriesName().MatchString(part) && !noSeriesEnd().MatchString(part) && !strings.ContainsAny(before, "0123456789")
}

// hinted reports whether another name of the document has a number that stands
// behind a text without numbers.
func hinted(n int, before string, hints []string) bool {
	if strings.ContainsAny(before, "0123456789") || noSeriesEnd().MatchString(before) {
		return false
	}
	for _, hint := range hints {
		if numerals.HasNumber(hint, n) {
			return true
		}
	}
	return false
}

var (
	hanNumber = plain.Pattern(`第\s*([` + numerals.Han + `]{1,8})`)
	thousands = plain.Pattern(`\b([0-9]{1,2}),([0-9]{3})\b`)
)

// MaxText is how much of a title is searched for a number, in bytes.
const MaxText = 2048

// plainNumbers writes the digits of all scripts, Chinese numerals behind 第 and
// numbers such as 1,234 as plain digits.
func plainNumbers(title string) string {
	if len(title) > MaxText {
		title = strings.ToValidUTF8(title[:MaxText], "")
	}
	title = norm.NFC.String(numerals.Plain(title))
	if strings.Contains(title, "第") {
		title = hanNumber().ReplaceAllStringFunc(title, plainHan)
	}
	if !strings.Contains(title, ",") {
		return title
	}
	return thousands().ReplaceAllString(title, "$1$2")
}

// plainHan writes the numeral behind 第 as plain digits.
func plainHan(text string) string {
	if n, ok := numerals.ReadHan(strings.TrimSpace(strings.TrimPrefix(text, "第"))); ok {
		return "第" + strconv.Itoa(n)
	}
	return text
}

// Find returns the number that a title states, or 0. hints are other names
// of the same document, such as its address or file name: a bare number counts if
// one of them has it too.
func Find(title string, hints ...string) int {
	n, ofWeek := Stated(title, hints)
	if ofWeek && !CountsWeeks(n, time.Time{}, title) {
		return 0
	}
	return n
}

// Stated returns the number that a title states. ofWeek says that it is the
// number of a week.
func Stated(title string, hints []string) (n int, ofWeek bool) {
	title = plainNumbers(title)
	if !strings.ContainsAny(title, "0123456789") {
		return 0, false
	}
	if n := firstForm(markedForms, title); n > 0 {
		return n, false
	}
	week, title := cutWeek(title)
	title = dates.Cut(title)
	if n := firstForm(editionForms, title); n > 0 {
		return n, false
	}
	if n := trailingNumber(strings.TrimSpace(title), hints); n > 0 {
		return n, false
	}
	return week, week > 0
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxNumber {
		return 0
	}
	return n
}
