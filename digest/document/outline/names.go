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
