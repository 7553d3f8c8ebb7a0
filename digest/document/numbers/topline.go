package numbers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/dates"
	"digestbot/digest/document/plain"
	"digestbot/digest/numerals"
)

// TopLine is what a line above everything else says of the issue, such as
// "Issue 12 • November 20, 2026 • 5 minutes".
type TopLine struct {
	Number int
	Date   string // the part that has the date
	Leads  bool   // a text follows the date, behind a colon
	only   bool   // it says nothing else
}

// Words that may stand beside the number and the date of an issue.
var (
	lineParts = plain.Pattern(`\s*[•·|｜]\s*|\s+[—–/-]\s+`)
	lineWord  = plain.Pattern(`(?i)^((?:published|posted|updated|sent|issued|released|created|written|date|dated|on|at|the|of|from|in|` +
		`publié|publiée|le|du|veröffentlicht|erschienen|stand|am|vom|publicado|publicada|enviado|fecha|em|el|de|del|pubblicato|inviato|il|gepubliceerd|op|` +
		`опубликовано|опубліковано|дата|от|від|года|р|г|opublikowano|dnia|vydáno|publikováno|dne|yayınlanma|tarihi?|julkaistu|publicerad|den|udgivet|ngày|` +
		`نشر|في|تاریخ|منتشر|شد|תאריך|` + seriesWord + `|` + numberSign + `))(?:$|[^\pL])`)
	// wideLineWord matches those of languages that put no space between words.
	wideLineWord = plain.Pattern(`星期[一二三四五六日天]|[周週][一二三四五六日天]|发布于|发布时间|发布日期|发布|發布|发表于|发表|日期|时间|投稿日|公開日|更新日|配信日|작성일|게시일|발행일|第|期|日|` + wideSeriesWord)
)

// maxTopLine is how long such a line is at most, in bytes.
const maxTopLine = 200

// ReadTopLine reads a line. ok is false if it says nothing of the issue.
func ReadTopLine(text string) (line TopLine, ok bool) {
	text = strings.TrimSpace(text)
	if line, ok = readParts(text); ok {
		return line, true
	}
	date, ok := leadingDate(text)
	return TopLine{Date: date, Leads: ok}, ok
}

// readParts reads a line of which signs set the parts apart: number, date, other words.
func readParts(text string) (line TopLine, ok bool) {
	if len(text) > maxTopLine || !strings.ContainsFunc(text, unicode.IsDigit) && !strings.ContainsAny(text, "第年") {
		return TopLine{}, false
	}
	line.only = true
	var bare []string // the parts without other words
	for _, part := range lineParts().Split(text, -1) {
		rest := otherWords(part)
		day, _ := dates.Readings(part)
		if line.Date == "" && !day.IsZero() && (rest == "" || isPlaceOrDay(part, rest)) {
			line.Date = part
		}
		if rest == "" {
			bare = append(bare, part)
		}
		line.only = line.only && rest == ""
	}
	line.Number = wordedNumber(strings.Join(bare, " | "))
	return line, line.Number > 0 || line.Date != ""
}

// leadingDate returns the date that stands before a text, with a colon between them.
func leadingDate(text string) (date string, ok bool) {
	at := colon().FindStringIndex(text)
	if at == nil || at[0] > maxTopLine {
		return "", false
	}
	date = text[:at[0]]
	day, _ := dates.Readings(date)
	return date, !day.IsZero() && otherWords(date) == ""
}

// colon matches a colon that is none of a time.
var colon = plain.Pattern(`:\s|：`)

// wordedNumber returns the number of an issue that a line states with a sign or a word
// for it.
func wordedNumber(line string) int {
	line = plainNumbers(line)
	if n := firstForm(markedForms, line); n > 0 {
		return n
	}
	return editionForm.find(dates.Cut(line))
}

// maxBesideDate is how many letters may stand beside a date and number at most without
// other words among them.
const maxBesideDate = 40

// otherWords returns the words of a part that are neither of a date nor of those
// that stand beside dates and numbers.
func otherWords(part string) string {
	part = dates.Cut(part)
	letters := 0
	for _, r := range part {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters > maxBesideDate { // most lines of a text: the pattern takes long
		return strings.TrimSpace(part)
	}
	for before := ""; before != part; { // what is left out may have stood around other words
		before = part
		part = withoutLineWords(part)
		if strings.ContainsFunc(part, plain.IsEastAsian) {
			part = wideLineWord().ReplaceAllString(part, " ")
		}
	}
	return strings.Join(strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }), " ")
}

// withoutLineWords leaves out the words that stand beside dates and numbers. The pattern has
// those of all languages, so it is tried where words begin only.
func withoutLineWords(part string) string {
	var out strings.Builder
	before := ' '
	for at := 0; at < len(part); {
		r, size := utf8.DecodeRuneInString(part[at:])
		if unicode.IsLetter(r) && !unicode.IsLetter(before) {
			if m := lineWord().FindStringSubmatchIndex(part[at:]); m != nil {
				out.WriteByte(' ')
				rest := part[at+m[3]:]
				at = len(part) - len(strings.TrimLeftFunc(rest, unicode.IsMark))
				before = ' '
				continue
			}
		}
		out.WriteString(part[at : at+size])
		at += size
		before = r
	}
	return out.String()
}

// maxDayName is how long a name of a weekday or town beside a date is, in characters.
const maxDayName = 14

// isPlaceOrDay reports whether the only word beside a date is a weekday or a place,
// as in "Friday, November 20, 2026", and not what the date is about, as in
// "Deadline: November 20, 2026".
func isPlaceOrDay(part, word string) bool {
	return !strings.Contains(word, " ") && utf8.RuneCountInString(word) <= maxDayName && !strings.ContainsAny(part, ":：")
}

// StatesIssue reports whether a heading says which issue it is: by its number, its
// date or its week.
func StatesIssue(text string) bool {
	n, _ := Stated(text, nil)
	return n > 0 || SaysOnlyIssue(text)
}

// SaysOnlyIssue reports whether a heading says which issue it is, and nothing else.
func SaysOnlyIssue(text string) bool {
	line, ok := ReadTopLine(text)
	if !ok { // months and weeks
		text = strings.TrimSpace(text)
		return len(text) <= maxTopLine && (dates.Has(text) || isWeek(text)) && otherWords(text) == ""
	}
	return line.only
}

func isWeek(text string) bool {
	week, _ := cutWeek(numerals.Plain(text))
	return week > 0
}
