package sourceline

import (
	"net/url"
	"regexp"
	"strings"

	"digestbot/digest"
)

// addressWord matches a word with an address in it, and a first word that is one without a
// scheme: with a name and password, or with a path.
var addressWord = regexp.MustCompile(`(?i)\S*://\S+|^\s*[^/\s:@]+:[^\s@]\S*@\S*|^\s*(?:[a-z0-9-]+\.)+[a-z]{2,}/\S+`)

// WithoutSecrets returns a text without what may be secret in its addresses, also in those that
// are written wrong: names, passwords and queries, which may be keys.
func WithoutSecrets(text string) string {
	return addressWord.ReplaceAllStringFunc(text, func(word string) string {
		scheme, rest, found := strings.Cut(word, "://")
		if !found || strings.Contains(scheme, ":") { // the beginning is a name, and a part of a password
			return hideIn(word)
		}
		return scheme + "://" + hideIn(rest)
	})
}

// hideIn hides what is secret in an address without its scheme. Somebody who did not escape a
// password means all up to the last @, except in paths such as /@ada.
func hideIn(address string) string {
	_, err := url.Parse("http://" + address)
	query := -1
	if err == nil { // else the first ? may be one of the password
		query = strings.Index(address, "?")
	}
	rest := address
	if query >= 0 {
		rest = address[:query]
	}
	end := strings.LastIndex(rest, "@")
	for err == nil && end > 0 && rest[end-1] == '/' {
		end = strings.LastIndex(rest[:end], "@")
	}
	if end >= 0 {
		address = "***" + address[end:]
	}
	if before, after, _ := strings.Cut(address, "?"); after != "" {
		return before + "?***"
	}
	return address
}

// shown returns a line for an error.
func shown(text string) string {
	return digest.ShortenCharacters(WithoutSecrets(strings.Join(strings.Fields(text), " ")), 200)
}
