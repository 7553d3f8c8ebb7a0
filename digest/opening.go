package digest

import (
	"slices"
	"strings"
)

// head returns the spans at the beginning of a paragraph, enough for an ordinal
// and what follows it.
func head(spans []Span) []Span {
	size := 0
	for i, s := range spans {
		if size += len(s.Text); size > 64 {
			return spans[:i+1]
		}
	}
	return spans
}

// headText returns the beginning of a paragraph, enough for a title in brackets.
func headText(spans []Span) string {
	var out strings.Builder
	for _, s := range spans {
		if out.Len() > 1024 {
			break
		}
		out.WriteString(s.Text[:min(len(s.Text), 1024)])
	}
	return out.String()
}

// spanLines divides spans at line breaks.
func spanLines(spans []Span) [][]Span {
	lines := [][]Span{nil}
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
	return slices.DeleteFunc(lines, func(line []Span) bool { return strings.TrimSpace(TextOf(line)) == "" })
}

// cutSpanOrdinal separates the ordinal in front of a paragraph from the rest.
func cutSpanOrdinal(spans []Span) (Ordinal, []Span, bool) {
	text := TextOf(head(spans))
	ord, rest, ok := CutOrdinal(text)
	if !ok {
		return ord, spans, false
	}
	_, after := CutSpans(spans, len(text)-len(rest))
	return ord, TrimSpans(after, ""), true
}
