package digest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// excerpt returns the beginning of a text in one line of at most that many
// columns, with links and without styles. What is cut ends with an ellipsis:
// with sentences after a sentence if one ends at a good place, else after a word.
func excerpt(spans []Span, columns int, sentences bool) []Span {
	// A column takes at most four bytes: what is far beyond cannot be part of the
	// excerpt, and a long text need not be read to its end.
	const lookAhead = 512
	opening, more := firstBytes(spans, utf8.UTFMax*columns+lookAhead)
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
