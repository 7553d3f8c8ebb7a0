package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
)

// Head returns the spans at the beginning of a paragraph, enough for an ordinal
// and what follows it.
func Head(spans []digest.Span) []digest.Span {
	size := 0
	for i, s := range spans {
		if size += len(s.Text); size > 64 {
			return spans[:i+1]
		}
	}
	return spans
}

// HeadText returns the beginning of a paragraph, enough for a title in brackets.
func HeadText(spans []digest.Span) string {
	var out strings.Builder
	for _, s := range spans {
		if out.Len() > 1024 {
			break
		}
		out.WriteString(s.Text[:min(len(s.Text), 1024)])
	}
	return out.String()
}

// SpanLines divides spans at line breaks.
func SpanLines(spans []digest.Span) [][]digest.Span {
	lines := [][]digest.Span{nil}
	for _, s := range spans {
		for i, text := range strings.Split(s.Text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if text != "" {
				s.Text = text
				lines[len(lines)-1] = append(lines[len(lines)-1], s)
			}
		}
	}
	return slices.DeleteFunc(lines, func(line []digest.Span) bool { return strings.TrimSpace(digest.TextOf(line)) == "" })
}

// cutSpanOrdinal separates the ordinal in front of a paragraph from the rest.
func cutSpanOrdinal(spans []digest.Span) (digest.Ordinal, []digest.Span, bool) {
	text := digest.TextOf(Head(spans))
	ord, rest, ok := digest.CutOrdinal(text)
	if !ok {
		return ord, spans, false
	}
	_, after := digest.CutSpans(spans, len(text)-len(rest))
	return ord, digest.TrimSpans(after, ""), true
}
