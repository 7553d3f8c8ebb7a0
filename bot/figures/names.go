package figures

import (
	"cmp"
	"strings"

	"digestbot/bot/typeface"
)

// How wide names are at most, in the widths of Latin letters; Chinese ones are twice as wide.
const (
	titleWidth   = 68
	sectionWidth = 28
	besideWidth  = 20 // beside the sections
)

// drawnNames returns names as they are drawn: … stands for one whose letters the typeface lacks.
func drawnNames(names []string, most int) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = cut(cmp.Or(typeface.Legible(name), "…"), most)
	}
	return all
}

// cut shortens a name to a width. It leaves out the middle: names that begin alike often end
// differently, and a title ends with the day.
func cut(name string, most int) string {
	letters := []rune(name)
	if widthOf(letters) <= most {
		return name
	}
	const ellipsis = 2
	tail := len(letters)
	for widthOf(letters[tail-1:]) <= most/3 {
		tail--
	}
	head := 0
	for widthOf(letters[:head+1])+ellipsis+widthOf(letters[tail:]) <= most {
		head++
	}
	return strings.TrimSpace(string(letters[:head])) + "…" + strings.TrimSpace(string(letters[tail:]))
}

// widthOf returns how wide letters are, about.
func widthOf(letters []rune) (wide int) {
	for _, r := range letters {
		wide++
		if r >= 0x1100 { // from Hangul on, nearly all are wide
			wide++
		}
	}
	return wide
}
