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
	shown, _ := excerptOrAll(spans, columns, sentences)
	return shown
}

// excerptOrAll is excerpt, and reports whether it is the whole text.
func excerptOrAll(spans []Span, columns int, sentences bool) (shown []Span, whole bool) {
	opening, more := firstColumns(spans, columns)
	for i := range opening {
		opening[i].Style = 0
		opening[i].Text = strings.ReplaceAll(opening[i].Text, "\n", " ")
	}
	opening = mergeSpans(showAddresses(TrimSpans(opening, "")))
	if !more && Width(TextOf(opening)) <= columns {
		return opening, true
	}
	// A link may be cut here, because the layouts that show all keep it whole.
	at := breakBefore(unlinked(opening), columnBytes(TextOf(opening), columns-1), !sentences, true)
	before, _ := CutSpans(opening, at)
	return ellipsis(slices.Clone(before)), false
}

// firstColumns returns a copy of the beginning of spans, up to some bytes beyond
// columns, and whether there are more. So a long text need not be read to its end.
func firstColumns(spans []Span, columns int) ([]Span, bool) {
	const lookAhead = 512 // bytes; enough to see where a line may break
	return firstBytes(spans, utf8.UTFMax*columns+lookAhead)
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
