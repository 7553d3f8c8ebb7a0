package digest

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// width returns how many columns a text takes, ideographs counting two.
func width(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= utf8.RuneSelf && isWide(r) {
			n++
		}
	}
	return n
}

// blockWidth returns how many columns the texts of blocks take.
func blockWidth(blocks []Block) int {
	n := 0
	for s := range spansOf(blocks) {
		n += width(s.Text)
	}
	return n
}

// isWide tells whether a character belongs to a script written without spaces.
func isWide(r rune) bool {
	switch {
	case r < 0x2e80:
		return false
	case r <= 0x303f, r >= 0x3041 && r <= 0x30ff, r >= 0x3400 && r <= 0x9fff: // signs, kana, ideographs
		return true
	}
	return r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xffef || r >= 0x20000 && r <= 0x3ffff
}

// columnBytes returns how many bytes of text fit in columns.
func columnBytes(text string, columns int) int {
	for i, r := range text {
		if columns -= width(string(r)); columns < 0 {
			return i
		}
	}
	return len(text)
}

// shorten cuts a text that is wider than max between graphemes and ends it
// with an ellipsis.
func shorten(text string, limit int) string {
	if width(text) <= limit {
		return text
	}
	var out strings.Builder
	columns := 0
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() {
		if columns += width(graphemes.Str()); columns > limit-1 || out.Len() > 8*limit {
			break
		}
		out.WriteString(graphemes.Str())
	}
	return strings.TrimRight(out.String(), " ,，、;；:：") + "…"
}

// runeStart returns the largest offset not above limit at which a character
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

// Units returns the length of a text as Telegram counts it: in UTF-16 code
// units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
