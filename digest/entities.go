package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isFoundAt reports whether Telegram may make an entity of what stands around text[i]. Each
// entity that it finds has one such place, and few other words have any. A word at the end of
// the text may go on in the next span.
func isFoundAt(text string, i int) bool {
	rest := text[i+1:]
	switch text[i] {
	case '@':
		n := prefixLength(rest, isNameRune)
		return n >= 3 || n == len(rest)
	case '#':
		n := prefixLength(rest, isTagRune)
		return n == len(rest) || strings.ContainsFunc(rest[:n], func(r rune) bool { return !unicode.IsDigit(r) })
	case '$':
		return rest == "" || rest[0] >= 'A' && rest[0] <= 'Z' || strings.HasPrefix(rest, "1I")
	case '+':
		return rest != "" && isDigit(rest[0]) // a telephone number
	case '/':
		return i == 0 || commandLength(text, i) > 0
	case ':':
		return isAppAddress(text, i)
	case '.':
		return isDotOfAddress(text, i)
	}
	return isCardNumber(text, i)
}

func prefixLength(s string, in func(rune) bool) int {
	if i := strings.IndexFunc(s, func(r rune) bool { return !in(r) }); i >= 0 {
		return i
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' && r < utf8.RuneSelf
}

func isTagRune(r rune) bool { return isNameRune(r) || r >= utf8.RuneSelf }

// isHostRune reports whether a character may stand in the host of an address, dots aside.
func isHostRune(r rune) bool {
	if r < 0xc0 {
		return isNameRune(r) || r == '-' || r == '~'
	}
	return (r < 0x2000 || r > 0x206f || r == 0x200c || r == 0x200d || 0x2010 <= r && r <= 0x2015) && !unicode.Is(unicode.Z, r)
}

// isAppAddress reports whether the colon belongs to tg://, ton:// or tonsite://.
func isAppAddress(text string, i int) bool {
	const mark = "://"
	rest := text[i:min(i+len(mark), len(text))]
	scheme := strings.ToLower(text[max(i-2, 0):i])
	return strings.HasPrefix(mark, rest) && (len(scheme) < 2 || scheme == "tg" || scheme == "on" || scheme == "te")
}

// isDotOfAddress reports whether the dot is the first of a host name. That is a name with the
// ending of a domain, a number of four parts, or anything behind a scheme or a user's name.
func isDotOfAddress(text string, i int) bool {
	start := len(strings.TrimRightFunc(text[:i], isHostRune))
	if start > 0 && (start == i || text[start-1] == '.') {
		return false
	}
	run := i + prefixLength(text[i:], func(r rune) bool { return r == '.' || isHostRune(r) })
	host := strings.TrimRight(text[i:run], ".")
	if host == "" {
		return run == len(text)
	}
	if run == len(text) || start > 0 && (text[start-1] == '/' || text[start-1] == '@') {
		return true
	}
	ending := host[strings.LastIndexByte(host, '.')+1:]
	return strings.Count(host, ".") == 3 || strings.HasPrefix(ending, "xn--") ||
		len(ending) > 1 && !strings.ContainsAny(ending, "0123456789_-~")
}

// isCardNumber reports whether a group of digits that may be the number of a bank card begins
// here.
func isCardNumber(text string, i int) bool {
	const least, longest = 13, 37 // digits, and bytes with the signs between them
	if i > 0 && isDigit(text[i-1]) {
		return false
	}
	digits := 0
	for j := i; j < len(text) && j < i+longest && strings.IndexByte("0123456789 -", text[j]) >= 0; j++ {
		if isDigit(text[j]) {
			digits++
		}
	}
	return digits >= least
}
