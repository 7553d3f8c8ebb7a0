package page

import (
	"strconv"
	"strings"

	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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

// border matches a line that an element has above or below it.
var border = plain.Pattern(`(?i)border-(?:top|bottom)\s*:[^;]*\b(?:solid|dashed|dotted|double)\b`)

// isDrawnRule reports whether an element without words is a thematic break that programs for
// mails draw: nothing but its border is seen.
func isDrawnRule(n *html.Node) bool {
	css := attr(n, "style")
	return strings.Contains(css, "border-") && border().MatchString(css)
}

func isHidden(n *html.Node) bool {
	if hasAttr(n, "hidden") || isBacklink(n) {
		return true
	}
	style := strings.ToLower(strings.ReplaceAll(attr(n, "style"), " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all") || isShrunk(style)
}

// shrinking are the ways in which mails hide the teaser that a list of mails shows.
// Each by itself may mean something else.
var shrinking = plain.Pattern(`(?:^|;)(?:(?:max-)?(?:height|width):[01](?:px|!|;|$)|opacity:0(?:\.0*)?(?:!|;|$)|font-size:[01](?:px|!|;|$)|overflow:hidden)`)

// isShrunk reports whether an element is hidden in three ways at once.
func isShrunk(style string) bool { return len(shrinking().FindAllStringIndex(style, 3)) == 3 }
