// Package typeface is the typeface of pictures that the bot draws: Noto Sans CJK, with the
// characters of European languages, Chinese in both scripts, Japanese and Korean. It has no
// emoji. It is part of the program, so pictures look the same on each machine, and a server
// without fonts draws them too.
//
// The typeface is under the SIL Open Font License (OFL.txt); subset.py says how the file was
// made.
package typeface

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"digestbot/digest"
)

//go:embed NotoSansCJK.ttf
var file []byte

// parsed has which characters there are.
var parsed = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(file)
	if err != nil {
		panic("the embedded typeface cannot be read: " + err.Error())
	}
	return font
})

// File returns the typeface as a TrueType file, which must not be changed. It is safe for
// concurrent use.
func File() []byte { return file }

// Drawable returns a text without what cannot be drawn. Emoji and other symbols that the
// typeface lacks are left out, and accents where only the plain letter is there. Other letters
// are replaced by □, so that a name in another script does not become nothing. Spaces are
// joined, and stand neither first nor last.
func Drawable(text string) string {
	var buffer sfnt.Buffer
	drawn := strings.Map(func(r rune) rune { return drawable(&buffer, r) }, norm.NFC.String(text))
	return strings.Join(strings.Fields(drawn), " ")
}

// Legible returns a text as Drawable does; empty if letters of it would be missing or in the
// wrong order, or if nothing is left but signs.
func Legible(text string) string {
	drawn := Drawable(text)
	if strings.ContainsRune(drawn, missing) || !digest.HasWords(drawn) || digest.IsRightToLeft(drawn) {
		return ""
	}
	return drawn
}

// missing stands for a letter that the typeface lacks.
const missing = '□'

// drawable returns the character to draw for r, or -1 if there is none.
func drawable(buffer *sfnt.Buffer, r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	if !unicode.IsPrint(r) || unicode.Is(unicode.M, r) {
		return -1
	}
	plain, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	for _, one := range []rune{r, plain} {
		if glyph, err := parsed().GlyphIndex(buffer, one); err == nil && glyph != 0 {
			return one
		}
	}
	if isSymbol := unicode.Is(unicode.Common, r); isSymbol || !unicode.IsLetter(r) { // ℹ is a letter
		return -1
	}
	return missing
}
