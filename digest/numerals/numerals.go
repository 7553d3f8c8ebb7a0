// Package numerals reads digits of all scripts and Chinese numerals, and the number of an issue.
//
// Everything here is a pure function of its input.
package numerals

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain writes the digits of all scripts, such as "１２", "١٢" and "१२", as
// ASCII digits, the full-width sign "＃" as "#", and leaves out characters that are
// not seen, such as marks of direction.
func Plain(text string) string {
	if isASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case r == '＃':
			return '#'
		case unicode.Is(unicode.Nd, r):
			return '0' + digitValue(r)
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// digitValue returns the value of a decimal digit. Unicode keeps the ten digits of
// a script together, from 0 to 9.
func digitValue(r rune) rune {
	for _, block := range unicode.Nd.R16 {
		if r >= rune(block.Lo) && r <= rune(block.Hi) {
			return (r - rune(block.Lo)) % 10
		}
	}
	for _, block := range unicode.Nd.R32 {
		if r >= rune(block.Lo) && r <= rune(block.Hi) {
			return (r - rune(block.Lo)) % 10
		}
	}
	return 0
}

// Han are the characters of a Chinese numeral.
const Han = "〇零一二三四五六七八九十百千两兩廿卅"

// HanDigits are those from one to nine.
const HanDigits = "一二三四五六七八九"

// Is reports whether a character belongs to a numeral in ASCII digits or in Chinese.
func Is(r rune) bool { return IsDigit(r) || IsHan(r) }

// IsDigit reports whether a character is an ASCII digit.
func IsDigit(r rune) bool { return r >= '0' && r <= '9' }

// IsHan reports whether a character is one of [Han].
func IsHan(r rune) bool { return r >= utf8.RuneSelf && strings.ContainsRune(Han, r) }

// ReadHan reads a Chinese numeral below 10,000: "二十三", "一百二十三", or digit by
// digit, "二〇二六". ok is false if the characters are no numeral.
func ReadHan(numeral string) (n int, ok bool) {
	positional := true
	for _, r := range numeral {
		if !strings.ContainsRune(Han, r) {
			return 0, false
		}
		positional = positional && !strings.ContainsRune("十百千廿卅", r)
	}
	if numeral == "" || utf8.RuneCountInString(numeral) > 8 {
		return 0, false
	}
	unit := 0
	for _, r := range numeral {
		switch {
		case positional:
			n = n*10 + hanDigit(r)
		case r == '廿' || r == '卅':
			n += 10 * (2 + strings.IndexRune("廿卅", r)/len("廿"))
		case hanUnit(r) > 1:
			n += max(unit, 1) * hanUnit(r)
			unit = 0
		default:
			unit = hanDigit(r)
		}
	}
	if !positional {
		n += unit
	}
	return n, n < 10000
}

func hanDigit(r rune) int {
	switch r {
	case '〇', '零':
		return 0
	case '两', '兩':
		return 2
	}
	return strings.IndexRune(HanDigits, r)/len("一") + 1
}

func hanUnit(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return 1
}
