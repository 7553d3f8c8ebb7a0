package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// parse reads the address of a document.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, &Error{Kind: Wrong, Address: Shown(address), text: "this is not an address of the web, which looks like https://example.org/feed.xml"}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, check(u)
}

// check says what is wrong with an address, and writes its host as the network does.
func check(u *url.URL) error {
	shown := ShownURL(u)
	if u.Scheme != "http" && u.Scheme != "https" {
		return &Error{Kind: Wrong, Address: shown, text: "only http and https addresses are fetched, such as https://example.org/feed.xml"}
	}
	host := u.Hostname()
	if strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return &Error{Kind: Wrong, Address: shown, text: "the name of the host is not one that the web knows: check the address"}
		}
		u.Host = strings.Replace(u.Host, host, ascii, 1)
		host = ascii
	}
	if host == "" || isOddNumber(host) {
		return &Error{Kind: Wrong, Address: shown, text: "there is no name of a host in this address: check it"}
	}
	return nil
}

// isOddNumber reports whether a host is an IPv4 address in one of the spellings that only
// some programs read, such as 127.1 and 0x7f000001. Who reads it might be led to a private
// address that nobody has checked. WHATWG URL, "ends in a number checker".
func isOddNumber(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	isHex := strings.HasPrefix(last, "0x") && strings.Trim(last[2:], "0123456789abcdef") == ""
	return last != "" && strings.Trim(last, "0123456789") == "" || isHex
}

// Shown returns an address as it may be shown: without name and password, and without the
// query, in which there may be a key.
func Shown(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "the address"
	}
	return ShownURL(u)
}

// ShownURL is Shown for an address that is parsed.
func ShownURL(u *url.URL) string {
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	if shown.RawQuery != "" {
		shown.RawQuery = "…"
	}
	return shown.String()
}

// secretFor returns the name and password in the address from, if to may have them too: that
// is the same server, or the same host once it has https.
func secretFor(from, to *url.URL) *url.Userinfo {
	sameHost := strings.EqualFold(from.Hostname(), to.Hostname())
	sameServer := from.Scheme == to.Scheme && portOf(from) == portOf(to)
	safer := from.Scheme == "http" && to.Scheme == "https" && from.Port() == "" && to.Port() == ""
	if sameHost && (sameServer || safer) {
		return from.User
	}
	return nil
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// localNames end the names that are known only within a network: RFC 6761, 6762, 8375, and
// ICANN's reservation of .internal.
var localNames = []string{"localhost", "local", "internal", "home.arpa", "lan", "intranet"}

// isLocalName reports whether a name is one of this machine or of its network.
func isLocalName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return !strings.Contains(host, ".") || slices.ContainsFunc(localNames, func(name string) bool {
		return host == name || strings.HasSuffix(host, "."+name)
	})
}
