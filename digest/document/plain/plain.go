// Package plain is about texts without markup: which characters are shown, what a word is,
// titles, names of emoji, lists of words to look up, and patterns.
package plain

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Visible returns the character, or -1 for those that Telegram refuses or that
// would disturb the text around them: control characters and overrides of
// direction.
func Visible(r rune) rune {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r == 0xfffe, r == 0xffff, r == 0xad:
		return -1
	}
	return r
}

// IsEastAsian reports whether a character belongs to Chinese, Japanese or Korean text.
func IsEastAsian(r rune) bool {
	if r < 0x1100 {
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return !unicode.Is(unicode.So, r) || r >= 0x3000 && r <= 0x33ff // else it is an emoji
	}
	return unicode.Is(unicode.Hangul, r)
}

// IsNarrowWord reports whether a character is a letter or digit of a language that puts spaces
// between words.
func IsNarrowWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !IsEastAsian(r)
}

// IsWordByte reports whether a byte is a letter, a digit or an underscore of ASCII.
func IsWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

// IsWord reports whether a text is a word of ASCII letters and digits, such as the name of a
// language.
func IsWord(s string) bool {
	return s != "" && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+-_#.", r)
	}) < 0
}
