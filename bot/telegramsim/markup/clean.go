package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// cleaned turns control characters into spaces, drops carriage returns and the invisible
// characters Telegram removes, and moves the entities with the text (tdlib/td,
// clean_input_string_with_entities).
func (f Formatted) cleaned() Formatted {
	if !strings.ContainsFunc(f.Text, func(r rune) bool { return cleanRune(r) != r }) {
		f.Text = withoutMarkRuns(f.Text)
		return f
	}
	var out strings.Builder
	shift := make([]int, 0, len(f.Text)+1) // per UTF-16 unit: its place in the cleaned text
	units := 0
	for _, r := range f.Text {
		for range utf16.RuneLen(r) {
			shift = append(shift, units)
		}
		if c := cleanRune(r); c >= 0 {
			out.WriteRune(c)
			if utf16.RuneLen(r) == 2 {
				shift[len(shift)-1] = units + 1
			}
			units += utf16.RuneLen(r)
		}
	}
	shift = append(shift, units)
	entities := slices.Clone(f.Entities)
	for i, e := range entities {
		start, end := shift[min(e.Offset, len(shift)-1)], shift[min(e.end(), len(shift)-1)]
		entities[i].Offset, entities[i].Length = start, end-start
	}
	f.Text, f.Entities = withoutMarkRuns(out.String()), entities
	return f
}

// cleanRune says what becomes of one character; -1 removes it.
func cleanRune(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r', r >= 0x2028 && r <= 0x202e, r == 0x333, r == 0x33f, r == 0x30a:
		return -1
	case r < ' ':
		return ' '
	}
	return r
}

// withoutMarkRuns keeps the last of several direction marks in a row and makes the others
// harmless, without moving anything (tdlib/td, replace_offending_characters).
func withoutMarkRuns(text string) string {
	isMark := func(r rune) bool { return r == '\u200e' || r == '\u200f' }
	if !strings.ContainsFunc(text, isMark) {
		return text
	}
	runes := []rune(text)
	for i := range runes[:len(runes)-1] {
		if isMark(runes[i]) && isMark(runes[i+1]) {
			runes[i] = '\u200c'
		}
	}
	return string(runes)
}

// trimmed cuts spaces and line feeds off both ends. At the front it stops at the first
// entity, as Telegram does.
func (f Formatted) trimmed() Formatted {
	text := strings.TrimRight(f.Text, " \n")
	end := Units(text)
	front := len(text) - len(strings.TrimLeft(text, " \n")) // these are one unit each
	if len(f.Entities) > 0 {
		front = min(front, f.Entities[0].Offset)
	}
	front = min(front, len(text))
	entities := f.Entities[:0:0]
	for _, e := range f.Entities {
		stop := min(e.end(), end)
		if e.Offset >= stop {
			continue
		}
		e.Length = stop - e.Offset
		e.Offset -= front
		entities = append(entities, e)
	}
	f.Text, f.Entities = text[front:], entities
	sortEntities(f.Entities)
	return f
}

// OneLine returns a name as one line without blanks at its ends.
func OneLine(name string) string {
	return strings.Join(strings.Fields(strings.Map(cleanRune, name)), " ")
}

// IsBlank reports whether s is invisible (tdlib/td, is_empty_string).
func IsBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !isInvisible(r) })
}

func isInvisible(r rune) bool {
	switch r {
	case '\u180e', '\u2060', '\u2800', '\u3164', '\ufeff', '\ufffc':
		return true
	}
	return '\u200b' <= r && r <= '\u200f' || 0xe0000 <= r && r <= 0xe007f
}
