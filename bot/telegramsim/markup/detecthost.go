package markup

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// addressLength returns how much of a word is a web address, or 0 (tdlib/td, fix_url).
func addressLength(word string) int {
	rest, hasScheme := word, false
	start := lower(word[:min(len(word), len("tonsite://"))])
	for _, scheme := range []string{"http://", "https://", "ftp://", "tonsite://"} {
		if strings.HasPrefix(start, scheme) {
			rest, hasScheme = word[len(scheme):], true
		}
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if _, after, ok := strings.Cut(host, "@"); ok {
		host = after
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	if lower(host) == "teiegram.org" || !isHost(host, hasScheme) { // a well-known fraud
		return 0
	}
	return len(word) - len(path) + len(strings.TrimRight(path[:balanced(path)], pathEnd))
}

// balanced returns where a bracket closes that was never opened.
func balanced(path string) int {
	var open [3]int
	for i := range len(path) {
		if n := strings.IndexByte("([{", path[i]); n >= 0 {
			open[n]++
		} else if n := strings.IndexByte(")]}", path[i]); n >= 0 {
			if open[n]--; open[n] < 0 {
				return i
			}
		}
	}
	return len(path)
}

// isHost reports whether Telegram accepts a host. It must have a dot, and if there is no
// scheme before it, also an ending that is in use.
func isHost(host string, hasScheme bool) bool {
	parts := strings.Split(host, ".")
	isIPv4 := len(parts) == 4
	for _, part := range parts {
		if part == "" || len(part) >= 64 || strings.HasSuffix(part, "-") {
			return false
		}
		isIPv4 = isIPv4 && isOctet(part)
	}
	if len(parts) == 1 {
		return false
	}
	if isIPv4 {
		return true
	}
	ending, second := parts[len(parts)-1], parts[len(parts)-2]
	return strings.Trim(host, "0123456789.") != "" && !strings.Contains(second, "_") && isEnding(ending, hasScheme)
}

func isOctet(part string) bool {
	return strings.Trim(part, "0123456789") == "" && (part == "0" || part[0] != '0') &&
		(len(part) < 3 || len(part) == 3 && part <= "255")
}

func isEnding(ending string, hasScheme bool) bool {
	if coded, ok := strings.CutPrefix(ending, "xn--"); ok {
		return len(coded) > 1 && wordLength(coded, isNameRune) == len(coded) && !strings.Contains(coded, "_")
	}
	return utf8.RuneCountInString(ending) > 1 && !strings.ContainsAny(ending, "_-") && (hasScheme || isInUse(ending))
}

// otherEndings are endings that Telegram knows and the list of public suffixes does not:
// that of TON, and some of companies that gave theirs back.
var otherEndings = []string{"ton", "bentley", "dabur", "dunlop", "kerrylogistics", "lancaster", "lipsy", "pramerica", "redstone"}

// isInUse reports whether a top-level domain exists. "Hello.World" is two sentences, so one
// with only its first letter as a capital does not count.
func isInUse(ending string) bool {
	small := strings.ToLower(ending)
	if _, first := utf8.DecodeRuneInString(ending); small != ending {
		if _, n := utf8.DecodeRuneInString(small); small[n:] == ending[first:] {
			return false
		}
	}
	ascii, err := idna.ToASCII(small)
	if err != nil {
		return false
	}
	_, known := publicsuffix.PublicSuffix("x." + ascii)
	return known || slices.Contains(otherEndings, small)
}

// isMail reports whether a word is an e-mail address (tdlib/td, is_email_address).
func isMail(word string) bool {
	user, host, _ := strings.Cut(word, "@")
	parts := strings.Split(host, ".")
	n := len(parts) - 1
	if n < 1 || n > 6 || !isMailUser(user) {
		return false
	}
	if ending := parts[n]; len(ending) < 2 || len(ending) > 8 || wordLength(ending, isASCIILetter) != len(ending) {
		return false
	}
	for _, part := range parts[:n] {
		if part == "" || len(part) > 30 || wordLength(part, isMailRune) != len(part) ||
			strings.ContainsAny(part[:1]+part[len(part)-1:], "-_") {
			return false
		}
	}
	return true
}

// isMailUser checks the part before the @: words divided by dots and plus signs.
func isMailUser(user string) bool {
	parts := strings.Split(strings.ReplaceAll(user, "+", "."), ".")
	last := len(parts) - 1
	for i, part := range parts {
		if len(part) > 26 && i < last || wordLength(part, isMailRune) != len(part) {
			return false
		}
	}
	return last <= 10 && parts[last] != "" && len(parts[last]) <= 35
}

func isASCIILetter(r rune) bool { return r < utf8.RuneSelf && isLetter(byte(r)) }

func isMailRune(r rune) bool { return isNameRune(r) || r == '-' }
