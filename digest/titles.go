package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// titled makes an item of its first paragraph and the blocks that follow. The
// title is what stands out at the beginning: a link, bold words, or the whole
// line if it is short. single says that nothing else distinguishes the paragraph
// from running text.
func titled(spans []Span, body []Block, single bool) Item {
	spans = trimSpans(spans, "")
	if at := strings.IndexByte(plain(spans), '\n'); at >= 0 {
		first, rest := cutSpans(spans, at)
		if isTitleLine(first) {
			rest = trimSpans(rest, "")
			return Item{Title: titleSpans(first), Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
		}
	}
	if title, rest := cutTitle(spans); len(title) > 0 && width(plain(title)) <= maxMarkedTitle {
		if len(rest) == 0 {
			return Item{Title: titleSpans(title), Body: body}
		}
		return Item{Title: titleSpans(title), RunIn: true, Body: append([]Block{{Kind: Paragraph, Spans: rest}}, body...)}
	}
	text := plain(spans)
	if width(text) <= maxTitle && !strings.Contains(text, "\n") && !(single && len(body) == 0 && endsSentence(text) && width(text) > maxTitle/2) {
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
	out := make([]Span, len(spans))
	for i, s := range spans {
		s.Style &^= Bold | Monospace
		out[i] = s
	}
	return trimSpans(mergeSpans(out), "")
}

// maxTitle is how wide, in columns, a line without link or bold words may be to
// be a title.
const maxTitle = 120

// maxMarkedTitle is how wide, in columns, a link or bold words may be to be a
// title.
const maxMarkedTitle = 480

// cutTitle separates the link or the bold words that a paragraph begins with,
// with tags in brackets before them and a remark in parentheses after them.
func cutTitle(spans []Span) (title, rest []Span) {
	start := 0
	if len(spans) > 1 && isTag(spans[0]) {
		start = 1
	}
	end := titleEnd(spans, start)
	if end == start {
		return nil, spans
	}
	title, rest = spans[:end:end], spans[end:]
	tail := plain(trimSpans(rest, ""))
	if !strings.ContainsFunc(tail, isWordRune) || width(tail) <= maxRemark && isRemark(tail) {
		return append(title, rest...), nil
	}
	return title, rest
}

// titleEnd returns the index after the bold words, or the link, that begin at
// start.
func titleEnd(spans []Span, start int) int {
	if start == len(spans) {
		return start
	}
	first := spans[start]
	end := start
	for end < len(spans) {
		s := spans[end]
		bold := first.Style&Bold != 0 && (s.Style&Bold != 0 || s.Link != "")
		linked := first.Link != "" && s.Link == first.Link
		if !bold && !linked {
			break
		}
		end++
	}
	return end
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// maxRemark is how wide, in columns, a remark in the line of a title may be.
const maxRemark = 40

func isRemark(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("（(［[【", first) && strings.ContainsRune("）)］]】.。", last)
}

// isTag reports whether a span holds only words in brackets.
func isTag(s Span) bool {
	return s.Link == "" && s.Style&Bold == 0 && width(s.Text) <= maxRemark && isRemark(strings.TrimSpace(s.Text))
}

// isLinkTitle reports whether a paragraph is a link, with at most a tag before
// and a remark after it.
func isLinkTitle(spans []Span) bool {
	spans = trimSpans(spans, "")
	if len(spans) > 1 && isTag(spans[0]) {
		spans = spans[1:]
	}
	if len(spans) == 0 || !strings.HasPrefix(spans[0].Link, "http") {
		return false
	}
	title, rest := cutTitle(spans)
	return len(title) > 0 && len(rest) == 0 && plain(title) != spans[0].Link
}

// isTitleLine reports whether a line is all bold, or all link.
func isTitleLine(spans []Span) bool { return isBold(spans) || isLinkTitle(spans) }

// isBold reports whether all the words of a paragraph are bold.
func isBold(spans []Span) bool {
	words := false
	for _, s := range spans {
		if s.Style&Bold != 0 {
			words = words || strings.TrimSpace(s.Text) != ""
		} else if strings.ContainsFunc(s.Text, isWordRune) {
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
	text := plain(line)
	return isBold(line) && width(text) <= 2*maxTitle && !strings.HasSuffix(text, "。") &&
		!(endsSentence(text) && width(text) > maxTitle/2)
}
