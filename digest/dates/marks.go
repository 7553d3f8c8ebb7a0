package dates

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/numerals"
)

// dateMark is a number or the name of a month, of which dates are made.
type dateMark struct {
	value      int // of a number
	digits     int // of a number; 0: it is a Chinese numeral, or a month
	padded     bool
	month      month
	word       string // the name of the month
	weeks      bool   // a number counts weeks: 4주차
	before     string // what stands between this mark and the one before it, or the beginning
	start, end int    // in the text with plain digits
}

// maxDateText is how much of a text is searched for dates, in bytes: a date that
// says when an issue was published stands near the beginning.
const maxDateText = 4096

// maxDateMarks is how many numbers and months are looked at.
const maxDateMarks = 64

// dateMarks finds the numbers and months in the beginning of a text.
func dateMarks(text string) []dateMark {
	text = numerals.Plain(text)
	text = beginning(text, maxDateText)
	if !strings.ContainsFunc(text, numerals.Is) {
		return nil
	}
	var marks []dateMark
	last := 0
	for at := 0; at < len(text) && len(marks) < maxDateMarks; {
		r, size := utf8.DecodeRuneInString(text[at:])
		end := at + size
		var mark dateMark
		ok := false
		switch {
		case numerals.IsDigit(r):
			end = at + runLength(text[at:], numerals.IsDigit)
			mark, ok = digitMark(text[at:end])
		case numerals.IsHan(r):
			end = at + runLength(text[at:], numerals.IsHan)
			mark, ok = hanMark(text[at:end], text[end:])
		case isWordRune(r):
			mark, end, ok = monthMark(text, at)
		}
		if ok {
			mark.before, mark.start, mark.end = text[last:at], at, end
			mark.completeYear()
			mark.weeks = countsWeeks(text[end:])
			marks = append(marks, mark)
			last = end
		}
		at = end
	}
	return marks
}

func digitMark(digits string) (dateMark, bool) {
	if len(digits) > 14 {
		return dateMark{digits: len(digits)}, true
	}
	n, err := strconv.Atoi(digits)
	return dateMark{value: n, digits: len(digits), padded: digits[0] == '0'}, err == nil
}

// Years of two digits are those of this century up to maxShortYear, and the last ones of the
// century before if an apostrophe says that it is a year.
const (
	maxShortYear  = 39
	lastShortYear = 90
)

// completeYear makes a year of four digits of one such as '26.
func (m *dateMark) completeYear() {
	before := strings.TrimRight(m.before, "'’ʼ")
	sign := len(m.before) - len(before)
	if m.digits != 2 || m.value > maxShortYear && m.value < lastShortYear || sign == 0 || sign > len("’") {
		return
	}
	if r, _ := utf8.DecodeLastRuneInString(before); unicode.IsLetter(r) || numerals.IsDigit(r) {
		return
	}
	m.before, m.start, m.digits, m.padded = before, m.start-sign, 4, false
	if m.value += 2000; m.value > 2000+maxShortYear {
		m.value -= 100
	}
}

// countsWeeks reports whether a sign for weeks follows a number. Before a numeral the
// Chinese one begins the name of a weekday: 2026-11-20周五.
func countsWeeks(rest string) bool {
	after, ok := strings.CutPrefix(rest, "周")
	if !ok {
		after, ok = strings.CutPrefix(rest, "週")
	}
	first, _ := utf8.DecodeRuneInString(after)
	return strings.HasPrefix(rest, "주") || ok && !strings.ContainsRune("一二三四五六日天末", first)
}

// hanMark reads a Chinese numeral in front of a sign that makes it part of a date.
func hanMark(numeral, rest string) (dateMark, bool) {
	r, _ := utf8.DecodeRuneInString(rest)
	n, ok := numerals.ReadHan(numeral)
	return dateMark{value: n}, ok && strings.ContainsRune("年月日号號", r)
}

// monthMark reads a word at a place of a text, and says where it ends.
func monthMark(text string, at int) (mark dateMark, end int, ok bool) {
	end = at + runLength(text[at:], isWordRune)
	word := text[at:end]
	if first, _ := utf8.DecodeRuneInString(word); first >= 0x2e80 && first <= 0xd7ff { // in Chinese, Japanese and Korean months have numbers
		return dateMark{}, end, false
	}
	for _, first := range monthPairs {
		if word == first && strings.HasPrefix(text[end:], " ") {
			end += 1 + runLength(text[end+1:], isWordRune)
			word = text[at:end]
		}
	}
	m, ok := monthOf(word)
	return dateMark{month: m, word: word}, end, ok
}

func runLength(text string, is func(rune) bool) int {
	for i, r := range text {
		if !is(r) {
			return i
		}
	}
	return len(text)
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.In(r, unicode.L, unicode.Mn, unicode.Mc) && !numerals.IsHan(r)
}

// isDay, isMonthNumber and isYear report what a number may be.
func (m dateMark) isDay() bool {
	return m.word == "" && m.value >= 1 && m.value <= 31 && m.digits <= 2 && !m.weeks
}
func (m dateMark) isMonthNumber() bool { return m.isDay() && m.value <= 12 }
func (m dateMark) isYear() bool {
	return m.word == "" && (m.digits == 4 || m.digits == 0) && m.value >= 1300 && m.value <= 2699
}

// commonWords name months only in full dates: "out", for example, is October in
// Portuguese.
var commonWords = []string{"out", "set", "des", "gen", "ara", "sie", "tem", "kol", "tra", "mag"}

// inYear reports whether a mark is the name of a month that needs no year beside it.
func (m dateMark) inYear() bool {
	return m.word != "" && m.word != "may" && m.word != "mar" && !slices.Contains(commonWords, strings.ToLower(m.word))
}

// beginning returns up to limit bytes of a text, and no part of a character.
func beginning(text string, limit int) string {
	if limit >= len(text) {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
