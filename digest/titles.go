package digest

import (
	"strings"
)

// titled makes an item of its first paragraph and the blocks that follow. The
// title is what stands out at the beginning: a link, bold words, or the whole
// line if it is short. single says that nothing else distinguishes the paragraph
// from running text.
func titled(spans []Span, body []Block, single bool) Item {
	spans = TrimSpans(spans, "")
	if at := strings.IndexByte(TextOf(spans), '\n'); at >= 0 {
		first, rest := CutSpans(spans, at)
		if isTitleLine(first) {
			rest = TrimSpans(rest, "")
			return Item{Title: titleSpans(first), Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
		}
	}
	if title, rest := CutTitle(spans); len(title) > 0 && Width(TextOf(title)) <= maxMarkedTitle {
		if len(rest) == 0 {
			return Item{Title: titleSpans(title), Body: body}
		}
		return Item{Title: titleSpans(title), RunIn: true, Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
	}
	text := TextOf(spans)
	if Width(text) <= maxTitle && !strings.Contains(text, "\n") && !(single && len(body) == 0 && endsSentence(text) && Width(text) > maxTitle/2) {
		return Item{Title: titleSpans(spans), Body: body}
	}
	if len(spans) > 0 {
		body = append([]Block{{Kind: Paragraph, Spans: spans}}, body...)
	}
	return Item{Body: body}
}

// titleSpans removes from a title the bold style, which it has as a title, and
// the mono-spaced font, which cannot be bold.
func titleSpans(spans []Span) []Span {
	return TrimSpans(WithoutStyle(spans, Bold|Monospace), "")
}

// maxTitle is how wide, in columns, a line without link or bold words may be to
// be a title.
const maxTitle = 120

// maxMarkedTitle is how wide, in columns, a link or bold words may be to be a
// title.
const maxMarkedTitle = 480

// isTitleLine reports whether a line is all bold, or all link.
func isTitleLine(spans []Span) bool { return isBold(spans) || IsLinkTitle(spans) }

// isBold reports whether all the words of a paragraph are bold.
func isBold(spans []Span) bool {
	words := false
	for _, s := range spans {
		if s.Style&Bold != 0 {
			words = words || strings.TrimSpace(s.Text) != ""
		} else if HasWords(s.Text) {
			return false
		}
	}
	return words
}

// endsSentence reports whether a text ends like a statement.
func endsSentence(text string) bool {
	text = strings.TrimRight(text, " ”’\"')）」』")
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "；")
}

// isBoldTitle reports whether a bold line is a title, and not a sentence that is
// bold for emphasis.
func isBoldTitle(line []Span) bool {
	text := TextOf(line)
	return isBold(line) && Width(text) <= 2*maxTitle && !strings.HasSuffix(text, "。") &&
		!(endsSentence(text) && Width(text) > maxTitle/2)
}
