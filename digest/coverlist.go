package digest

import "strings"

// CoverList is where a cover names the sections, in each of its forms. Readers get
// the cover without the names of sections that they do not get.
type CoverList struct {
	HTML  NameList `json:"html,omitzero"`
	Plain NameList `json:"plain,omitzero"`
	Rich  NameList `json:"rich,omitzero"`
}

// IsZero reports whether the cover names no sections.
func (l CoverList) IsZero() bool { return l.HTML.IsZero() && l.Plain.IsZero() && l.Rich.IsZero() }

// NameList is where the names of sections stand in a text: from Start up to End, with
// what divides them from the rest.
type NameList struct {
	Start int      `json:"start"` // in bytes, as all numbers here
	End   int      `json:"end"`
	Names []NameAt `json:"names"`
}

// NameAt is where the name of one section stands in a text.
type NameAt struct {
	Message int `json:"message"` // the first message of the section, counted from 0
	Start   int `json:"start"`
	End     int `json:"end"`
}

// IsZero reports whether the text names no sections.
func (l NameList) IsZero() bool { return len(l.Names) == 0 }

// Renamed returns the text with other names of sections, given their first messages and
// the names that are there. A section with the name "" is left out. Without any names
// nothing is left of the list.
func (l NameList) Renamed(text string, rename func(message int, name string) string) string {
	var kept []string
	for _, name := range l.Names {
		if said := rename(name.Message, text[name.Start:name.End]); said != "" {
			kept = append(kept, said)
		}
	}
	if len(kept) == 0 {
		return text[:l.Start] + text[l.End:]
	}
	first, last, between := l.Names[0], l.Names[len(l.Names)-1], ""
	if len(l.Names) > 1 {
		between = text[first.End:l.Names[1].Start]
	}
	return text[:first.Start] + strings.Join(kept, between) + text[last.End:]
}

// add notes that a section's name stands from start up to end. sep is how many bytes
// divide it from what is before it.
func (l *NameList) add(section, sep, start, end int) {
	if len(l.Names) == 0 {
		l.Start = start - sep
	}
	l.Names = append(l.Names, NameAt{Message: section, Start: start, End: end})
	l.End = end
}

// addPiece is add for a piece that was written from start up to end, if it is a name.
func (l *NameList) addPiece(a *piece, start, end int) {
	if a.section != 0 {
		l.add(a.section, len(a.sep), start, end)
	}
}

// point turns numbers of sections, counted from 1, into their first messages.
func (l *CoverList) point(opening []int) {
	for _, names := range [][]NameAt{l.HTML.Names, l.Plain.Names, l.Rich.Names} {
		for n := range names {
			names[n].Message = opening[names[n].Message-1]
		}
	}
}
