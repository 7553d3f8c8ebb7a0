package plain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	emojinames "github.com/yuin/goldmark-emoji/definition"
)

// maxEmojiName is how long the name of an emoji may be, in bytes.
const maxEmojiName = 64

// iconName matches the names of icons of MkDocs and of fonts, which are no emoji.
var iconName = regexp.MustCompile(`^(?:fontawesome|material|octicons|simple|fa[srb]?|mdi|bi|lucide|tabler|ion|icon|twemoji|noto|logos)-[a-z0-9-]+$`)

// flagName matches the names of flags that GitHub names otherwise.
var flagName = regexp.MustCompile(`^flag[_-]([a-z])([a-z])$`)

// otherName matches the names that other sites give to emoji, and of emoji of their own.
var otherName = regexp.MustCompile(`^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+$`)

// WithEmoji replaces the names of emoji, such as :tada:, by the emoji. Names of icons, which
// no font of a reader has, are left out, and so are other names of several words that stand
// apart from the text. Colons behind a letter, a digit or another colon are code or times, and
// other names stay as they are.
func WithEmoji(text string) string {
	if strings.Count(text, ":") < 2 {
		return text
	}
	var out strings.Builder
	last := 0
	for i := 0; i < len(text); i++ {
		if text[i] != ':' || i > last && (IsWordByte(text[i-1]) || text[i-1] == ':') {
			continue
		}
		name := emojiName(text[i+1:])
		emoji, ok := emojiNamed(name)
		end := i + len(name) + 2
		if !ok && otherName.MatchString(name) {
			ok = isApart(text, i, end)
		}
		if !ok || end < len(text) && text[end] == ':' && emojiName(text[end+1:]) == "" {
			continue
		}
		out.WriteString(text[last:i])
		out.WriteString(emoji)
		last, i = end, end-1
	}
	if last == 0 {
		return text
	}
	out.WriteString(text[last:])
	return out.String()
}

// isApart reports whether neither a word nor code stands directly around a part of a text.
func isApart(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return (start == 0 || unicode.IsSpace(before) || before == '(' || IsEastAsian(before)) &&
		(end == len(text) || unicode.IsSpace(after) || strings.ContainsRune(".,;!?)", after) || IsEastAsian(after))
}

// emojiName returns the name that a text begins with, if a colon follows it.
func emojiName(text string) string {
	for i := range min(len(text), maxEmojiName) {
		switch {
		case text[i] == ':':
			return text[:i]
		case !IsWordByte(text[i]) && text[i] != '+' && text[i] != '-':
			return ""
		}
	}
	return ""
}

// emojiNamed returns what is shown in place of a name.
func emojiNamed(name string) (emoji string, ok bool) {
	if name == "" {
		return "", false
	}
	if found, ok := emojinames.Github().Get(name); ok {
		if !found.IsUnicode() {
			return "", true // a picture of GitHub's own
		}
		return string(found.Unicode), true
	}
	if m := flagName.FindStringSubmatch(name); m != nil {
		return string([]rune{'🇦' + rune(m[1][0]-'a'), '🇦' + rune(m[2][0]-'a')}), true
	}
	return "", iconName.MatchString(name)
}
