package page

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"digestbot/digest/document/plain"
)

// fontSize matches the size of a font in pixels or points.
var fontSize = plain.Pattern(`(?i)(?:^|[;\s])font-size\s*:\s*([0-9]{1,3})(?:\.[0-9]+)?(px|pt)`)

// PlainSize is the size of text that has none of its own, in pixels.
const PlainSize = 16

// fontSizes are the sizes that the attribute of old mails means, in pixels (html.spec.whatwg.org,
// "rules for parsing a legacy font size").
var fontSizes = map[string]int{"1": 10, "2": 13, "3": 16, "4": 18, "5": 24, "6": 32, "7": 48}

// sizeOf returns the size of text in an element, given that around it.
func sizeOf(n *html.Node, around int) int {
	if n.DataAtom == atom.Font && fontSizes[attr(n, "size")] > 0 {
		around = fontSizes[attr(n, "size")]
	}
	style := attr(n, "style")
	if style == "" {
		return around
	}
	m := fontSize().FindStringSubmatch(style)
	if m == nil {
		return around
	}
	size, _ := strconv.Atoi(m[1])
	if strings.EqualFold(m[2], "pt") {
		size = size * 4 / 3
	}
	return size
}
