package bounds

import (
	"fmt"
	"strings"
)

// CheckTOML refuses brackets and dotted keys nested deeper than maxMetaNesting: the decoder
// needs memory with the square of the depth, and in the end overflows the stack.
func CheckTOML(text string) error {
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
			return &Error{Line: line, What: fmt.Sprintf("brackets or dotted keys are nested deeper than %d: take them out; nothing that deep is read", maxMetaNesting)}
		}
	}
	return nil
}

// tomlSpan returns the length of the string or comment at the beginning of a text. A string
// that is not closed ends with its line, where the decoder reports it.
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
