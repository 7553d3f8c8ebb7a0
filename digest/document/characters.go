package document

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// visible returns the character, or -1 for those that Telegram refuses or that
// would disturb the text around them: control characters and overrides of
// direction.
func visible(r rune) rune {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r == 0xfffe, r == 0xffff, r == 0xad:
		return -1
	}
	return r
}

// isEastAsian reports whether a character belongs to Chinese, Japanese or Korean text.
func isEastAsian(r rune) bool {
	if r < 0x1100 {
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return !unicode.Is(unicode.So, r) || r >= 0x3000 && r <= 0x33ff // else it is an emoji
	}
	return unicode.Is(unicode.Hangul, r)
}

func isNarrowWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !isEastAsian(r)
}

func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

func isWord(s string) bool {
	return s != "" && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+-_#.", r)
	}) < 0
}
