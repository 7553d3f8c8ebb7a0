package document

import (
	"regexp"
	"strconv"
	"strings"

	"digestbot/digest"
)

// maxNumber is the highest number of an issue: what is higher is a date or an
// identifier.
const maxNumber = 99999

// seriesWord matches words that name a series. A bare number after one is the
// number of an issue.
const seriesWord = `(?:issue|edition|episode|ep|vol|volume|newsletter|weekly|week|digest|bulletin|roundup|podcast|radio|news|letter|report|update|notes|show|cast|magazine|journal|zine|review|recap|links|picks|wrap-?up|` +
	`ausgabe|folge|nummer|numéro|numero|número|épisode|edición|edição|boletín|semana|semaine|woche|týden|díl|číslo|vydání|wydanie|numer|odcinek|uitgave|aflevering|avsnitt|sayı|bölüm|` +
	`выпуск|номер|эпизод|дайджест|неделя|новости|подкаст|радио|випуск|周刊|周报|週刊|週報|月刊|日报|日報|早报|早報|简报|快报|通讯|通訊|ニュース|号|호|주간)`

// numberForms are the ways in which a title states its number, the surest first.
var numberForms = []*regexp.Regexp{
	regexp.MustCompile(`总\s?第\s?([0-9]+)\s?期`),
	regexp.MustCompile(`第\s*([0-9]+)\s*(?:期|号|號|回|集|刊|卷|话|話|届|週|周|호|회)`),
	regexp.MustCompile(`(?:^|[^0-9.])([0-9]+)\s*期`),
	regexp.MustCompile(`(?:^|[^\pL\pN&])#\s?([0-9]+)\b`),
	regexp.MustCompile(`№\s*([0-9]+)`),
	regexp.MustCompile(`(?i)(?:^|[^\pL])(?:no|nr|č|čís|n|núm|num)\s?[.°º]\s*([0-9]+)\b`),
	regexp.MustCompile(`(?i)(?:^|[^0-9.])([0-9]+)(?:st|nd|rd|th|-?й|-?ый|-?ой|\.)?\s+(?:выпуск|випуск|эпизод|номер|issue|edition|episode)(?:$|[^\pL])`),
	regexp.MustCompile(`(?i)(?:^|[^\pL])(?:issue|edition|episode|ep\.?|vol\.?|volume|newsletter|выпуск|випуск|номер|эпизод|ausgabe|folge|numéro|número|numero|édition|edición|edição|číslo|díl|numer|odcinek|sayı|avsnitt)\s*[#:]?\s*([0-9]+)(?:$|[^0-9.]|\.(?:$|[^0-9]))`),
}

// trailingNumber matches a title that is the name of a series and a bare number,
// perhaps with a subtitle behind a sign.
var trailingNumber = regexp.MustCompile(`^([^0-9]*[^0-9\s.,-])[\s-]+([0-9]{1,5})(?:\s*(?:$|[:：|｜—–(（]|\s-\s|-\s|\.\s))`)

var seriesName = regexp.MustCompile(`(?i)(?:^|[^\pL])` + seriesWord + `(?:$|[^\pL])|(?:周刊|周报|週刊|週報|月刊|日报|早报|简报|快报|通讯|ニュース)`)

// findNumber returns the number that a title states, or 0. hints are other names
// of the same document, such as its address or file name: a bare number counts if
// one of them has it too.
func findNumber(title string, hints ...string) int {
	title = foldDigits(title)
	for _, form := range numberForms {
		for _, m := range form.FindAllStringSubmatch(title, 4) {
			if n := number(m[1]); n > 0 {
				return n
			}
		}
	}
	m := trailingNumber.FindStringSubmatch(strings.TrimSpace(title))
	if m == nil {
		return 0
	}
	n := number(m[2])
	if n == 0 || n >= 1900 && n <= 2100 {
		return 0
	}
	if seriesName.MatchString(m[1]) {
		return n
	}
	for _, hint := range hints {
		if digest.HasNumber(hint, n) {
			return n
		}
	}
	return 0
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxNumber {
		return 0
	}
	return n
}

func foldDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '＃':
			return '#'
		}
		return r
	}, s)
}

var digitRun = regexp.MustCompile(`[0-9]+`)

// nameNumber returns the number in a file name that has no other number and no
// date, or 0.
func nameNumber(name string) int {
	name = baseName(name)
	if !digest.DateIn(name).IsZero() {
		return 0
	}
	runs := digitRun.FindAllString(name, -1)
	if len(runs) != 1 || len(runs[0]) > 4 {
		return 0
	}
	return number(runs[0])
}

// number finds the number of the issue: in the metadata, else in the title; if
// the document has no title, in the file name.
func (d *draft) number(title string) int {
	for _, key := range numberField.Keys {
		if n := number(strings.TrimLeft(strings.TrimSpace(d.meta[key]), "#№")); n > 0 {
			d.notes.say(AboutNumber, "%d, from %s", n, d.field(key))
			return n
		}
	}
	if title == "" {
		n := nameNumber(d.name)
		d.noteNumber(n, "the file name, as there is no title")
		return n
	}
	hints := []string{d.meta["slug"], d.meta["permalink"], d.meta["guid"], d.meta["link"], baseName(d.name)}
	if d.address != nil {
		hints = append(hints, d.address.Path)
	}
	if d.feed != "" && strings.HasPrefix(title, d.feed) {
		hints = append(hints, title)
	}
	n := findNumber(title, hints...)
	d.noteNumber(n, "the title")
	return n
}
