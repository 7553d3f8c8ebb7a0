package web

import (
	"net/url"
	"regexp"
	"strings"

	"digestbot/digest"
)

// Picture returns the absolute http(s) address of a picture, without the proxy
// in front of it, and "" for placeholders.
func Picture(base *url.URL, src string) string {
	if src == "" || strings.Contains(src, "{{") {
		return ""
	}
	address := unwrapProxy(Resolve(base, src))
	u, err := url.Parse(address)
	if err != nil || !digest.IsWeb(u) || len(address) > digest.MaxLink || placeholders.MatchString(u.Hostname()) {
		return ""
	}
	return address
}

// placeholders matches the hosts whose pictures have nothing to do with an issue.
var placeholders = regexp.MustCompile(`(?i)^(?:[a-z0-9-]+\.)*(?:picsum\.photos|placeholder\.com|placehold\.(?:it|co|jp)|dummyimage\.com|placekitten\.com|loremflickr\.com|via\.placeholder\.com|source\.unsplash\.com|fakeimg\.pl|example\.invalid)$`)

// proxyParameters are the names of the picture in the query of an image proxy.
var proxyParameters = []string{"url", "src", "image", "img", "u"}

// unwrapProxy returns the address within the address of an image proxy
// ("https://proxy/?http://real/picture.jpg", "…?url=http%3A%2F%2Freal…").
func unwrapProxy(address string) string {
	for range 3 { // proxies of proxies
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		inner := proxyTarget(u)
		if target, err := url.Parse(inner); err != nil || !strings.Contains(target.Hostname(), ".") {
			return address // also of a name that only looks like an address
		}
		address = inner
	}
	return address
}

func proxyTarget(u *url.URL) string {
	if digest.IsWebAddress(u.RawQuery) {
		return u.RawQuery
	}
	if raw, err := url.QueryUnescape(u.RawQuery); err == nil && digest.IsWebAddress(raw) {
		return raw
	}
	query := u.Query()
	for _, name := range proxyParameters {
		if v := query.Get(name); digest.IsWebAddress(v) {
			return v
		}
	}
	for _, scheme := range []string{"/http://", "/https://"} {
		if i := strings.Index(u.Path, scheme); i >= 0 {
			inner := u.Path[i+1:]
			if u.RawQuery != "" {
				inner += "?" + u.RawQuery
			}
			return inner
		}
	}
	return ""
}
