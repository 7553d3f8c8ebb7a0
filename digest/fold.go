package digest

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var foldCase = cases.Fold() // safe for use by several goroutines

// FoldCase returns a text in one case and width, so that texts become equal that
// differ in nothing else. Folding again changes nothing.
func FoldCase(text string) string {
	// Normal form comes again at the end, because folding can undo it.
	return norm.NFKC.String(foldCase.String(strings.Map(capitalCherokee, norm.NFKC.String(text))))
}

// capitalCherokee returns the capital of a small Cherokee letter. The folding of
// the library makes capitals of small letters there, as Unicode asks, but also
// small letters of capitals.
func capitalCherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 0x13f8 + 0x13f0
	}
	return r
}
