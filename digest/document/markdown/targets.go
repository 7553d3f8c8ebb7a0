package markdown

import (
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

var (
	// targetParts matches an address and a title, or the size of a picture, behind it.
	targetParts = plain.Pattern(`^(\S.*?)(\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?(?:\s+=\d*%?x?\d*%?)?$`)
	// addressLike matches what is meant as an address.
	addressLike = plain.Pattern(`(?i)^(?:https?://|mailto:|tel:|tg:|\.{0,2}/)|\.(?:png|jpe?g|gif|webp|svg|html?|md|pdf)(?:[?#].*)?$`)
)

// target escapes the spaces of the address of a link, with which it would be none.
func (c *cleaner) target() {
	if c.at == c.noteEnd {
		c.replace(c.at+1, ")")
		return
	}
	rest := c.body[c.at:c.end]
	if !strings.HasPrefix(rest, "](") || strings.HasPrefix(rest, "](<") {
		return
	}
	end := 1 + matching(rest[1:min(len(rest), digest.MaxLink)], '(', ')')
	if end < 2 {
		return
	}
	inner := strings.TrimSpace(rest[2:end])
	if !strings.ContainsAny(inner, " \t") {
		return
	}
	m := targetParts().FindStringSubmatch(inner)
	if m == nil || strings.ContainsAny(m[1], "<>\"") || !addressLike().MatchString(m[1]) {
		return
	}
	c.replace(c.at+end, "]("+strings.Join(strings.Fields(m[1]), "%20")+m[2])
}

// matching returns where the bracket is that closes the first one of a text; -1: there is
// none.
func matching(text string, opening, closing byte) int {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case opening:
			open++
		case closing:
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}
