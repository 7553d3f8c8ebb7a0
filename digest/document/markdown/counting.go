package markdown

import (
	"strconv"
	"strings"

	"digestbot/digest/document/plain"
)

// counting follows the numbers in front of lines, as in "1.lamps" and "2.[ropes](…)".
type counting struct{ last int }

var (
	countedLine = plain.Pattern(`^(?:\s|<br\s*/?>|[*_])*([0-9]{1,2})[.．]`)
	smallWord   = plain.Pattern("^[\\[*_`]*[a-z]{2}")
)

// spaced returns a line with a space between its number and a word in small letters, if the
// number counts on from the one before or is the first: alone it could be a part of a name, as
// in "3.js". The space makes no list of it in Markdown, where texts would be no part of that.
func (c *counting) spaced(line string) string {
	start := strings.TrimLeft(line, " \t*_")
	if start == "" || start[0] != '<' && (start[0] < '0' || start[0] > '9') {
		return line
	}
	m := countedLine().FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	number, err := strconv.Atoi(line[m[2]:m[3]])
	follows := err == nil && (number == 1 || number == c.last+1)
	c.last = number
	if rest := line[m[1]:]; follows && smallWord().MatchString(rest) {
		return line[:m[1]] + "\u00a0" + rest
	}
	return line
}
