package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
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
	if len(spans) == 1 {
		return spans[0].Text
	}
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

// LinksIn counts the links in nodes.
func LinksIn(nodes ...page.Node) int {
	n := 0
	for i := range nodes {
		n += linksIn(nodes[i].Block)
	}
	return n
}

func linksIn(blocks ...digest.Block) int {
	n := 0
	for s := range digest.AllSpans(blocks) {
		if isWebLink(s) {
			n++
		}
	}
	return n
}

func isWebLink(s digest.Span) bool { return strings.HasPrefix(s.Link, "http") }

// firstLink returns the address of the first link in a text; "" if there is none.
func firstLink(spans []digest.Span) string {
	for _, s := range spans {
		if s.Link != "" {
			return s.Link
		}
	}
	return ""
}

func endsInColon(spans []digest.Span) bool {
	text := strings.TrimSpace(digest.TextOf(spans))
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
}
