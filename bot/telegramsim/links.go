package telegramsim

import (
	"net/url"
	"strconv"
	"strings"
)

// checkLink accepts what Telegram accepts as an address: http, https, tg, ton and tonsite,
// a host with a dot in it, and "http" understood where nothing is said. It returns the
// address in full.
func checkLink(link string) (string, error) {
	link = strings.TrimSpace(link)
	scheme, rest := splitScheme(link)
	switch scheme {
	case "tg", "ton", "tonsite":
		return checkAppLink(scheme, rest)
	case "", "http", "https":
	default:
		return "", says("Unsupported URL protocol")
	}
	if scheme == "" {
		scheme = "http"
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, " \t\n<>\"") {
		return "", says("URL host is empty")
	}
	host := u.Hostname()
	if !strings.Contains(host, ".") && !strings.Contains(host, ":") {
		return "", says("Wrong HTTP URL")
	}
	if strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") {
		return "", says("Wrong HTTP URL")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}

// splitScheme cuts "scheme://" or "tg:" from the front; a port is not a scheme.
func splitScheme(link string) (scheme, rest string) {
	for _, app := range []string{"tg:", "ton:", "tonsite:"} {
		if len(link) >= len(app) && strings.EqualFold(link[:len(app)], app) {
			return app[:len(app)-1], strings.TrimPrefix(link[len(app):], "//")
		}
	}
	if before, after, ok := strings.Cut(link, "://"); ok && !strings.ContainsAny(before, "/?#.") {
		return strings.ToLower(before), after
	}
	if before, _, ok := strings.Cut(link, ":"); ok && !strings.ContainsAny(before, "/?#.") {
		return strings.ToLower(before), ""
	}
	return "", link
}

func checkAppLink(scheme, rest string) (string, error) {
	host, _, _ := strings.Cut(rest, "?")
	host, _, _ = strings.Cut(host, "/")
	if host == "" {
		return "", says("URL host is empty")
	}
	for i := range len(host) {
		c := host[i]
		if !isLetter(c) && !isDigit(c) && c != '-' && c != '_' && (c != '.' || scheme != "tonsite") {
			return "", says("Unallowed characters in URL host")
		}
	}
	return scheme + "://" + rest, nil
}

// userOfLink returns N of tg://user?id=N, or 0.
func userOfLink(link string) int64 {
	scheme, rest := splitScheme(link)
	query, ok := strings.CutPrefix(rest, "user?")
	if scheme != "tg" || !ok {
		return 0
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return 0
	}
	id, err := strconv.ParseInt(values.Get("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0
	}
	return id
}
