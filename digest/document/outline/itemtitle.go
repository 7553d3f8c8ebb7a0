package outline

import (
	"strings"

	"digestbot/digest"
)

// titled makes an item of its first paragraph and the blocks that follow. The
// title is what stands out at the beginning: a link, bold words, or the whole
// line if it is short. single says that nothing else distinguishes the paragraph
// from running text.
func titled(spans []digest.Span, body []digest.Block, single bool) digest.Item {
	spans = digest.TrimSpans(spans, "")
	text := digest.TextOf(spans)
	if at := strings.IndexByte(text, '\n'); at >= 0 {
		first, rest := digest.CutSpans(spans, at)
		if IsTitleLine(first) {
			return digest.Item{Title: titleSpans(first), Body: withParagraph(digest.TrimSpans(rest, ""), body)}
		}
	}
	if title, rest := digest.CutTitle(spans); len(title) > 0 && digest.Width(digest.TextOf(title)) <= maxMarkedTitle {
		if len(rest) == 0 {
			return digest.Item{Title: titleSpans(title), Body: body}
		}
		return digest.Item{Title: titleSpans(title), RunIn: true, Body: withParagraph(rest, body)}
	}
	if digest.Width(text) <= MaxTitle && !strings.Contains(text, "\n") && !(single && len(body) == 0 && EndsSentence(text) && digest.Width(text) > MaxTitle/2) {
		return digest.Item{Title: titleSpans(spans), Body: body}
	}
	if len(spans) > 0 {
		body = withParagraph(spans, body)
	}
	return digest.Item{Body: body}
}

// withParagraph returns a paragraph and the blocks under it.
func withParagraph(paragraph []digest.Span, blocks []digest.Block) []digest.Block {
	return append([]digest.Block{{Kind: digest.Paragraph, Spans: paragraph}}, blocks...)
}

// titleSpans removes from a title the bold style, which it has as a title, and
// the mono-spaced font, which cannot be bold.
func titleSpans(spans []digest.Span) []digest.Span {
	return digest.TrimSpans(digest.WithoutStyle(spans, digest.Bold|digest.Monospace), "")
}

// MaxTitle is how wide, in columns, a line without link or bold words may be to
// be a title.
const MaxTitle = 120

// maxMarkedTitle is how wide, in columns, a link or bold words may be to be a
// title.
const maxMarkedTitle = 480

// IsTitleLine reports whether a line is all bold, or all link.
func IsTitleLine(spans []digest.Span) bool { return isBold(spans) || digest.IsLinkTitle(spans) }

// isBold reports whether all the words of a paragraph are bold.
func isBold(spans []digest.Span) bool {
	words := false
	for _, s := range spans {
		if s.Style&digest.Bold != 0 {
			words = words || strings.TrimSpace(s.Text) != ""
		} else if digest.HasWords(s.Text) {
			return false
		}
	}
	return words
}

// EndsSentence reports whether a text ends like a statement.
func EndsSentence(text string) bool {
	text = strings.TrimRight(text, " ”’\"')）」』")
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "；")
}

// isBoldTitle reports whether a bold line is a title, and not a sentence that is
// bold for emphasis.
func isBoldTitle(line []digest.Span) bool {
	text := digest.TextOf(line)
	return isBold(line) && digest.Width(text) <= 2*MaxTitle && !strings.HasSuffix(text, "。") &&
		!(EndsSentence(text) && digest.Width(text) > MaxTitle/2)
}
