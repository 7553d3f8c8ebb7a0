package ping

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
)

// failPath is added to the path for a failure, see https://healthchecks.io/docs/http_api/.
const failPath = "/fail"

// otherPaths say something else to such a service.
var otherPaths = []string{"fail", "start", "log"}

var errAddress = errors.New("this is not an address of the web, which looks like https://hc-ping.com/ and a key: copy it again from the service that watches for pings")

// ParseAddress reads the address of a check at a service that watches for pings. No error has
// the address in it, because whoever knows it can say that all is well.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || strings.Contains(text, " ") || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Opaque != "" {
		return nil, errAddress
	}
	if last := path.Base(u.Path); slices.Contains(otherPaths, last) {
		return nil, errors.New("leave out /" + last + " at its end: the bot adds what it has to say")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// addressOf returns the address to ask for.
func addressOf(check *url.URL, good bool) *url.URL {
	u := *check
	if !good {
		u.Path = strings.TrimRight(check.Path, "/") + failPath
		u.RawPath = strings.TrimRight(check.EscapedPath(), "/") + failPath // heeded only where it differs
	}
	return &u
}

// Hidden returns an address of a check for people: without what is secret.
func Hidden(text string) string {
	u, err := url.Parse(text)
	if text == "" {
		return ""
	}
	if err != nil || u.Host == "" {
		return "***"
	}
	return u.Scheme + "://" + u.Host + "/***"
}
