package numbers

import (
	"strings"
	"unicode"

	"digestbot/digest/dates"
	"digestbot/digest/document/plain"
	"digestbot/digest/numerals"
)

// nameSpaces puts spaces where a file name or a slug has none.
var nameSpaces = strings.NewReplacer("_", " ", "/", " ")

var digitRun = plain.Pattern(`[0-9]+`)

// InName returns the number in a file name that has no other number and no
// date, or 0.
func InName(name string) int {
	name = strings.ToUpper(plainNumbers(name)) // "may" is a month in capitals only
	runs := digitRun().FindAllString(name, -1)
	if len(runs) != 1 || len(runs[0]) > 4 || dates.Cut(name) != name {
		return 0
	}
	if n := number(runs[0]); !isYear(n) {
		return n
	}
	return 0
}

var numberBefore = plain.Pattern(`^([0-9]{3,5})[-_. ](.+)$`)

// BesideDate returns the number in a file name that is nothing but a number of three
// digits or more, such as 048, and a date behind it; or 0.
func BesideDate(name string) int {
	m := numberBefore().FindStringSubmatch(plainNumbers(name))
	if m == nil {
		return 0
	}
	rest := dates.Cut(m[2])
	if rest == m[2] || strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return 0
	}
	if n := number(m[1]); !isYear(n) {
		return n
	}
	return 0
}

// MarkedInName returns the number in a file name or a slug that has a word or sign for
// it, or 0.
func MarkedInName(name string) int {
	return firstForm(markedForms, nameSpaces.Replace(plainNumbers(name)))
}

// InField reads the value of a number field: "12", "#12", "Issue 12".
func InField(value string) int {
	value = strings.TrimSpace(value)
	if n, ok := numerals.ReadNumber(value); ok && n <= maxNumber {
		return n
	}
	return Find(value)
}
