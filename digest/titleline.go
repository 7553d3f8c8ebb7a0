package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsLinkTitle reports whether a paragraph is a link, with at most a tag before
// and a remark after it.
func IsLinkTitle(spans []Span) bool {
	spans = TrimSpans(spans, "")
	if len(spans) > 1 && isTag(spans[0]) {
		spans = spans[1:]
	}
	if len(spans) == 0 || !strings.HasPrefix(spans[0].Link, "http") {
		return false
	}
	title, rest := CutTitle(spans)
	return len(title) > 0 && len(rest) == 0 && TextOf(title) != spans[0].Link
}

// CutTitle separates the link or the bold words that a paragraph begins with,
// with tags in brackets before them and a remark in parentheses after them. If the
// last word goes on behind them, as Korean and Turkish ones do, they are no title.
func CutTitle(spans []Span) (title, rest []Span) {
	start := 0
	if len(spans) > 1 && isTag(spans[0]) {
		start = 1
	}
	end := titleEnd(spans, start)
	if end == start {
		return nil, spans
	}
	title, rest = spans[:end:end], spans[end:]
	if isWithinWord(title, rest) {
		return nil, spans
	}
	tail := TextOf(TrimSpans(rest, ""))
	if !HasWords(tail) || Width(tail) <= maxRemark && isRemark(tail) {
		return append(title, rest...), nil
	}
	return title, rest
}

// isWithinWord reports whether a title ends in the middle of a word, of a script that puts
// spaces between words.
func isWithinWord(title, rest []Span) bool {
	if len(rest) == 0 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(title[len(title)-1].Text)
	next, _ := utf8.DecodeRuneInString(rest[0].Text)
	return isSpacedLetter(last) && isSpacedLetter(next)
}

func isSpacedLetter(r rune) bool {
	return unicode.IsLetter(r) && (!IsWide(r) || unicode.Is(unicode.Hangul, r)) && !unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
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

// isTag reports whether a span holds only words in brackets, or emoji and signs
// that decorate a line.
func isTag(s Span) bool {
	if s.Link != "" || Width(s.Text) > maxRemark {
		return false
	}
	if s.Style&Bold == 0 && isRemark(strings.TrimSpace(s.Text)) {
		return true
	}
	_, rest := leadingEmoji(s.Text)
	return rest == ""
}

// maxRemark is how wide, in columns, a remark in the line of a title may be.
const maxRemark = 40

// HasWords reports whether a text has a letter or a number.
func HasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func isRemark(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("（(［[【", first) && strings.ContainsRune("）)］]】.。", last)
}

// IsAttribution reports whether a paragraph names the author of the quotation
// before it: it begins with a dash.
func IsAttribution(spans []Span) bool {
	const longest = 6 // bytes, of two dashes
	opening, _ := firstBytes(spans, longest)
	text := TextOf(opening)
	return strings.HasPrefix(text, "--") || strings.HasPrefix(text, "——") || strings.HasPrefix(text, "— ") ||
		strings.HasPrefix(text, "– ") || strings.HasPrefix(text, "―")
}
