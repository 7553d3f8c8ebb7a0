package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// commandLength returns the length of what Telegram takes for a command of the bot at
// text[i], which is a slash; 0: there is none (tdlib/td, match_bot_commands).
func commandLength(text string, i int) int {
	beside := func(r rune) bool {
		return r == '_' || r == '/' || r == '<' || r == '>' || unicode.IsLetter(r) || unicode.IsNumber(r)
	}
	n := prefixLength(text[i+1:], isNameRune)
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1+n:])
	if n == 0 || n > 64 || i > 0 && beside(before) || i+1+n < len(text) && beside(after) {
		return 0
	}
	return 1 + n
}

// textRange is a stretch of a text, in bytes.
type textRange struct{ from, to int }

// withoutCommands sets as code what Telegram would take for a command: a reader who taps a
// word such as "/usr" would send it to the bot. Most of these words are paths, which read
// well as code, and a tap copies them. The text does not change.
func withoutCommands(spans []Span) []Span {
	text := TextOf(spans)
	var commands []textRange
	for i := strings.IndexByte(text, '/'); i >= 0; {
		next := i + 1
		if n := commandLength(text, i); n > 0 {
			word := pathAround(text, i, i+n)
			commands = append(commands, word)
			next = word.to
		}
		if i = strings.IndexByte(text[next:], '/'); i >= 0 {
			i += next
		}
	}
	if len(commands) == 0 {
		return spans
	}
	return asCode(spans, commands)
}

// pathAround adds to a command the rest of the path it is a part of, as in "~/notes.txt".
func pathAround(text string, from, to int) textRange {
	from = len(strings.TrimRight(text[:from], "~."))
	rest := text[to:]
	rest = rest[:prefixLength(rest, func(r rune) bool { return isNameRune(r) || strings.ContainsRune("./-+~", r) })]
	return textRange{from, to + len(strings.TrimRight(rest, ".-+"))}
}

// asCode sets ranges of the text of spans as code, except links and what is code already.
func asCode(spans []Span, ranges []textRange) []Span {
	var out []Span
	offset := 0
	for _, s := range spans {
		end := offset + len(s.Text)
		for len(ranges) > 0 && s.Link == "" && !s.isCode() && ranges[0].from < end {
			from, to := max(ranges[0].from, offset), min(ranges[0].to, end)
			before, word := s, Span{Text: s.Text[from-offset : to-offset], Style: Monospace}
			before.Text = s.Text[:from-offset]
			if before.Text != "" {
				out = append(out, before)
			}
			out = append(out, word)
			s.Text, offset = s.Text[to-offset:], to
			if ranges[0].to > end {
				break
			}
			ranges = ranges[1:]
		}
		if s.Text != "" {
			out = append(out, s)
		}
		offset = end
		for len(ranges) > 0 && ranges[0].to <= end {
			ranges = ranges[1:]
		}
	}
	return out
}
