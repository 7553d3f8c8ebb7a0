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
// with an apostrophe or a letter right behind the title, with a small letter, or with a
// comma and has small letters. In scripts without small letters white space divides a
// title from its text. Behind a comma, names and a date say who wrote it and when.
func goesOn(rest []Span) bool {
	const enough = 64 // bytes, of a few words
	opening, _ := firstBytes(rest, enough)
	text := TextOf(opening)
	after := strings.TrimLeftFunc(text, unicode.IsSpace)
	first, size := utf8.DecodeRuneInString(after)
	switch {
	case after != text:
		return unicode.IsLower(first) || first == '&'
	case strings.ContainsRune(commas, first):
		return slices.ContainsFunc(strings.Fields(after[size:]), isPlainWord)
	}
	return unicode.IsLetter(first) || first == '\'' || first == '’'
}

const commas = ",，、"

// isPlainWord reports whether a word is no name: it begins with a letter that is not a
// capital.
func isPlainWord(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLetter(first) && !unicode.IsUpper(first)
}

// listsMore reports whether the text behind a title goes on with a comma: the title is
// the first of several names, or says less than its sentence.
func (it *Item) listsMore() bool {
	return it.RunIn && len(it.Body) > 0 && len(it.Body[0].Spans) > 0 &&
		strings.IndexAny(it.Body[0].Spans[0].Text, commas) == 0 && goesOn(it.Body[0].Spans)
}
