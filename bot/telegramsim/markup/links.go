package markup

import (
	"net/netip"
	"strconv"
	"strings"
)

// CheckLink accepts what Telegram accepts as an address, and returns it as Telegram writes
// it (tdlib/td, LinkManager::check_link): http and https with a dot in the host, tg, ton and
// tonsite. Without a scheme it is http.
func CheckLink(link string) (string, error) {
	app, rest := appOfLink(link)
	a, err := parseAddress(rest)
	if err != nil {
		return "", err
	}
	if app != "" {
		return a.appLink(app, rest)
	}
	if !strings.Contains(a.host, ".") && !a.ipv6 {
		return "", says("Wrong HTTP URL")
	}
	return a.String(), nil
}

// appOfLink cuts "tg://", "tg:" and the like off the front.
func appOfLink(link string) (app, rest string) {
	for _, app := range []string{"tg", "ton", "tonsite"} {
		if n := len(app) + 1; len(link) >= n && strings.EqualFold(link[:n], app+":") {
			return app, strings.TrimPrefix(link[n:], "//")
		}
	}
	return "", link
}

// webAddress is a parsed address (tdlib/td, HttpUrl).
type webAddress struct {
	scheme, user, host string
	ipv6               bool
	port               int    // 0: none was given
	path               string // with query and fragment; begins with "/"
}

func (a webAddress) String() string {
	var out strings.Builder
	out.WriteString(a.scheme + "://")
	if a.user != "" {
		out.WriteString(a.user + "@")
	}
	out.WriteString(a.host)
	if a.port > 0 {
		out.WriteString(":" + strconv.Itoa(a.port))
	}
	out.WriteString(a.path)
	return out.String()
}

// appLink returns a as an address of one of Telegram's own schemes. a was read from given.
func (a webAddress) appLink(app, given string) (string, error) {
	const http = "http://"
	isWeb := a.scheme == "https" || len(given) >= len(http) && strings.EqualFold(given[:len(http)], http)
	if isWeb || a.user != "" || a.port != 0 || a.ipv6 {
		if app == "tg" {
			return "", says("Wrong tg URL")
		}
		return "", says("Wrong ton URL")
	}
	allowed := func(r rune) bool { return isNameRune(r) || r == '-' || r == '.' && app == "tonsite" }
	if wordLength(a.host, allowed) != len(a.host) {
		return "", says("Unallowed characters in URL host")
	}
	path := a.path
	if strings.HasPrefix(path, "/?") {
		path = path[1:]
	}
	return app + "://" + a.host + path, nil
}

// parseAddress reads an address as parse_url of tdlib/td does, which follows neither RFC 3986
// nor browsers. Errors have its words.
func parseAddress(link string) (webAddress, error) {
	a := webAddress{scheme: "http"}
	if i := strings.IndexAny(link, ":/?#@[]"); i >= 0 && strings.HasPrefix(link[i:], "://") {
		a.scheme = lower(link[:i])
		if a.scheme != "http" && a.scheme != "https" {
			return a, says("Unsupported URL protocol")
		}
		link = link[i+len("://"):]
	}
	end := strings.IndexAny(link, "/?#")
	if end < 0 {
		end = len(link)
	}
	a.path = addressPath(link[end:])
	authority, ok := a.cutPort(link[:end])
	if !ok {
		return a, says("Wrong port number specified in the URL")
	}
	at := strings.LastIndexByte(authority, '@')
	a.user, a.host = authority[:max(at, 0)], lower(authority[at+1:])
	return a, a.check()
}

// cutPort cuts the port off the end of an authority; false: it is not valid.
func (a *webAddress) cutPort(authority string) (string, bool) {
	i := strings.LastIndexAny(authority, ":]@")
	if i < 1 || authority[i] != ':' {
		return authority, true
	}
	digits := authority[i+1:]
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || port == 0 {
		return "", false
	}
	a.port = int(port)
	return authority[:i], true
}

func (a *webAddress) check() error {
	switch {
	case a.host == "":
		return says("URL host is empty")
	case a.host == ".":
		return says("Host is invalid")
	case a.host[0] == '[' && strings.HasSuffix(a.host, "]"):
		ip, err := netip.ParseAddr(a.host[1 : len(a.host)-1])
		if err != nil || !ip.Is6() || ip.Zone() != "" {
			return says("Wrong IPv6 address specified in the URL")
		}
		a.ipv6 = true
		return nil
	}
	if err := checkAddressPart(a.host, "host"); err != nil {
		return err
	}
	return checkAddressPart(strings.ReplaceAll(a.user, ":", ""), "userinfo")
}

// checkAddressPart accepts letters, digits, some signs, whole percent escapes and everything
// beyond ASCII.
func checkAddressPart(part, name string) error {
	for i := 0; i < len(part); i++ {
		switch c := part[i]; {
		case isLetter(c), isDigit(c), c >= 0x80, strings.IndexByte(".-_!$,~*'();&+=", c) >= 0:
		case c != '%':
			return says("Disallowed character in URL %s", name)
		case i+2 >= len(part) || !isDigitOf(part[i+1], 16) || !isDigitOf(part[i+2], 16):
			return says("Wrong percent-encoded symbol in URL %s", name)
		default:
			i += 2
		}
	}
	return nil
}

// addressPath returns all that follows the host, with a slash in front. Blanks and control
// characters are escaped.
func addressPath(rest string) string {
	for rest != "" && isSpace(rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	var out strings.Builder
	if !strings.HasPrefix(rest, "/") {
		out.WriteByte('/')
	}
	for i := range len(rest) {
		if c := rest[i]; c <= ' ' {
			const hex = "0123456789ABCDEF"
			out.Write([]byte{'%', hex[c/16], hex[c%16]})
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}

// lower returns s with ASCII letters in lower case, and all others unchanged.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r | 0x20
		}
		return r
	}, s)
}

const maxUserID = 1<<40 - 1 // tdlib/td, UserId::MAX_USER_ID

// UserOfLink returns N of tg://user?id=N, or 0.
func UserOfLink(link string) int64 {
	app, rest := appOfLink(lower(link))
	query, ok := strings.CutPrefix(rest, "user")
	if app != "tg" || !ok {
		return 0
	}
	if query, ok = strings.CutPrefix(strings.TrimPrefix(query, "/"), "?"); !ok {
		return 0
	}
	query, _, _ = strings.Cut(query, "#")
	for parameter := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(parameter, "=")
		if key != "id" {
			continue
		}
		if id, ok := plainInteger(value); ok && 0 < id && id <= maxUserID {
			return id
		}
		return 0
	}
	return 0
}
