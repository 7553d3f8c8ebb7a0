package outline

import (
	"strings"
	"unicode"

	"digestbot/digest"
)

// maxTopic is how wide, in columns, the name of a topic is at most. Names of
// sections are short, because they come back in every issue.
const maxTopic = 36

// isTopic reports whether a line reads like the name of a topic, which may come
// back in every issue, and not like a date, a version or the title of a story: it
// is short, has no number, and is no sentence.
func isTopic(spans []digest.Span) bool {
	_, spans, _ = cutSpanOrdinal(spans)
	text := strings.TrimSpace(digest.TextOf(spans))
	return digest.Width(text) <= maxTopic && !strings.ContainsFunc(text, unicode.IsNumber) && !EndsSentence(text)
}

// How wide, in columns, a heading is at least that reads like the title of an
// item. Names of sections are shorter, and shorter still in Chinese.
const (
	longHeading     = 48
	longWideHeading = 32
	longTopic       = 34 // of half of the headings
	longWideTopic   = 18
)

// isStory reports whether a heading reads like the title of a story: it is a link, or
// long.
func isStory(spans []digest.Span) bool {
	_, spans, _ = cutSpanOrdinal(spans)
	return digest.IsLinkTitle(spans) || isWider(spans, longHeading, longWideHeading)
}

// isWider reports whether a text has at least so many columns; in Chinese, Japanese
// and Korean wide counts.
func isWider(spans []digest.Span, columns, wide int) bool {
	text := digest.TextOf(spans)
	width := digest.Width(text)
	return width >= columns || width >= wide && strings.ContainsFunc(text, digest.IsWide)
}
