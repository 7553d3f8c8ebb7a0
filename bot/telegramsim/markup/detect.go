package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// detect adds the entities that Telegram finds by itself: bot commands, mentions, hashtags,
// addresses and the like. They lie where no other entity is, and split styles at their
// borders.
func (f *Formatted) detect() {
	found := findEntities(f.Text)
	if len(found) == 0 {
		return
	}
	style, cont, quote := byNesting(f.Entities)
	found = slices.DeleteFunc(found, func(e Entity) bool {
		return crossesAny(e, quote) || slices.ContainsFunc(cont, func(o Entity) bool { return overlap(e, o) })
	})
	f.Entities = fitStyles(style, slices.Concat(cont, quote, found))
	f.Entities = slices.DeleteFunc(f.Entities, func(e Entity) bool { return e.Type == bankCard })
}

// bankCard is a kind of entity that bots do not get (tdlib/telegram-bot-api,
// JsonVectorEntities).
const bankCard = "bank_card_number"

// foundText is a part of a text, in bytes, that Telegram makes an entity by itself.
type foundText struct {
	kind     string
	from, to int
}

// findEntities returns the entities that Telegram finds in a text; none lies in another
// (tdlib/td, find_entities). Telegram looks for times of day in captions of films, but not
// in messages of bots.
func findEntities(text string) []Entity {
	found := slices.Concat(
		findMarked(text, "mention", '@', mentionLength),
		findMarked(text, "bot_command", '/', commandLength),
		findMarked(text, "hashtag", '#', hashtagLength),
		findMarked(text, "cashtag", '$', cashtagLength),
		findCards(text),
		findAppAddresses(text),
		findAddresses(text),
	)
	slices.SortStableFunc(found, func(a, b foundText) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var out []Entity
	end, units := 0, 0
	for _, e := range found {
		if e.from < end {
			continue
		}
		units += Units(text[end:e.from])
		length := Units(text[e.from:e.to])
		out = append(out, Entity{Type: e.kind, Offset: units, Length: length})
		end, units = e.to, units+length
	}
	return out
}

// findMarked finds entities that begin with a mark. measure gets the character before the
// mark (0 at the start of the text) and the text from the mark on. It returns how many bytes
// belong to the entity, or 0.
func findMarked(text, kind string, mark byte, measure func(before rune, s string) int) []foundText {
	var out []foundText
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], mark)
		if i < 0 {
			return out
		}
		at += i
		if n := measure(runeBefore(text, at), text[at:]); n > 0 {
			out = append(out, foundText{kind, at, at + n})
		}
	}
}

// runeBefore and runeAt return 0 at the ends of the text.
func runeBefore(s string, at int) rune {
	if at == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	return r
}

func runeAt(s string, at int) rune {
	if at >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s[at:])
	return r
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func isNameRune(r rune) bool {
	return r < utf8.RuneSelf && (r == '_' || isLetter(byte(r)) || isDigit(byte(r)))
}

// isTagRune reports whether r may stand in a hashtag: letters, digits, and some signs that
// Malayalam, Sinhala, Catalan and Persian need.
func isTagRune(r rune) bool {
	return r == '_' || r == 0x200c || r == 0xb7 || 0xd80 <= r && r <= 0xdff || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordLength(s string, in func(rune) bool) int {
	if i := strings.IndexFunc(s, func(r rune) bool { return !in(r) }); i >= 0 {
		return i
	}
	return len(s)
}

// shortNames are the names of Telegram's own bots that have less than four letters.
var shortNames = []string{"gif", "nft", "pic", "ufc", "vid"}

func mentionLength(before rune, s string) int {
	n := wordLength(s[1:], isNameRune)
	if n > 32 || isWord(before) || isWord(runeAt(s, 1+n)) {
		return 0
	}
	if n < 4 && !slices.Contains(shortNames, lower(s[1:1+n])) {
		return 0
	}
	return 1 + n
}

// commandLength measures "/name" or "/name@botname".
func commandLength(before rune, s string) int {
	beside := func(r rune) bool { return isWord(r) || r == '/' || r == '<' || r == '>' }
	n := wordLength(s[1:], isNameRune)
	if n < 1 || n > 64 || beside(before) {
		return 0
	}
	end := 1 + n
	if strings.HasPrefix(s[end:], "@") {
		name := wordLength(s[end+1:], isNameRune)
		if name < 3 || name > 32 {
			return 0
		}
		end += 1 + name
	}
	if beside(runeAt(s, end)) {
		return 0
	}
	return end
}

// hashtagLength measures "#tag" or "#tag@channel".
func hashtagLength(before rune, s string) int {
	const maxTagRunes = 256
	if isTagRune(before) {
		return 0
	}
	all := 1 + wordLength(s[1:], isTagRune)
	end, runes, hasLetter := 1, 0, false
	for end < all && runes < maxTagRunes {
		r, size := utf8.DecodeRuneInString(s[end:])
		hasLetter = hasLetter || unicode.IsLetter(r)
		runes, end = runes+1, end+size
	}
	if end == all && strings.HasPrefix(s[all:], "@") {
		if name := min(wordLength(s[all+1:], isNameRune), 32); name >= 3 {
			all += 1 + name
			end = all
		}
	}
	if !hasLetter || runeAt(s, all) == '#' {
		return 0
	}
	return end
}

// cashtagLength measures "$USD" or "$USD@channel".
func cashtagLength(before rune, s string) int {
	const inch = "1INCH" // the one name that begins with a digit
	n := wordLength(s[1:], func(r rune) bool { return 'A' <= r && r <= 'Z' })
	if strings.HasPrefix(s[1:], inch) {
		n = len(inch)
	}
	if n < 1 || n > 8 || isTagRune(before) || before == '$' {
		return 0
	}
	end := 1 + n
	if strings.HasPrefix(s[end:], "@") {
		if name := wordLength(s[end+1:], isNameRune); name >= 3 && name <= 32 {
			end += 1 + name
		}
	}
	if after := runeAt(s, end); isTagRune(after) || after == '$' {
		return 0
	}
	return end
}
