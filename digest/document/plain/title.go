package plain

import (
	"regexp"
	"strings"

	"digestbot/digest"
)

// Title returns a title in one line, without characters that are not shown.
func Title(title string) string {
	title = strings.Map(Visible, spaces.ReplaceAllString(strings.ToValidUTF8(title, ""), " "))
	return strings.TrimSpace(title)
}

var spaces = regexp.MustCompile(`\s+`)

// SaysTitle reports whether a heading says the title that the metadata gives, and
// perhaps a subtitle.
func SaysTitle(heading, title string) bool {
	a, b := digest.FoldName(heading), digest.FoldName(title)
	return a != "" && b != "" && (a == b || len(b) >= 12 && strings.HasPrefix(a, b))
}

// BeginsTitle reports whether the title of the metadata begins with what a heading
// says. A title that is made of the names of stories begins with the first of them,
// so this counts only for a heading without peers, or if a number of the issue comes
// after it.
func BeginsTitle(heading, title string) bool {
	a, b := digest.FoldName(heading), digest.FoldName(title)
	return len(a) >= 12 && strings.HasPrefix(b, a)
}

// EndsTitle reports whether the title of the metadata ends with what a heading says, behind a dash
// or bar: the name of the series, where the number of the issue comes first.
func EndsTitle(heading, title string) bool {
	rest, ok := strings.CutSuffix(Title(title), " "+Title(heading))
	return ok && heading != "" && strings.HasSuffix(strings.TrimRight(rest, "|·–—-"), " ")
}

// SameTitle reports whether one of a heading and the title of the metadata says
// the other. Either may be longer by a subtitle.
func SameTitle(heading, title string) bool {
	return SaysTitle(heading, title) || BeginsTitle(heading, title)
}
