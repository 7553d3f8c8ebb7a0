package numerals

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ReadNumber reads the number of an issue as people write it when they ask for it:
// "179", "#179", "１７９", "١٧٩", "№ 179", "第 179 期", "第一百七十九期".
func ReadNumber(text string) (number int, ok bool) {
	text = norm.NFKC.String(Plain(text))
	text, ordinal := strings.CutPrefix(text, "第")
	text = strings.TrimSpace(strings.TrimSuffix(text, "期"))
	if n, ok := ReadHan(text); ok && ordinal {
		return n, n > 0
	}
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "#"), "No")) // the compatible form of № is No
	number, err := strconv.Atoi(text)
	return number, err == nil && number > 0
}

// HasNumber reports whether a name has the number n, in digits of any script or in
// Chinese numerals, perhaps with leading zeros. Longer digits, such as dates, do not
// count.
func HasNumber(name string, n int) bool {
	for _, digits := range strings.FieldsFunc(Plain(name), func(r rune) bool { return !Is(r) }) {
		stated, err := strconv.Atoi(digits)
		if han, ok := ReadHan(digits); ok {
			stated, err = han, nil
		}
		if err == nil && stated == n {
			return true
		}
	}
	return false
}
