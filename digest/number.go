package digest

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ReadNumber reads the number of an issue as people write it when they ask for it:
// "179", "#179", "１７９", "第 179 期".
func ReadNumber(text string) (number int, ok bool) {
	text = norm.NFKC.String(text)
	if rest, ok := strings.CutPrefix(text, "第"); ok {
		text = strings.TrimSuffix(rest, "期")
	}
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(text, "期"), "#"))
	number, err := strconv.Atoi(text)
	return number, err == nil && number > 0
}

// HasNumber reports whether a name has the number n, perhaps with leading zeros.
// Longer digits, such as dates, do not count.
func HasNumber(name string, n int) bool {
	isNoDigit := func(r rune) bool { return r < '0' || r > '9' }
	for _, digits := range strings.FieldsFunc(name, isNoDigit) {
		if stated, err := strconv.Atoi(digits); err == nil && stated == n && len(digits) <= 5 {
			return true
		}
	}
	return false
}
