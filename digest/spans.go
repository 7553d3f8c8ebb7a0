package digest

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// TextOf returns the text of spans.
func TextOf(spans []Span) string {
	if len(spans) == 1 {
		return spans[0].Text
	}
	var out strings.Builder
	for _, s := range spans {
		out.WriteString(s.Text)
	}
	return out.String()
}

// OneLine replaces line breaks by spaces.
func OneLine(spans []Span) []Span {
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Text = strings.ReplaceAll(s.Text, "\n", " ")
		out[i] = s
	}
	return out
}

// WithoutStyle removes a style, such as the bold one, which a title needs not say.
func WithoutStyle(spans []Span, style Style) []Span {
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Style &^= style
		out[i] = s
	}
	return mergeSpans(out)
}

// mergeSpans joins neighbours that look alike, in place.
func mergeSpans(spans []Span) []Span {
	out := spans[:0]
	for i := 0; i < len(spans); {
		j := i + 1
		for j < len(spans) && spans[j].Style == spans[i].Style && spans[j].Link == spans[i].Link {
			j++
		}
		merged := spans[i]
		merged.Text = TextOf(spans[i:j])
		out = append(out, merged)
		i = j
	}
	return out
}

// TrimSpans returns spans without white space around them, and without the
// characters of cut before them.
func TrimSpans(spans []Span, cut string) []Span {
	out := append([]Span(nil), spans...)
	for len(out) > 0 {
		if out[0].Link != "" {
			cut = "" // punctuation with a link stays
		}
		out[0].Text = strings.TrimLeft(out[0].Text, " \n\u00a0\u3000"+cut)
		if out[0].Text != "" {
			break
		}
		out = out[1:]
	}
	for len(out) > 0 {
		last := &out[len(out)-1]
		last.Text = strings.TrimRight(last.Text, " \n\u00a0\u3000")
		if last.Text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}

// CutSpans divides spans at a byte offset of their text.
func CutSpans(spans []Span, at int) (before, after []Span) {
	for i, s := range spans {
		if at < len(s.Text) {
			before = append(before, spans[:i]...)
			if at > 0 {
				head := s
				head.Text = s.Text[:at]
				before = append(before, head)
			}
			s.Text = s.Text[at:]
			after = append(append(after, s), spans[i+1:]...)
			return before, after
		}
		at -= len(s.Text)
	}
	return spans, nil
}

// trimStart removes white space before spans, in place.
func trimStart(spans []Span) []Span {
	for len(spans) > 0 {
		if spans[0].Text = strings.TrimLeft(spans[0].Text, " \n\u3000"); spans[0].Text != "" {
			break
		}
		spans = spans[1:]
	}
	return spans
}

// trimEnd removes white space after spans, in place.
func trimEnd(spans []Span) []Span {
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		if last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace); last.Text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	return spans
}

// firstBytes returns a copy of the first size bytes of spans, and whether there
// are more.
func firstBytes(spans []Span, size int) ([]Span, bool) {
	for i, s := range spans {
		if len(s.Text) > size {
			head := slices.Clone(spans[:i+1])
			head[i].Text = s.Text[:runeStart(s.Text, size)]
			return head, true
		}
		size -= len(s.Text)
	}
	return slices.Clone(spans), false
}

func embolden(spans []Span) []Span {
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Style = s.Style&^Monospace | Bold
		out[i] = s
	}
	return out
}

func sharedStyle(spans []Span) Style {
	shared := ^Style(0)
	for _, s := range spans {
		shared &= s.Style
	}
	return shared &^ Monospace
}

func indented(indent string, spans []Span) []Span {
	if indent == "" {
		return spans
	}
	return append([]Span{{Text: indent}}, spans...)
}

// unstyled returns spans in one line with nothing but links.
func unstyled(spans []Span) []Span {
	return WithoutStyle(OneLine(spans), ^Style(0))
}

func unlinked(spans []Span) []Span {
	out := slices.Clone(spans)
	for i := range out {
		out[i].Link = ""
	}
	return mergeSpans(out)
}

// AllSpans yields the spans of blocks in reading order.
func AllSpans(blocks []Block) iter.Seq[Span] {
	return func(yield func(Span) bool) { eachSpan(blocks, yield) }
}

// eachSpan reports whether yield took all spans of blocks.
func eachSpan(blocks []Block, yield func(Span) bool) bool {
	for _, b := range blocks {
		if !allSpans(b.Spans, yield) || !eachSpan(b.Blocks, yield) {
			return false
		}
		for _, entry := range b.Entries {
			if !eachSpan(entry, yield) {
				return false
			}
		}
		for _, cell := range slices.Concat(b.Rows...) {
			if !allSpans(cell, yield) {
				return false
			}
		}
	}
	return true
}

func allSpans(spans []Span, yield func(Span) bool) bool {
	for _, s := range spans {
		if !yield(s) {
			return false
		}
	}
	return true
}

// FirstLine returns the paragraph up to its first line break.
func FirstLine(spans []Span) []Span {
	for i, s := range spans {
		if at := strings.IndexByte(s.Text, '\n'); at >= 0 {
			s.Text = s.Text[:at]
			return append(slices.Clone(spans[:i]), s)
		}
	}
	return spans
}
