package outline

import (
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// dateLines finds the items of a calendar: two or more paragraphs are only a day, and
// text stands under each.
func dateLines(nodes []page.Node) []start {
	var starts []start
	for i, n := range nodes {
		if n.Kind != digest.Paragraph || !isDateLine(n.Spans) {
			continue
		}
		if i+1 == len(nodes) || nodes[i+1].Kind != digest.Paragraph || isDateLine(nodes[i+1].Spans) {
			return nil
		}
		starts = append(starts, start{at: i, item: lineItem})
	}
	if len(starts) < 2 || paragraphsBefore(nodes, starts[0].at) > maxPrefix {
		return nil
	}
	return starts
}

// maxDateWords is how many words a line may have beside its day: those of a weekday and of
// a time zone, say.
const maxDateWords = 2

// isDateLine reports whether a line is only a day, perhaps with a weekday and a time.
func isDateLine(spans []digest.Span) bool {
	text := digest.TextOf(spans)
	if digest.Width(text) > maxHeading {
		return false
	}
	rest := digest.CutDates(text)
	words := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	return rest != text && len(words) <= maxDateWords
}
