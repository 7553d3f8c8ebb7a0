package roster

import (
	"strings"

	"digestbot/subscribers/spreadsheet"
)

// A cell of a table holds a text, or a list of texts with a bar between them. A bar or a
// backslash that belongs to a text has a backslash before it.

const barBetween = " | "

var escapeBars = strings.NewReplacer(`\`, `\\`, `|`, `\|`)

// joinList makes a cell of a list.
func joinList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	escaped := make([]string, len(list))
	for i, text := range list {
		escaped[i] = escapeBars.Replace(text)
	}
	return strings.Join(escaped, barBetween)
}

// splitList is the inverse of joinList. Texts may also stand on lines of their own, and
// empty ones are left out.
func splitList(cell string) (list []string) {
	var text strings.Builder
	end := func() {
		if one := strings.TrimSpace(text.String()); one != "" {
			list = append(list, one)
		}
		text.Reset()
	}
	escaped := false
	for _, r := range cell {
		switch {
		case escaped:
			text.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '|' || r == '\n':
			end()
		default:
			text.WriteRune(r)
		}
	}
	if escaped {
		text.WriteRune('\\')
	}
	end()
	return list
}

// isFormula reports whether a spreadsheet may calculate a cell, leaving out n apostrophes
// before it.
func isFormula(cell string) (n int, is bool) {
	rest := strings.TrimLeft(cell, "'")
	return len(cell) - len(rest), spreadsheet.IsFormula(rest)
}

// quoteFormula returns a cell that no spreadsheet calculates: it has an apostrophe before
// it. A cell that looks as if that had been done already gets one more.
func quoteFormula(cell string) string {
	if _, is := isFormula(cell); is {
		return "'" + cell
	}
	return cell
}

// unquoteFormula is the inverse of quoteFormula. A cell without an apostrophe stays as it is.
func unquoteFormula(cell string) string {
	if n, is := isFormula(cell); is && n > 0 {
		return cell[1:]
	}
	return cell
}

// oneLine returns a text in one line, without control characters.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(text), " ")
}
