package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Phrases finds any of many phrases in a text in lower case. Each must begin where
// a word begins; what follows it is free, so that one entry stands for all
// endings of a word. It takes time with the length of the text, whatever the
// number of phrases.
type Phrases struct {
	begins [256]bool // by the last byte of a first character: most texts have few such
	of     map[rune][]string
}

// NewPhrases returns the phrases of a list, which are separated by "|".
func NewPhrases(list string) *Phrases {
	p := &Phrases{of: map[rune][]string{}}
	for phrase := range strings.SplitSeq(list, "|") {
		first, _ := utf8.DecodeRuneInString(phrase)
		p.begins[byte(first)] = true
		p.of[first] = append(p.of[first], phrase)
	}
	return p
}

// In reports whether a text has one of the phrases.
func (p *Phrases) In(text string) bool {
	before := ' '
	for i, r := range text {
		if p.begins[byte(r)] && (!hasSpaces(before) || !unicode.IsLetter(before)) {
			for _, phrase := range p.of[r] {
				if strings.HasPrefix(text[i:], phrase) {
					return true
				}
			}
		}
		before = r
	}
	return false
}

// hasSpaces reports whether a letter is of a script that puts spaces between words,
// and nothing in front of them. Hebrew and Arabic put articles there; Thai and East
// Asian scripts have no spaces.
func hasSpaces(r rune) bool {
	switch {
	case r < 0x590:
		return true
	case r < 0x780, r >= 0xe00 && r < 0xe80, r >= 0x3040 && r < 0xd7b0:
		return false
	}
	return true
}

// NewWords makes a set of whole texts.
func NewWords(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(list, "|") {
		set[word] = true
	}
	return set
}

// LargeSigns are signs that people put in front of labels, and of lines that are entries.
const LargeSigns = "●■◆▼▲★□◇▽◎☆"

// FoldLine returns a line as lists of words have it, and "" for one that is too long.
func FoldLine(line string) string {
	if len(line) > MaxLine {
		return ""
	}
	return strings.ToLower(strings.TrimFunc(strings.Join(strings.Fields(line), " "), isLineMark))
}

// MaxLine is how long a line is at most that is looked up in lists of words, in bytes.
const MaxLine = 3600

// isLineMark reports whether a sign may stand before or behind the words of furniture.
func isLineMark(r rune) bool {
	switch r {
	case ' ', '.', ':', '!', '|', '·', '•', '→', '»', '>', '«', '←', '‹', '›', '–', '—', '-', '👉', '🔗', '📧', '✉', '\ufe0f':
		return true
	}
	return false
}
