// Package spreadsheet says what spreadsheets make of the tables that the bot writes.
package spreadsheet

import (
	"strings"
	"unicode/utf8"
)

// ByteOrderMark is what a table begins with. Without it Excel takes UTF-8 for the encoding of
// its country.
const ByteOrderMark = "\ufeff"

// IsFormula reports whether a spreadsheet may calculate a cell, or would if it were imported
// once more. Cells have texts from outside, and such a text could do something on the
// machine of whoever opens the table: owasp.org/www-community/attacks/CSV_Injection. An
// apostrophe in front of the cell keeps it from that.
func IsFormula(cell string) bool {
	const blanks, starts = " \u00a0\u3000", "=+-@\t\r＝＋－＠"
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, blanks))
	return strings.ContainsRune(starts, first)
}
