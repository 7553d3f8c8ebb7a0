package outline

import (
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// maxTopic is how wide, in columns, the name of a topic is at most. Names of
// sections are short, because they come back in every issue.
const maxTopic = 36

// IsTopic reports whether a line reads like the name of a topic, which may come
// back in every issue, and not like a date, a version or the title of a story: it
// is short, has no number, and is no sentence.
func IsTopic(spans []digest.Span) bool {
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
// long, or a sentence, or has fields under it.
func isStory(heading *page.Node) bool {
	_, spans, _ := cutSpanOrdinal(heading.Spans)
	return heading.Item || digest.IsLinkTitle(spans) || isWider(spans, longHeading, longWideHeading) || isWholeSentence(digest.TextOf(spans))
}

// How many words a heading has at least, or columns in Chinese, Japanese and Korean, to be
// a whole sentence, if it ends like one. "What's new?" is a topic.
const (
	minWords       = 4
	minWideColumns = 16
)

// isWholeSentence reports whether a heading is a statement, a question or a call of some
// words.
func isWholeSentence(text string) bool {
	text = strings.TrimRight(text, " ”’\"')）」』")
	if strings.HasSuffix(text, "..") || strings.TrimRight(text, ".?!。？！") == text {
		return false
	}
	return len(strings.Fields(text)) >= minWords || digest.Width(text) >= minWideColumns && strings.ContainsFunc(text, digest.IsWide)
}

// isWider reports whether a text has at least so many columns; in Chinese, Japanese
// and Korean wide counts.
func isWider(spans []digest.Span, columns, wide int) bool {
	text := digest.TextOf(spans)
	width := digest.Width(text)
	return width >= columns || width >= wide && strings.ContainsFunc(text, digest.IsWide)
}
