package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// SectionKey returns what identifies a section across issues: its heading
// without ordinal, emoji, punctuation, white space, and differences of width
// and case. "一、值得关注", "1. 值得关注！" and "🔥值得关注" have one key. "+" and "#" stay
// behind a letter, because "C", "C++" and "C#" are three sections. A heading of
// nothing but emoji or punctuation is its own key. The key of a key is the
// key itself.
func SectionKey(heading string) string {
	heading = strings.ToValidUTF8(heading, "") // or broken halves could join below
	name, _ := SplitEmoji(heading)
	if _, rest, ok := CutOrdinal(name); ok && rest != "" {
		name, _ = SplitEmoji(rest)
	}
	if key := FoldName(name); key != "" {
		return key
	}
	if key := FoldName(heading); key != "" {
		return key
	}
	return strings.Join(strings.Fields(heading), "")
}

// FoldName returns the letters and digits of a name, folded. Without the sign
// between them two characters may compose, so this is repeated until nothing
// changes.
func FoldName(name string) string {
	for {
		key := foldOnce(name)
		if key == name || len(key) >= len(name) && foldOnce(key) == key {
			return key
		}
		name = key
	}
}

func foldOnce(name string) string {
	folded := FoldCase(name)
	var key strings.Builder
	key.Grow(len(folded))
	var last rune
	for _, r := range folded {
		switch {
		case isPlainName(r), unicode.In(r, unicode.L, unicode.N),
			unicode.In(r, unicode.Mn, unicode.Mc) && !isVariation(r) && key.Len() > 0,
			(r == '+' || r == '#') && (unicode.IsLetter(last) || last == '+'):
			key.WriteRune(r)
			last = r
		default:
			last = 0
		}
	}
	return key.String()
}

// isPlainName reports whether a character is one of those that most names consist of: the tables
// of Unicode take long.
func isPlainName(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || '\u4e00' <= r && r <= '\u9fff'
}

func isVariation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

// SplitEmoji separates a heading from the emoji at its beginning, else at its
// end, and from signs that only decorate it.
func SplitEmoji(heading string) (name, emoji string) {
	name = strings.TrimSpace(heading)
	emoji, name = leadingEmoji(name)
	if trailing, rest := trailingEmoji(name); trailing != "" && rest != "" {
		name = rest
		if emoji == "" {
			emoji = trailing
		}
	}
	return strings.TrimSpace(name), emoji
}

func leadingEmoji(text string) (emoji, rest string) {
	rest = text
	state := -1
	end := 0
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		switch {
		case IsEmoji(cluster):
			emoji += cluster
		case strings.TrimSpace(cluster) == "" || isDecoration(cluster):
		default:
			return emoji, text[end:]
		}
		end = len(text) - len(rest)
	}
	return emoji, text[end:]
}

func trailingEmoji(text string) (emoji, rest string) {
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(text)); unicode.IsLetter(last) { // graphemes take long
		return "", text
	}
	end, start := 0, -1 // of the last character that is no emoji; of the emoji after it
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() {
		from, to := graphemes.Positions()
		cluster := graphemes.Str()
		switch {
		case IsEmoji(cluster):
			if start < 0 {
				start = from
			}
		case strings.TrimSpace(cluster) != "":
			end, start = to, -1
		}
	}
	if start < 0 {
		return "", text
	}
	return strings.TrimSpace(text[start:]), text[:end]
}

// isDecoration reports whether a character is a bullet or a bar, which only
// decorate a heading.
func isDecoration(cluster string) bool {
	r, size := utf8.DecodeRuneInString(cluster)
	return size == len(cluster) && (r >= 0x2580 && r <= 0x25ff || strings.ContainsRune("|｜·•※★☆", r))
}

// IsEmoji reports whether a character is shown as an emoji (Unicode TR 51,
// without the signs that are text unless a variation selector says otherwise).
func IsEmoji(cluster string) bool {
	r, size := utf8.DecodeRuneInString(cluster)
	if r == utf8.RuneError || uniseg.GraphemeClusterCount(cluster) != 1 {
		return false
	}
	rest := cluster[size:]
	switch {
	case r >= 0x1f000 && r <= 0x1faff, r >= 0x1f1e6 && r <= 0x1f1ff:
		return true
	case strings.ContainsRune(rest, '\u20e3'), strings.ContainsRune(rest, '\ufe0f'):
		return true
	case r >= 0x2600 && r <= 0x27bf:
		return !strings.ContainsRune("★☆", r) && (r < 0x2776 || r > 0x2793)
	}
	return strings.ContainsRune("⌚⌛⏩⏪⏫⏬⏰⏳⬛⬜⭐⭕〽㊗㊙", r)
}
