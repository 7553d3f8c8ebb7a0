package digest

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Telegram counts UTF-16 code units, a screen has columns, and a reader sees
// characters (grapheme clusters, Unicode TR 29), of which one may be many code
// points. Text is measured and cut here and nowhere else.

// Units returns the length of a text as Telegram counts it: in UTF-16 code
// units.
func Units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// SliceUnits returns the part of a text that an entity of Telegram covers:
// offset and length are in UTF-16 code units. It reports false if the text has
// no such part.
func SliceUnits(text string, offset, length int) (part string, ok bool) {
	units := utf16.Encode([]rune(text))
	if offset < 0 || length < 0 || offset > len(units)-length {
		return "", false
	}
	return string(utf16.Decode(units[offset : offset+length])), true
}

// FirstUnits returns the beginning of a text, at most units long in UTF-16 code
// units. It ends with a whole character.
func FirstUnits(text string, units int) string {
	return leading(text, func(character string) bool {
		units -= Units(character)
		return units >= 0
	})
}

// ShortenUnits returns a text in one line, at most units long in UTF-16 code
// units, which are 2 or more. What is cut ends with an ellipsis.
func ShortenUnits(text string, units int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if Units(text) <= units {
		return text
	}
	return strings.TrimRight(FirstUnits(text, units-1), " ") + "…"
}

// ShortenCharacters returns a text of at most that many characters, as readers
// see them, and eight bytes for each. What is cut ends with an ellipsis, which
// counts.
func ShortenCharacters(text string, characters int) string {
	first := func(n int) string {
		room := 8 * characters // bytes: a character may be as long as its author likes
		return leading(text, func(character string) bool {
			n--
			room -= len(character)
			return n >= 0 && room >= 0
		})
	}
	if first(characters) == text {
		return text
	}
	return strings.TrimSpace(first(characters-1)) + "…"
}

// shortenColumns returns a text of at most that many columns. What is cut ends
// with an ellipsis, which counts.
func shortenColumns(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	columns-- // of the ellipsis
	head := leading(text, func(character string) bool {
		columns -= Width(character)
		return columns >= 0
	})
	return strings.TrimRight(head, beforeEllipsis) + "…"
}

// beforeEllipsis is the punctuation that says less than the ellipsis after it.
const beforeEllipsis = " ,，、;；:："

// leading returns the beginning of a text up to the first character, as readers
// see them, that does not fit.
func leading(text string, fits func(character string) bool) string {
	end := 0
	for rest, state := text, -1; rest != ""; {
		var character string
		character, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if !fits(character) {
			break
		}
		end += len(character)
	}
	return text[:end]
}

// Width returns how many columns a text takes, ideographs counting two.
func Width(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= utf8.RuneSelf && IsWide(r) {
			n++
		}
	}
	return n
}

// IsWide reports whether a character belongs to a script written without spaces.
func IsWide(r rune) bool {
	switch {
	case r < 0x2e80:
		return false
	case r <= 0x303f, r >= 0x3041 && r <= 0x30ff, r >= 0x3400 && r <= 0x9fff: // signs, kana, ideographs
		return true
	}
	return r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xffef || r >= 0x20000 && r <= 0x3ffff
}

// BlocksWidth returns how many columns the texts of blocks take.
func BlocksWidth(blocks []Block) int {
	n := 0
	for s := range AllSpans(blocks) {
		n += Width(s.Text)
	}
	return n
}

// columnBytes returns how many bytes of text fit in columns.
func columnBytes(text string, columns int) int {
	for i, r := range text {
		if columns -= Width(string(r)); columns < 0 {
			return i
		}
	}
	return len(text)
}

// runeStart returns the largest offset not above limit at which a code point
// starts or the text ends.
func runeStart(text string, limit int) int {
	if limit >= len(text) {
		return len(text)
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit
}
