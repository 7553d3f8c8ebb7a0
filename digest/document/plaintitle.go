package document

import (
	"digestbot/digest"
	"regexp"
	"strings"
)

func cleanTitle(title string) string {
	title = strings.Map(visible, spaces.ReplaceAllString(strings.ToValidUTF8(title, ""), " "))
	return strings.TrimSpace(title)
}

var spaces = regexp.MustCompile(`\s+`)

// saysTitle reports whether a heading says the title that the metadata gives, and
// perhaps a subtitle.
func saysTitle(heading, title string) bool {
	a, b := digest.FoldName(heading), digest.FoldName(title)
	return a != "" && b != "" && (a == b || len(b) >= 12 && strings.HasPrefix(a, b))
}

// beginsTitle reports whether the title of the metadata begins with what a heading
// says. A title that is made of the names of stories begins with the first of them,
// so this counts only for a heading without peers, or if a number of the issue comes
// after it.
func beginsTitle(heading, title string) bool {
	a, b := digest.FoldName(heading), digest.FoldName(title)
	return len(a) >= 12 && strings.HasPrefix(b, a)
}

// sameTitle reports whether one of a heading and the title of the metadata says
// the other. Either may be longer by a subtitle.
func sameTitle(heading, title string) bool {
	return saysTitle(heading, title) || beginsTitle(heading, title)
}
