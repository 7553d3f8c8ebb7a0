package bounds

import (
	"fmt"
	"strings"
)

// CheckMarks refuses a text with more marks than maxMarks. It counts lines, and all
// characters of which the parser may make an element, whether it does or not.
func CheckMarks(body string) error {
	total, number := 0, 0
	for line := range strings.Lines(body) {
		number++
		text := strings.TrimLeft(line, " \t")
		inline, other := countMarks(text)
		total += 1 + (len(line)-len(text))/8 + inline + other
		if total > maxMarks {
			return &Error{number, fmt.Sprintf("more than %d lines and marks of Markdown up to here: give each issue a file of its own", maxMarks)}
		}
	}
	return nil
}

// CheckParagraphs refuses a text with more marks than maxRunMarks in a paragraph: for each
// mark the parser looks through all marks before it. It also refuses tables that would have
// more cells than maxMarks: the parser fills up each row.
func CheckParagraphs(body string) error {
	run, number, columns, cells := 0, 0, 0, 0
	for line := range strings.Lines(body) {
		number++
		columns = tableColumns(line, columns)
		if cells += columns; cells > maxMarks {
			return &Error{number, fmt.Sprintf("more than %d cells in tables up to here: give each issue a file of its own", maxMarks)}
		}
		text := strings.TrimLeft(line, " \t")
		if endsParagraph(text) && len(line)-len(text) < 4 {
			run = 0
		}
		inline, _ := countMarks(text)
		if run += inline; run > maxRunMarks {
			return &Error{number, fmt.Sprintf("more than %d marks of Markdown in one paragraph: break it with empty lines", maxRunMarks)}
		}
	}
	return nil
}

// tableColumns returns how many columns the table at this line has; 0: there is no table.
// before is how many there were at the line before.
func tableColumns(line string, before int) int {
	switch {
	case strings.TrimSpace(line) == "":
		return 0
	case strings.Trim(line, "|-: >\t\n") == "" && strings.Contains(line, "|"):
		return max(before, strings.Count(line, "|")+1)
	}
	return before
}

// endsParagraph reports whether a line, without its indent, ends the paragraph before it.
func endsParagraph(text string) bool {
	return strings.TrimSpace(text) == "" || len(text) > 2 && strings.IndexByte("-*+#", text[0]) >= 0 && text[1] == ' ' && text[2] > ' '
}

// countMarks counts the marks of a line: those within text, and the others, which are of
// blocks, tables, tags, attributes and addresses.
func countMarks(line string) (inline, other int) {
	_, other = CutContainerMarks(line)
	for i := range len(line) {
		switch line[i] {
		case '*', '_', '~', '[', ']', '`', '$', '^':
			inline++
		case '|', '<', '\\', '&', '/':
			other++
		}
		if i > 0 && line[i] == line[i-1] && IsPairOnly(line[i]) {
			inline++
		}
	}
	if i := strings.IndexByte(line, '{'); i >= 0 {
		other += (len(line) - i) / 8
	}
	return inline, other
}

// CutContainerMarks returns what stands behind the marks of quotations and lists at the
// beginning of a text, and how many these are.
func CutContainerMarks(text string) (rest string, marks int) {
	for size := ContainerMark(text); size > 0; size = ContainerMark(text) {
		text = strings.TrimLeft(text[size:], " \t")
		marks++
	}
	return text, marks
}

// ContainerMark returns the length of the mark of a quotation or a list, such as ">" or
// "1.", at the beginning of a text; 0: there is none.
func ContainerMark(text string) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case '>':
		return 1
	case '-', '+', '*':
		if len(text) > 1 && (text[1] == ' ' || text[1] == '\t') {
			return 1
		}
		return 0
	}
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if digits == 0 || digits > 9 || digits+1 >= len(text) {
		return 0
	}
	if mark, after := text[digits], text[digits+1]; (mark == '.' || mark == ')') && (after == ' ' || after == '\t') {
		return digits + 1
	}
	return 0
}

// IsPairOnly reports whether a sign means something only if it stands twice, and not within
// a word: "a==b" is code.
func IsPairOnly(sign byte) bool { return sign == '=' || sign == '+' || sign == '|' }
