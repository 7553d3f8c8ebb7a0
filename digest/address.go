package digest

import (
	"net/url"
	"strings"
)

// maxAddress is how wide an address may be to be shown whole, without its
// scheme; of a longer one only the host is.
const maxAddress = 32

// showAddresses shortens, in place, the texts of links that are only their
// address: nobody reads a query string.
func showAddresses(spans []Span) []Span {
	for i := range spans {
		if spans[i].Link != "" && isAddress(spans[i].Text) {
			spans[i].Text = shortAddress(spans[i].Text, spans[i].Link)
		}
	}
	return spans
}

// shortAddress returns what is shown of an address that is its own link's
// text. One that says another place than where the link leads stays, lest the
// reader be misled.
func shortAddress(text, link string) string {
	if !samePlace(text, link) {
		return text
	}
	_, rest, _ := strings.Cut(text, "://")
	rest = strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
	if width(rest) <= maxAddress && !strings.ContainsAny(rest, "?#") {
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

// samePlace tells whether two addresses differ in spelling only.
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
