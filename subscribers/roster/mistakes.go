package roster

import (
	"fmt"
	"strings"
)

// maxTold is how many mistakes are told one by one.
const maxTold = 20

// Mistakes are all that is wrong with a file: then nothing of it is imported.
type Mistakes struct {
	First []string // at most maxTold, in the order of the file; each says the line, the cause and the cure
	Count int
}

// Error lists the first mistakes, one a line, and says how many there are.
func (m *Mistakes) Error() string {
	lines := strings.Join(m.First, "\n")
	if more := m.Count - len(m.First); more > 0 {
		lines += fmt.Sprintf("\n… and %d more", more)
	}
	return fmt.Sprintf("%s\nnothing was imported: mistakes in the file: %d", lines, m.Count)
}

// add notes a mistake.
func (m *Mistakes) add(line int, format string, args ...any) {
	m.Count++
	if len(m.First) < maxTold {
		m.First = append(m.First, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
	}
}

// err returns the mistakes as an error; nil: there are none.
func (m *Mistakes) err() error {
	if m.Count == 0 {
		return nil
	}
	return m
}

// maxShown bounds what of a file a mistake shows, in characters.
const maxShown = 60

// shown is a text of a file as a mistake shows it: in quotation marks, short, and without
// characters that a terminal would obey.
func shown(text string) string {
	if len(text) > maxShown*4 {
		text = text[:maxShown*4]
	}
	letters := []rune(strings.ToValidUTF8(text, "�"))
	if len(letters) > maxShown {
		letters = append(letters[:maxShown], '…')
	}
	return fmt.Sprintf("%q", string(letters))
}
