package markup

import (
	"strings"
	"unicode"
)

// pathEnd is the punctuation after an address that belongs to the sentence.
const pathEnd = ".:;,('?!`"

func isSeparator(r rune) bool { return unicode.Is(unicode.Z, r) }

// isAddressRune excludes white space and most general punctuation.
func isAddressRune(r rune) bool {
	if 0x2000 <= r && r <= 0x206f {
		return r == 0x200c || r == 0x200d || 0x2010 <= r && r <= 0x2015
	}
	return !isSeparator(r)
}

func isPathRune(r rune) bool { return !strings.ContainsRune("\n<>\"«»", r) && isAddressRune(r) }

func isUserRune(r rune) bool {
	return !strings.ContainsRune("\n/[]{}()'`<>\"@«»", r) && isAddressRune(r)
}

func isDomainRune(r rune) bool {
	if r < 0xc0 {
		return isNameRune(r) || r == '.' || r == '-' || r == '~'
	}
	return isAddressRune(r)
}

func isProtocolRune(r rune) bool {
	if r < 0x80 {
		return isNameRune(r) && r != '_' || r == '+' || r == '-'
	}
	return !isSeparator(r) // letters of any kind, so that an unknown protocol counts as one
}

// findAppAddresses finds addresses of Telegram's own schemes (tdlib/td, match_tg_urls).
func findAppAddresses(text string) []foundText {
	var out []foundText
	for at := 0; len(text)-at > len("://.."); {
		i := strings.IndexByte(text[at:], ':')
		if i < 0 {
			break
		}
		at += i
		scheme := appSchemeLength(text[:at])
		if scheme == 0 || !strings.HasPrefix(text[at:], "://") {
			at++
			continue
		}
		from := at - scheme
		at += len("://")
		host := min(wordLength(text[at:], func(r rune) bool { return isNameRune(r) || r == '-' }), 253)
		if host > 0 {
			at += host
			at += pathLength(text[at:])
			out = append(out, foundText{"url", from, at})
		}
	}
	return out
}

// appSchemeLength returns how much of the end of a text belongs to an address that goes on
// with "://".
func appSchemeLength(text string) int {
	tail := lower(text[max(0, len(text)-len("tonsite")):])
	switch {
	case strings.HasSuffix(tail, "tg"):
		return len("tg")
	case strings.HasSuffix(tail, "ton"):
		return len("ton")
	case tail == "tonsite":
		return len("ite") // Telegram has this mistake
	}
	return 0
}

// pathLength measures the path, query or fragment at the start of a text.
func pathLength(s string) int {
	if s == "" || !strings.ContainsRune("/?#", rune(s[0])) {
		return 0
	}
	n := 1 + wordLength(s[1:], isPathRune)
	n = 1 + len(strings.TrimRight(s[1:n], pathEnd))
	if s[0] != '/' && n == 1 {
		return 0
	}
	return n
}

// findAddresses finds web and e-mail addresses (tdlib/td, find_urls).
func findAddresses(text string) []foundText {
	const mailto = "mailto:"
	var out []foundText
	for _, e := range dottedWords(text) {
		word := text[e.from:e.to]
		switch mail := strings.TrimPrefix(word, mailto); {
		case isMail(mail):
			out = append(out, foundText{"email", e.to - len(mail), e.to})
		default:
			if n := addressLength(word); n > 0 {
				out = append(out, foundText{"url", e.from, e.from + n})
			}
		}
	}
	return out
}

// dottedWords finds what may be an address, dot by dot (tdlib/td, match_urls).
func dottedWords(text string) []foundText {
	var out []foundText
	for base := 0; ; {
		s := text[base:]
		dot := strings.IndexByte(s, '.')
		if dot < 0 || dot+1 == len(s) {
			return out
		}
		if s[dot+1] == ' ' {
			base += dot + 2
			continue
		}
		from, host, hasAt := hostAround(s, dot)
		to := wordEnd(s, dot, host)
		from, ok := wordStart(s, from, hasAt)
		next := to
		if ok {
			if to > dot+1 {
				out = append(out, foundText{"", base + from, base + to})
			}
			next += wordLength(s[to:], func(r rune) bool { return r == '.' })
		} else {
			next = strings.LastIndexByte(s[:to], '.') + 1
		}
		base += max(next, dot+1)
	}
}

// runStart returns where a run of characters that ends at end begins.
func runStart(s string, end int, in func(rune) bool) int {
	return len(strings.TrimRightFunc(s[:end], in))
}

// hostAround returns the host around a dot. If there is an @ after the dot, the part before
// it is the name of a user.
func hostAround(s string, dot int) (from, to int, hasAt bool) {
	from = runStart(s, dot, isDomainRune)
	to = dot + wordLength(s[dot:], func(r rune) bool { return r == '@' || isDomainRune(r) })
	if hasAt = strings.Contains(s[dot:to], "@"); hasAt {
		from = runStart(s, from, isUserRune)
	}
	return from, to, hasAt
}

// wordEnd adds to a host its port and path.
func wordEnd(s string, dot, host int) int {
	to := host
	if to < len(s) && s[to] == ':' {
		digits := wordLength(s[to+1:], func(r rune) bool { return '0' <= r && r <= '9' })
		port := strings.TrimLeft(s[to+1:to+1+digits], "0")
		if port != "" && (len(port) < 5 || len(port) == 5 && port <= "65535") {
			to += 1 + digits
		}
	}
	to += pathLength(s[to:])
	for to > dot+1 && s[to-1] == '.' {
		to--
	}
	return to
}

// wordStart adds to a host the name of a user and the protocol before it; false: what is
// before the host makes it no address.
func wordStart(s string, from int, hasAt bool) (int, bool) {
	if from > 0 && s[from-1] == '@' {
		user := runStart(s, from-1, isUserRune)
		if hasAt || user == from-1 {
			return from, false
		}
		from = user
	}
	if from == 0 {
		return 0, true
	}
	if from >= len("ftp://") && strings.HasSuffix(s[:from], "://") {
		scheme := from - len("://")
		protocol := lower(s[runStart(s, scheme, isProtocolRune):scheme])
		for _, known := range []string{"https", "http", "ftp", "tonsite"} {
			if strings.HasSuffix(protocol, known) {
				other := protocol == "shttp" || protocol == "tftp" || protocol == "sftp"
				return scheme - len(known), !other
			}
		}
		return from, false
	}
	before := runeBefore(s, from)
	return from, !isWord(before) && !strings.ContainsRune("/#@", before)
}
