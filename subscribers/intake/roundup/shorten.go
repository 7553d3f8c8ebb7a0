package roundup

import (
	"strings"

	"digestbot/digest"
)

// KeptColumns is how much of the text of an entry is worth keeping until its issue is made.
const KeptColumns = maxColumns + 200

// Shorten returns the beginning of a text in paragraphs, of at most that many columns.
// Pictures, tables and headings are left out. The last paragraph may be cut, at the end of
// a sentence if there is one.
func Shorten(text []digest.Block, columns int) (short []digest.Block) {
	for _, b := range text {
		if columns < leastColumn {
			break
		}
		whole := b
		switch {
		case b.Kind == digest.Paragraph && isFooter(b):
			continue
		case b.Kind == digest.Paragraph:
		case b.Kind == digest.Quote, b.Kind == digest.List, b.Kind == digest.Code:
			width := digest.BlocksWidth([]digest.Block{b})
			if width > columns {
				return short
			}
			columns -= width
			short = append(short, whole)
			continue
		default:
			continue
		}
		width := digest.Width(digest.TextOf(b.Spans))
		if width > columns {
			whole.Spans = digest.Excerpt(b.Spans, columns)
		}
		columns -= width
		short = append(short, whole)
	}
	return short
}

// isFooter reports whether a paragraph is what WordPress puts under each entry, or has no
// text.
func isFooter(b digest.Block) bool {
	text := strings.TrimSpace(digest.TextOf(b.Spans))
	return text == "" || strings.HasPrefix(text, "The post ") && strings.Contains(text, " appeared first on ") ||
		strings.Trim(text, ".… []()") == "" || isLinkToAll(text)
}

// isLinkToAll reports whether a paragraph only leads to the rest of the entry.
func isLinkToAll(text string) bool {
	switch strings.ToLower(strings.Trim(text, " .…»→>[]()")) {
	case "read more", "continue reading", "more", "read the full article", "阅读全文", "阅读更多", "閱讀全文", "全文":
		return true
	}
	return false
}
