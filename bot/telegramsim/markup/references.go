package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodeReference reads the character reference at src[pos], which is '&'. It returns 0 for
// references that Telegram does not know, such as &nbsp;. The semicolon may be missing.
func decodeReference(src string, pos int) (r rune, end int) {
	rest := src[pos+1:]
	if strings.HasPrefix(rest, "#") {
		return decodeNumber(src, pos)
	}
	n := 0
	for n < len(rest) && isLetter(rest[n]) {
		n++
	}
	switch rest[:n] {
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "amp":
		r = '&'
	case "quot":
		r = '"'
	default:
		return 0, pos
	}
	return r, afterSemicolon(src, pos+1+n)
}

func decodeNumber(src string, pos int) (rune, int) {
	base, start := 10, pos+2
	if start < len(src) && src[start] == 'x' {
		base, start = 16, start+1
	}
	end := start
	for end < len(src) && isDigitOf(src[end], base) {
		end++
	}
	n, err := strconv.ParseUint(src[start:end], base, 32)
	if err != nil || n == 0 || n >= utf8.MaxRune || end-pos >= 10 {
		return 0, pos
	}
	return rune(n), afterSemicolon(src, end)
}

func afterSemicolon(src string, i int) int {
	if i < len(src) && src[i] == ';' {
		return i + 1
	}
	return i
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isDigitOf(c byte, base int) bool {
	return isDigit(c) || base == 16 && 'a' <= c|0x20 && c|0x20 <= 'f'
}
