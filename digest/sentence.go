package digest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence returns the blocks of an item whose title is only the beginning of a
// sentence, as in "Jane, John and Joan released …": nothing may come between the
// two. The title becomes the bold beginning of the first block. It returns nil if the
// title stands for itself.
func (it *Item) sentence() []Block {
	if !it.RunIn || len(it.Body) == 0 || !goesOn(it.Body[0].Spans) {
		return nil
	}
	whole := slices.Concat(embolden(it.Title), it.Body[0].Spans)
	return append([]Block{{Kind: Paragraph, Spans: whole}}, it.Body[1:]...)
}

// goesOn reports whether a text behind a title goes on with its sentence: it begins
// with a comma, an apostrophe or a letter right behind the title, or with a small
// letter. In scripts without small letters white space divides a title from its text.
func goesOn(rest []Span) bool {
	const enough = 16 // bytes: white space, and the first letter behind it
	opening, _ := firstBytes(rest, enough)
	text := TextOf(opening)
	after := strings.TrimLeftFunc(text, unicode.IsSpace)
	first, _ := utf8.DecodeRuneInString(after)
	if after == text {
		return unicode.IsLetter(first) || strings.ContainsRune(",，、'’", first)
	}
	return unicode.IsLower(first) || first == '&'
}
