package digest

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldCase returns a text in one case and width: texts that differ in nothing
// else become equal. Folding again changes nothing.
func FoldCase(text string) string {
	// In this order, and again at the end, because folding can undo normal form.
	return norm.NFKC.String(cases.Fold().String(strings.Map(capitalCherokee, norm.NFKC.String(text))))
}

// capitalCherokee returns the capital of a small Cherokee letter. The library's
// folding makes capitals of them, as Unicode asks for, but also small ones of
// capitals.
func capitalCherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 0x13f8 + 0x13f0
	}
	return r
}
