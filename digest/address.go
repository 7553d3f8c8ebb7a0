package digest

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// maxAddress is how wide an address may be, in columns and without its scheme,
// to be shown whole. Of a longer one only the host is shown.
const maxAddress = 32

// showAddresses shortens, in place, the texts of links that are only an
// address: nobody reads a query string. Where Telegram would drop a link, or
// take a mail address for a web page, it writes the address behind the words.
func showAddresses(spans []Span) []Span {
	words := "" // of the link so far
	for i := range spans {
		s := &spans[i]
		if s.Link == "" {
			continue
		}
		if i == 0 || spans[i-1].Link != s.Link {
			words = ""
		}
		words += s.Text
		switch ends := i+1 == len(spans) || spans[i+1].Link != s.Link; {
		case IsWebAddress(s.Text):
			s.Text = shortAddress(s.Text, s.Link)
		case ends && !isTaken(s.Link) && !strings.Contains(words, shownAddress(s.Link)):
			s.Text = strings.TrimRight(s.Text, " ") + " (" + shownAddress(s.Link) + ")"
		}
	}
	for i := range spans {
		if spans[i].Link != "" && !isTaken(spans[i].Link) {
			spans[i].Link = ""
		}
	}
	return spans
}

// shownAddress returns what is shown of an address that cannot be a link.
func shownAddress(link string) string {
	scheme, address, _ := strings.Cut(link, ":")
	switch strings.ToLower(scheme) {
	case "mailto", "tel":
		address, _, _ = strings.Cut(address, "?")
		return address
	}
	return shortAddress(link, link)
}

// isTaken reports whether Telegram makes a link of an address. It wants a dot
// in the host, and refuses some ports and signs (tdlib/td, parse_url and
// LinkManager::check_link).
func isTaken(link string) bool {
	scheme, rest, _ := strings.Cut(link, ":")
	rest = strings.TrimPrefix(rest, "//")
	authority, _, _ := strings.Cut(rest, "/")
	authority = authority[:prefixLength(authority, func(r rune) bool { return r != '?' && r != '#' })]
	switch strings.ToLower(scheme) {
	case "tg":
		authority = strings.TrimPrefix(authority, "@") // the name of a user, left empty
		return authority != "" && prefixLength(authority, func(r rune) bool { return isNameRune(r) || r == '-' }) == len(authority)
	case "http", "https":
		return isAuthority(authority)
	}
	return false
}

// isAuthority reports whether Telegram takes the part of a web address between
// the scheme and the path.
func isAuthority(authority string) bool {
	if i := strings.LastIndexAny(authority, ":]@"); i > 0 && authority[i] == ':' {
		port, err := strconv.ParseUint(authority[i+1:], 10, 16)
		if err != nil || port == 0 {
			return false
		}
		authority = authority[:i]
	}
	at := strings.LastIndexByte(authority, '@')
	user, host := authority[:max(at, 0)], authority[at+1:]
	if ip, ok := strings.CutPrefix(host, "["); ok && strings.HasSuffix(ip, "]") {
		address, err := netip.ParseAddr(strings.TrimSuffix(ip, "]"))
		return err == nil && address.Is6() && address.Zone() == ""
	}
	return host != "." && strings.Contains(host, ".") && isHostText(host) && isHostText(strings.ReplaceAll(user, ":", ""))
}

// isHostText reports whether Telegram takes a text for a host or a user's name.
func isHostText(text string) bool {
	for text != "" {
		n := prefixLength(text, func(r rune) bool {
			return isTagRune(r) || strings.ContainsRune(".-!$,~*'();&+=", r)
		})
		if text = text[n:]; text == "" {
			break
		}
		if len(text) < 3 || text[0] != '%' || strings.Trim(text[1:3], "0123456789abcdefABCDEF") != "" {
			return false
		}
		text = text[3:]
	}
	return true
}

// shortAddress returns what is shown of an address that is the text of a link.
// An address other than the one the link leads to stays whole, so that it
// misleads nobody.
func shortAddress(text, link string) string {
	if !samePlace(text, link) {
		return text
	}
	_, rest, _ := strings.Cut(text, "://")
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
	if Width(rest) <= maxAddress && !strings.ContainsAny(rest, "?#") {
		return rest
	}
	host, _, _ := strings.Cut(rest, "/")
	if at := strings.IndexAny(host, "?#"); at >= 0 {
		host = host[:at]
	}
	if host == "" || len(host)+len("/…") >= len(text) {
		return text
	}
	return host + "/…"
}

// samePlace reports whether two addresses differ only in spelling.
func samePlace(a, b string) bool {
	return a == b || bareForm(a) == bareForm(b)
}

func bareForm(address string) string {
	if unescaped, err := url.PathUnescape(address); err == nil {
		address = unescaped
	}
	_, rest, _ := strings.Cut(address, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

// MaxLink is how long an address may be to become a link, in bytes: a message has
// room for about 10,000 bytes of entities, addresses included (tdlib).
const MaxLink = 2000

// IsWeb reports whether an address is a complete one of the web, http or https.
func IsWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.ContainsFunc(u.Host, unicode.IsSpace)
}

// IsWebAddress reports whether a text begins like an address of the web.
func IsWebAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
