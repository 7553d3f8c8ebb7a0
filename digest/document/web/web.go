// Package web is about the addresses in a document: [Resolve] makes them absolute,
// [Target] and [Picture] return those to which readers can be sent and that Telegram can
// fetch. [IsRelative] tells which need the address of the document.
package web

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"digestbot/digest"
)

// Resolve returns the absolute address; "" if there is no base for it, or it
// makes no sense.
func Resolve(base *url.URL, ref string) string {
	ref = clean(ref)
	u, err := url.Parse(ref)
	if err != nil {
		// Pages have addresses with the likes of "%zz", which browsers accept.
		if digest.IsWebAddress(ref) {
			return ref
		}
		return ""
	}
	if u.Scheme != "" {
		return ref
	}
	if base == nil && strings.Contains(u.Host, ".") {
		return "https:" + ref // nearly every host has that by now
	}
	if base == nil || strings.HasPrefix(ref, "#") || ref == "" {
		return ""
	}
	return base.ResolveReference(u).String()
}

// IsRelative reports whether an address needs another to make sense. Places within the
// page do not count, nor what is left of templates, such as {{ url }} and *|UNSUB|*.
func IsRelative(ref string) bool {
	ref = clean(ref)
	if ref == "" || ref[0] == '#' || strings.ContainsAny(ref, "{}|<>*") {
		return false
	}
	u, err := url.Parse(ref)
	return err == nil && u.Scheme == "" && u.Host == ""
}

// clean removes what browsers remove from addresses: surrounding white
// space, and control characters and line breaks anywhere. It removes quotation marks too
// that editors put around whole addresses, such as href=“https://…”.
func clean(ref string) string {
	ref = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimSpace(ref))
	ref = strings.TrimSpace(ref)
	if m := quoted.FindStringSubmatch(ref); m != nil {
		ref = m[1]
	}
	return strings.ReplaceAll(ref, " ", "%20")
}

const quote = `(?:["'“”„‟‘’«»″]|(?i:%22|%27|%E2%80%9[89CDEF]|%C2%AB|%C2%BB))`

// quoted is an absolute address that begins with a quotation mark, as none does.
var quoted = regexp.MustCompile(`^` + quote + `((?i:https?)://.*?)` + quote + `?$`)

// Target returns the address that a link leads to, or "" if readers cannot be
// sent there: scripts, data, places within the page, remains of templates.
func Target(base *url.URL, href string) string {
	if mergeAddress.MatchString(href) {
		return ""
	}
	target := Resolve(base, href)
	if len(target) > digest.MaxLink {
		return ""
	}
	scheme, rest, found := strings.Cut(target, ":")
	if !found {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		host := strings.TrimPrefix(rest, "//")
		if !strings.HasPrefix(rest, "//") || host == "" || strings.ContainsAny(host[:1], "/?#") {
			return ""
		}
	case "mailto", "tel", "tg":
		if rest == "" {
			return ""
		}
	default:
		return ""
	}
	return target
}

// Base returns the first absolute http(s) address of candidates.
func Base(candidates ...string) *url.URL {
	for _, c := range candidates {
		if u, err := url.Parse(strings.TrimSpace(c)); err == nil && digest.IsWeb(u) && len(c) <= digest.MaxLink {
			return u
		}
	}
	return nil
}

// BaseName returns the last part of a file name or address, without its
// extension.
func BaseName(name string) string {
	if u, err := url.Parse(name); err == nil && digest.IsWeb(u) {
		name = strings.TrimSuffix(u.Path, "/")
		if name == "" {
			return u.Host
		}
	}
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	if ext := path.Ext(name); len(ext) > 1 && len(ext) <= 9 && ext != name {
		name = strings.TrimSuffix(name, ext)
	}
	return name
}

// mergeAddress matches an address that a mailing program would have put in.
var mergeAddress = regexp.MustCompile(`^(?:%%|%[A-Z][A-Z_-]{3,}%|\{|\[|<%|\$\[)|\*\||\{\{|\{%|%%[a-z_]+%%`)
