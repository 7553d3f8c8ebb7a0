package telegramsim

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// detect adds the entities Telegram finds by itself, where no other is: bot commands,
// mentions, hashtags and http addresses. Bare domain names are left alone.
func (f *formatted) detect() {
	var found []Entity
	units, previous := 0, rune(-1)
	skipTo := 0
	for i, r := range f.Text {
		if i >= skipTo && !isWord(previous) {
			if kind, n := detectAt(f.Text[i:], previous); n > 0 {
				found = append(found, Entity{Type: kind, Offset: units, Length: unitsOf(f.Text[i : i+n])})
				skipTo = i + n
			}
		}
		units += utf16Len(r)
		previous = r
	}
	if len(found) == 0 {
		return
	}
	kept := found[:0]
	for _, e := range found {
		if !slices.ContainsFunc(f.Entities, func(o Entity) bool {
			return nestingOf(o.Type) == continuous && e.Offset < o.end() && o.Offset < e.end()
		}) {
			kept = append(kept, e)
		}
	}
	dropped := f.Dropped
	f.Entities = append(f.Entities, kept...)
	f.fix()
	f.Dropped = dropped // what was found by itself was not asked for
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// detectAt recognises an entity at the start of s; n is its length in bytes.
func detectAt(s string, previous rune) (kind string, n int) {
	switch s[0] {
	case '/':
		if previous == '/' || previous == '<' || previous == '>' {
			return "", 0
		}
		return "bot_command", commandLength(s)
	case '@':
		if n := wordLength(s[1:], asciiWord); n >= 2 && n <= 32 {
			return "mention", n + 1
		}
	case '#':
		if n := wordLength(s[1:], isWord); n > 0 && strings.ContainsFunc(s[1:1+n], unicode.IsLetter) {
			return "hashtag", n + 1
		}
	case 'h':
		return "url", addressLength(s)
	}
	return "", 0
}

func asciiWord(r rune) bool {
	return r < utf8.RuneSelf && (r == '_' || isLetter(byte(r)) || isDigit(byte(r)))
}

func wordLength(s string, in func(rune) bool) int {
	if i := strings.IndexFunc(s, func(r rune) bool { return !in(r) }); i >= 0 {
		return i
	}
	return len(s)
}

// commandLength measures "/name" or "/name@botname" at the start of s, or returns 0.
func commandLength(s string) int {
	n := wordLength(s[1:], asciiWord)
	if n < 1 || n > 64 {
		return 0
	}
	end := 1 + n
	if strings.HasPrefix(s[end:], "@") {
		name := wordLength(s[end+1:], asciiWord)
		if name < 3 || name > 32 {
			return 0
		}
		end += 1 + name
	}
	next, _ := utf8.DecodeRuneInString(s[end:])
	if end < len(s) && (isWord(next) || next == '/' || next == '<' || next == '>') {
		return 0
	}
	return end
}

// addressLength measures an http or https address at the start of s, or returns 0.
func addressLength(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return 0
	}
	end := wordLength(s, func(r rune) bool {
		return r > ' ' && r < unicode.MaxASCII && !strings.ContainsRune("<>\"'`|\\^{}", r)
	})
	address := strings.TrimRight(s[:end], ".,:;!?()")
	if _, err := checkLink(address); err != nil {
		return 0
	}
	return len(address)
}
