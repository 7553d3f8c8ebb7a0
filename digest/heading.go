package digest

import "cmp"

// maxHeadingWidth is how wide, in columns, the heading of a message may be; a
// wider one is cut.
const maxHeadingWidth = 160

// sectionHeading returns the first line of a section's messages: the section's
// name, and mark, the issue's number or date, if it has one.
func (i *Issue) sectionHeading(s *Section, mark string) []Span {
	spans := s.headingSpans()
	switch {
	case s.Name == "":
		spans = []Span{{Text: shortenColumns(i.Label(), maxHeadingWidth)}}
	case s.longHeading():
		spans = []Span{{Text: shortenColumns(s.Name, maxHeadingWidth)}}
	}
	spans = s.marked(spans)
	if mark != "" && s.Name != "" {
		spans = append(spans, Span{Text: cellSeparator + mark})
	}
	return spans
}

// marked returns the name of the section as a heading, with its marks.
func (s *Section) marked(name []Span) []Span {
	if mark := s.marks(); mark != "" {
		name = append([]Span{{Text: mark}}, name...)
	}
	return showAddresses(embolden(name))
}

// newMark stands before the name of a section that readers meet for the first time.
const newMark = "🆕 "

// marks returns what stands before the section's name.
func (s *Section) marks() string {
	marks := ""
	if s.New {
		marks = newMark
	}
	if s.Emoji != "" {
		marks += s.Emoji + " "
	}
	return marks
}

// headingSpans returns the section's name with its links, if it has any.
func (s *Section) headingSpans() []Span {
	if len(s.Heading) > 0 {
		return s.Heading
	}
	return []Span{{Text: s.Name}}
}

// maxHeadingSpans is how many spans a heading may have, because every part
// repeats it.
const maxHeadingSpans = 12

func (s *Section) longHeading() bool {
	spans := s.headingSpans()
	return Width(TextOf(spans)) > maxHeadingWidth || len(spans) > maxHeadingSpans
}

// numberOrDate returns the short name of the issue: its number, else its date,
// else "".
func (i *Issue) numberOrDate() string {
	switch {
	case i.Number > 0:
		return i.tongue().number(i.Number)
	case !i.Date.IsZero():
		return i.Date.Format(i.tongue().date)
	}
	return ""
}

// Label returns the name of the issue: its title, else its number or date, else
// its key. It is never empty.
func (i *Issue) Label() string {
	if i.Title != "" {
		return i.Title
	}
	return cmp.Or(i.numberOrDate(), i.Key, pictureMark)
}
