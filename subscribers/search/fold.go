package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"digestbot/digest"
)

// kind is what a character is to a search.
type kind int

const (
	gap    kind = iota // white space and punctuation: between words
	letter             // or digit, of a script with spaces between words
	suffix             // the signs at the end of "C++" and "C#"
	sign               // of a script without spaces, or an emoji: a word of its own
	mark               // belongs to the character before it
	hidden             // plays no part
)

// Fold returns a text as searches see it: in one case and width, without
// punctuation, and with a space before and after every word of letters. A word
// that begins with "lin" stands in it as " lin", and the word "linux" as
// " linux ". The fold of a part of a text is found in the fold of the whole, if the
// part begins and ends where words do.
func Fold(text string) string {
	var f folder
	for state, rest := -1, text; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		f.write(cluster)
	}
	return f.close()
}

// folder writes a folded text, one character as readers count them at a time.
type folder struct {
	out  strings.Builder
	last kind // of what was written last; at first a gap
}

func (f *folder) write(cluster string) {
	r, size := utf8.DecodeRuneInString(cluster)
	if size == len(cluster) && (r < utf8.RuneSelf || r >= 0x4e00 && r <= 0x9fff) { // almost all of them
		f.rune(unicode.ToLower(r))
		return
	}
	cluster = strings.Map(visible, cluster)
	cluster = strings.TrimLeftFunc(cluster, func(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }) // marks on nothing
	for _, r := range digest.FoldCase(cluster) {
		f.rune(r)
	}
}

// visible drops characters that play no part in a search, so that they separate
// nothing.
func visible(r rune) rune {
	if kindOf(r) == hidden {
		return -1
	}
	return r
}

func (f *folder) rune(r rune) {
	k := kindOf(r)
	if (r == '+' || r == '#') && f.inWord() {
		k = suffix
	}
	switch k {
	case hidden:
		return
	case mark:
		if f.last != gap {
			f.out.WriteRune(r)
		}
		return
	case gap:
		if f.last != gap {
			f.out.WriteByte(' ')
		}
	default:
		if f.apart(k) {
			f.out.WriteByte(' ')
		}
		f.out.WriteRune(r)
	}
	f.last = k
}

func (f *folder) inWord() bool { return f.last == letter || f.last == suffix }

// apart reports whether a space goes before a character of this kind.
func (f *folder) apart(k kind) bool {
	switch k {
	case letter:
		return f.last == sign || f.last == suffix || f.out.Len() == 0
	case sign:
		return f.inWord()
	}
	return false
}

func (f *folder) close() string {
	if f.inWord() {
		f.out.WriteByte(' ')
	}
	return f.out.String()
}

// unspaced are the scripts without spaces between words, except for those of East
// Asia: "ー" and "々" are in no script, so isEastAsian goes by blocks.
var unspaced = []*unicode.RangeTable{unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan}

func kindOf(r rune) kind {
	switch {
	case unicode.IsSpace(r):
		return gap
	case unicode.In(r, unicode.Cf, unicode.Cc), isVariation(r), r >= 0x1f3fb && r <= 0x1f3ff: // skin colours
		return hidden
	case unicode.Is(unicode.M, r):
		return mark
	case unicode.IsLetter(r), unicode.IsNumber(r):
		if isEastAsian(r) || unicode.In(r, unspaced...) {
			return sign
		}
		return letter
	case unicode.Is(unicode.So, r):
		return sign
	}
	return gap
}

func isVariation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

// isEastAsian reports whether a letter is in the blocks of Chinese characters,
// kana, bopomofo and Yi. Korean puts spaces between words.
func isEastAsian(r rune) bool {
	return r >= 0x2e80 && r <= 0xa4cf || r >= 0xf900 && r <= 0xfaff || r >= 0x1b000 && r <= 0x1b16f || r >= 0x20000 && r <= 0x3ffff
}
