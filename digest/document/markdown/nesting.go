package markdown

import (
	"strconv"
	"strings"

	"digestbot/digest/document/plain"
)

// Markdown nests an entry of a list if it begins where the text of the entry above does:
// two columns right of a bullet, three of "1.". Bullets that are indented less are entries
// of the same list, or of another one between two numbered lists. Those below a number are
// meant to be nested, as kramdown has it, and so are those below a bullet if they are of
// another kind: they have another sign, the entries above them end with a colon, or only
// these have links. Other bullets that are indented by one space are an accident.

// listMark matches the mark of an entry of a list, up to its text.
var listMark = plain.Pattern(`^( {0,3})([-*+]|[0-9]{1,9}[.)])( {1,4})\S`)

// listLine is a line of a list.
type listLine struct {
	indent, text int // columns of its mark and of its text
	number       int // -1: a bullet
	sign         byte
	line         string
}

func readListLine(line string) (listLine, bool) {
	m := listMark().FindStringSubmatch(line)
	if m == nil {
		return listLine{}, false
	}
	l := listLine{indent: len(m[1]), text: len(m[1]) + len(m[2]) + len(m[3]), number: -1, sign: m[2][len(m[2])-1], line: line}
	if n, err := strconv.Atoi(m[2][:len(m[2])-1]); err == nil {
		l.number = n
	}
	return l, true
}

// nestBullets indents the bullets that are meant to be nested as Markdown wants it.
func nestBullets(body string) string {
	if !hasSlightIndent(body) {
		return body
	}
	n := nester{lines: strings.SplitAfter(body, "\n")}
	var code fences
	for i, line := range n.lines {
		if code.holds(line) {
			n.above, n.shift = nil, 0
			continue
		}
		n.line(i)
	}
	return strings.Join(n.lines, "")
}

// hasSlightIndent reports whether a text has a bullet that is indented less than four spaces.
func hasSlightIndent(text string) bool {
	for {
		_, line, ok := strings.Cut(text, "\n ")
		if !ok {
			return false
		}
		bullet := strings.TrimLeft(line[:min(len(line), 2)], " ")
		bullet += line[min(len(line), 2):min(len(line), 4)]
		if len(bullet) > 1 && strings.IndexByte("-*+", bullet[0]) >= 0 && bullet[1] == ' ' {
			return true
		}
		text = line
	}
}

// nester goes through the lines of a document.
type nester struct {
	lines []string
	above *listLine // the entry that is not nested; nil: there is none
	apart bool      // an empty line stands behind it
	shift int       // how many columns lines below it are shifted
}

// line indents a line if it belongs to the entry above.
func (n *nester) line(i int) {
	line := n.lines[i]
	indent := len(line) - len(strings.TrimLeft(line, " "))
	switch mark, isMark := readListLine(line); {
	case strings.TrimSpace(line) == "":
		n.apart = true
	case n.above != nil && indent > n.above.indent:
		if n.shift == 0 && isMark && mark.number < 0 && indent < n.above.text && n.isNested(i, mark) {
			n.shift = n.above.text - indent
		}
		n.lines[i] = strings.Repeat(" ", n.shift) + line
	case isMark:
		n.above, n.apart, n.shift = &mark, false, 0
	case n.apart:
		n.above, n.shift = nil, 0
	}
}

// isNested reports whether a bullet, which is indented a little, belongs to the entry above.
func (n *nester) isNested(i int, bullet listLine) bool {
	switch {
	case n.above.number >= 0:
		return !n.apart || n.nextNumber(i) == n.above.number+1
	case n.apart:
		return false
	}
	return bullet.sign != n.above.sign || n.areOtherKind(i)
}

// nextNumber returns the number of the next entry of the list; -1: there is none.
func (n *nester) nextNumber(i int) int {
	for _, line := range n.lines[i:min(len(n.lines), i+maxNested)] {
		if line != "" && line[0] != ' ' && strings.TrimSpace(line) != "" {
			mark, _ := readListLine(line)
			return mark.number
		}
	}
	return -1
}

// maxNested is how many lines are looked at for the next entry.
const maxNested = 64

// areOtherKind reports whether the bullets from a line on that are indented are of another
// kind than the entry above them.
func (n *nester) areOtherKind(i int) bool {
	if text := strings.TrimSpace(n.above.line); strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") {
		return true
	}
	if !strings.Contains(n.above.line, "](") {
		return false
	}
	for _, line := range n.lines[i:min(len(n.lines), i+maxNested)] {
		if mark, ok := readListLine(line); !ok || mark.indent <= n.above.indent {
			break
		}
		if strings.Contains(line, "](") || strings.Contains(line, "://") {
			return false
		}
	}
	return true
}
