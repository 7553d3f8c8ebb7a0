package digest

import (
	"unicode"

	"golang.org/x/net/html"
)

// rightToLeft are the scripts that are written from right to left.
var rightToLeft = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam}

// IsRightToLeft reports whether an issue is written from right to left: most letters of
// its messages, which are in HTML, are of such a script. Code does not count.
func IsRightToLeft(messages ...string) bool {
	balance, code := 0, 0
	for _, message := range messages {
		eachToken(message, func(t html.Token) {
			switch {
			case t.Type == html.TextToken && code == 0:
				balance += balanceOf(t.Data)
			case t.Data != "code" && t.Data != "pre":
			case t.Type == html.StartTagToken:
				code++
			case t.Type == html.EndTagToken:
				code = max(code-1, 0)
			}
		})
	}
	return balance > 0
}

// balanceOf returns how many more letters of a text are written from right to left than
// from left to right.
func balanceOf(text string) (balance int) {
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case r >= 0x590 && unicode.In(r, rightToLeft...):
			balance++
		default:
			balance--
		}
	}
	return balance
}
