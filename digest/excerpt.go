package digest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// excerpt returns the opening of a text in at most columns, in one line and
// without styles but links. What is cut ends with an ellipsis, with sentences
// after a sentence where there is a good one, else after a word.
func excerpt(spans []Span, columns int, sentences bool) []Span {
	// No character is wider than its bytes are many: the rest of a long text
	// cannot be part of the excerpt and need not be read.
	const lookAhead = 512
	opening, more := firstPart(spans, utf8.UTFMax*columns+lookAhead)
	for i := range opening {
		opening[i].Style = 0
		opening[i].Text = strings.ReplaceAll(opening[i].Text, "\n", " ")
	}
	opening = mergeSpans(showAddresses(trimSpans(opening, "")))
	if !more && width(plain(opening)) <= columns {
		return opening
	}
	// A link may be cut here, for it is whole in the layouts that show all.
	at := breakBefore(unlinked(opening), columnBytes(plain(opening), columns-1), !sentences, true)
	before, _ := cutSpans(opening, at)
	return ellipsis(slices.Clone(before))
}

// ellipsis marks that spans go on.
func ellipsis(spans []Span) []Span {
	spans = trimEnd(spans)
	if len(spans) == 0 {
		return []Span{{Text: "…"}}
	}
	last := &spans[len(spans)-1]
	if trimmed := strings.TrimRight(last.Text, beforeEllipsis); trimmed != "" {
		last.Text = trimmed
	}
	mark := "…"
	if strings.HasSuffix(last.Text, ".") || strings.HasSuffix(last.Text, "!") || strings.HasSuffix(last.Text, "?") {
		mark = " …"
	}
	return append(spans, Span{Text: mark})
}
