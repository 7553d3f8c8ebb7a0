package digest

import (
	"fmt"
	"strings"
)

// Bounds of what a document may hold. They are checked before anything is built of it,
// because the parsers need hundreds of bytes for a single mark and some of them the
// square of a nesting. All are far above what an issue of any digest has: one of 30 KB
// has about 300 marks, 200 lines and, as HTML, 1,000 tags.
const (
	maxFrontMatter = 32 << 10 // bytes
	maxMetaNesting = 8        // of brackets and dotted keys in TOML
	maxText        = 1 << 20  // bytes of a document, or of an entry of a feed
	maxMarks       = 20_000   // of Markdown, each line counted as one
	maxRunMarks    = 8_000    // of Markdown without an empty line or a new list entry between them
	maxTags        = 20_000   // of HTML, with attributes
	maxElements    = 200_000  // that a parser of HTML may make of them
	maxOpenStyles  = 1_000    // elements such as <b>, with attributes, that are not closed
	maxTargets     = 2 << 20  // bytes of addresses and titles of links in Markdown
	maxEntries     = 500      // of a feed
	maxFeedTags    = 40_000   // of HTML, in all entries of a feed
	maxFeedMarks   = 60_000   // elements and attributes, or values, of a feed
	maxFeedNesting = 64
)

// BoundsError says that a document holds more than an issue ever does.
type BoundsError struct {
	Line int    // in the document without its front matter, counted from 1; 0: unknown
	What string // what there is too much of, and the cure
}

func (e *BoundsError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.What)
	}
	return e.What
}

var errEntries = &BoundsError{What: fmt.Sprintf("more than %d entries: divide the feed", maxEntries)}

var errTooLong = &BoundsError{What: fmt.Sprintf("text is longer than %d MB: give each issue a file of its own, without pictures in it", maxText>>20)}

// checkMarks refuses a text with more marks than maxMarks. Counted are lines and all
// characters that the parser may make an element of, whether it does or not.
func checkMarks(body string) error {
	total, number := 0, 0
	for line := range strings.Lines(body) {
		number++
		text := strings.TrimLeft(line, " \t")
		inline, other := countMarks(text)
		total += 1 + (len(line)-len(text))/8 + inline + other
		if total > maxMarks {
			return &BoundsError{number, fmt.Sprintf("more than %d lines and marks of Markdown up to here: give each issue a file of its own", maxMarks)}
		}
	}
	return nil
}

// checkParagraphs refuses a text with more marks than maxRunMarks in a paragraph: the parser
// looks for the partner of each among all before it. It also refuses tables that would have
// more cells than maxMarks: the parser fills up each row.
func checkParagraphs(body string) error {
	run, number, columns, cells := 0, 0, 0, 0
	for line := range strings.Lines(body) {
		number++
		columns = tableColumns(line, columns)
		if cells += columns; cells > maxMarks {
			return &BoundsError{number, fmt.Sprintf("more than %d cells in tables up to here: give each issue a file of its own", maxMarks)}
		}
		text := strings.TrimLeft(line, " \t")
		if endsParagraph(text) && len(line)-len(text) < 4 {
			run = 0
		}
		inline, _ := countMarks(text)
		if run += inline; run > maxRunMarks {
			return &BoundsError{number, fmt.Sprintf("more than %d marks of Markdown in one paragraph: break it with empty lines", maxRunMarks)}
		}
	}
	return nil
}

// tableColumns returns how many columns a table has, if there is one at this line; before is
// how many there were at the line before.
func tableColumns(line string, before int) int {
	switch {
	case strings.TrimSpace(line) == "":
		return 0
	case strings.Trim(line, "|-: >\t\n") == "" && strings.Contains(line, "|"):
		return max(before, strings.Count(line, "|")+1)
	}
	return before
}

// endsParagraph tells whether a line, without what it is indented by, ends the paragraph
// before it.
func endsParagraph(text string) bool {
	return strings.TrimSpace(text) == "" || len(text) > 2 && strings.IndexByte("-*+#", text[0]) >= 0 && text[1] == ' ' && text[2] > ' '
}

// countMarks counts the marks of a line: those within text, and those of blocks, tables,
// tags, attributes and addresses.
func countMarks(line string) (inline, other int) {
	for rest := line; rest != ""; {
		size := containerMark(rest)
		if size == 0 {
			break
		}
		other++
		rest = strings.TrimLeft(rest[size:], " \t")
	}
	for i := range len(line) {
		switch line[i] {
		case '*', '_', '~', '[', ']', '`':
			inline++
		case '|', '<', '\\', '&', '/':
			other++
		}
	}
	if i := strings.IndexByte(line, '{'); i >= 0 {
		other += (len(line) - i) / 8
	}
	return inline, other
}

// containerMark returns the length of the mark of a quotation or a list, such as ">" or
// "1.", that the text begins with; 0: it begins with none.
func containerMark(text string) int {
	switch text[0] {
	case '>':
		return 1
	case '-', '+', '*':
		if len(text) > 1 && (text[1] == ' ' || text[1] == '\t') {
			return 1
		}
		return 0
	}
	digits := prefixLength(text, func(r rune) bool { return r >= '0' && r <= '9' })
	if digits == 0 || digits > 9 || digits+1 >= len(text) {
		return 0
	}
	if mark, after := text[digits], text[digits+1]; (mark == '.' || mark == ')') && (after == ' ' || after == '\t') {
		return digits + 1
	}
	return 0
}

// checkTOML refuses brackets and dotted keys nested deeper than maxMetaNesting: the decoder
// takes memory with the square of the depth, and overflows the stack in the end.
func checkTOML(text string) error {
	dots := []int{0} // in the key being read, for each open bracket
	depth, line := 0, 1
	for i := 0; i < len(text); i++ {
		top := len(dots) - 1
		switch c := text[i]; c {
		case '"', '\'', '#':
			end := i + tomlSpan(text[i:])
			line += strings.Count(text[i:end], "\n")
			i = end - 1
		case '{', '[':
			dots = append(dots, 0)
			depth++
		case '}', ']':
			if top > 0 {
				depth -= 1 + dots[top]
				dots = dots[:top]
			}
		case '.':
			dots[top]++
			depth++
		case ',', '\n':
			if c == '\n' {
				line++
			}
			if c == ',' || top == 0 {
				depth -= dots[top]
				dots[top] = 0
			}
		}
		if depth > maxMetaNesting {
			return &FrontMatterError{Line: line, Err: fmt.Errorf("brackets or dotted keys are nested deeper than %d: nothing a digest reads is that deep, take them out", maxMetaNesting)}
		}
	}
	return nil
}

// tomlSpan returns the length of the string or comment that the text begins with. One that
// is not closed ends with its line, as the decoder reports it there.
func tomlSpan(text string) int {
	if text[0] == '#' {
		return lineLength(text)
	}
	mark := text[:1]
	if triple := strings.Repeat(mark, 3); strings.HasPrefix(text, triple) {
		mark = triple
	}
	for i := len(mark); i < len(text); i++ {
		switch {
		case text[i] == '\\' && mark[0] == '"':
			i++
		case text[i] == '\n' && len(mark) == 1:
			return i
		case strings.HasPrefix(text[i:], mark):
			for end := i + len(mark); ; end++ { // a string may end with quotes of its own
				if len(mark) == 1 || end == len(text) || end == i+5 || text[end] != mark[0] {
					return end
				}
			}
		}
	}
	return len(text)
}

func lineLength(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}
