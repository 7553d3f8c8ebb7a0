package encoding

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// Encodings are told apart by what the text would be. Each candidate says how many bits it
// takes to write the bytes beyond ASCII in it: few for the frequent letters of a language,
// many for a rare character, or for a letter in a place where no author puts it. The
// candidate with the fewest bits is taken. Texts of a dozen such characters are enough.

// candidate is an encoding in one language.
type candidate struct {
	label string // as in a declaration
	cost  func(sample []byte) float64
}

// candidates returns all of them, the likely ones first.
var candidates = sync.OnceValue(func() []candidate {
	all := []candidate{{"utf-8", func(sample []byte) float64 { return costUTF8(sample, wrongByte) }}}
	for _, m := range alphabets {
		all = append(all, candidate{m.label, newAlphabet(m).cost})
	}
	for _, m := range wideSets {
		all = append(all, candidate{m.label, newWideSet(m).cost})
	}
	return all
})

const (
	maxSample    = 8 << 10 // bytes that are looked at
	wrongByte    = 14      // bits of a byte that cannot be UTF-8
	wrongByteIn  = 8       // the same, in a document that says that it is UTF-8
	impossible   = 24      // bits of what has no meaning in an encoding
	unlikelyByte = 8       // bits for each byte from which on it is no text: texts have 3 to 6, noise has 10
	freeBits     = 12      // and for all bytes, because a short text may be one rare character
)

// guessEncoding returns the encoding that the document is probably in, and "" if it is in
// none. declared is what the document says, or "".
func guessEncoding(document []byte, declared string) string {
	sample := sampleOf(document)
	claimed := canonical(declared)
	best, label := float64(countHigh(sample)*unlikelyByte+freeBits), ""
	for _, c := range candidates() {
		cost := c.cost(sample)
		switch {
		case c.label == "utf-8" && claimed == "utf-8":
			cost = costUTF8(sample, wrongByteIn)
		case c.label == claimed:
			// An author's word counts, unless it makes nonsense of the text.
			cost = cost*0.9 - 8
		}
		if cost < best {
			best, label = cost, c.label
		}
	}
	return label
}

// sampleOf returns the lines that hold bytes beyond ASCII, as many as are looked at.
func sampleOf(document []byte) []byte {
	var sample []byte
	for line := range bytes.Lines(document) {
		if len(sample) >= maxSample {
			break
		}
		if countHigh(line) > 0 {
			sample = append(sample, line[:min(len(line), maxSample)]...)
		}
	}
	return sample
}

func countHigh(text []byte) (n int) {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// canonical returns the one name for an encoding that the candidates have, as far as
// they have it.
func canonical(label string) string {
	_, name := charset.Lookup(label)
	switch name {
	case "gbk":
		return "gb18030"
	case "koi8-r":
		return "koi8-u" // the same but for four letters of Ukrainian
	}
	return name
}

// decoderOf returns the encoding with that label, or nil.
func decoderOf(label string) encoding.Encoding {
	e, name := charset.Lookup(canonical(strings.TrimSpace(label)))
	if slices.Contains([]string{"replacement", "x-user-defined"}, name) {
		return nil
	}
	return e
}

// common are the characters that texts are full of.
var common = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, {R16: []unicode.Range16{
	{Lo: 0xa0, Hi: 0x17f, Stride: 1},    // Latin
	{Lo: 0x386, Hi: 0x3ce, Stride: 1},   // Greek
	{Lo: 0x401, Hi: 0x45f, Stride: 1},   // Cyrillic
	{Lo: 0x5d0, Hi: 0x5ea, Stride: 1},   // Hebrew
	{Lo: 0x60c, Hi: 0x6d2, Stride: 1},   // Arabic
	{Lo: 0x2010, Hi: 0x2026, Stride: 1}, // dashes and quotation marks
	{Lo: 0x3001, Hi: 0x3011, Stride: 1}, // marks of Chinese and Japanese
	{Lo: 0xff01, Hi: 0xff1f, Stride: 1}, // the same
}}}

// costUTF8 counts the bits of a sample in UTF-8. wrong are those of a byte that does not
// fit.
func costUTF8(sample []byte, wrong float64) (bits float64) {
	for len(sample) > 0 {
		r, size := utf8.DecodeRune(sample)
		switch {
		case r == utf8.RuneError && size <= 1:
			bits += wrong
		case size > 1 && unicode.In(r, common...):
			bits += 3 * float64(size-1)
		case size > 1:
			bits += 6 * float64(size-1)
		}
		sample = sample[size:]
	}
	return bits
}
