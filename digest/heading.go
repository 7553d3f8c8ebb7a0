package digest

import "strconv"

// maxHeadingWidth is how wide a heading of a message gets before it is cut.
const maxHeadingWidth = 160

// sectionHeading returns the first line of a section's messages: the section's
// name, and the issue's number or date where there is one.
func (i *Issue) sectionHeading(s *Section) []Span {
	spans := s.headingSpans()
	switch {
	case s.Name == "":
		spans = []Span{{Text: shortenColumns(i.label(), maxHeadingWidth)}}
	case s.longHeading():
		spans = []Span{{Text: shortenColumns(s.Name, maxHeadingWidth)}}
	}
	if mark := s.marks(); mark != "" {
		spans = append([]Span{{Text: mark}}, spans...)
	}
	spans = showAddresses(embolden(spans))
	if mark := i.mark(); mark != "" && s.Name != "" {
		spans = append(spans, Span{Text: cellSeparator + mark})
	}
	return spans
}

// newMark stands before the name of a section that is new this week.
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

// maxHeadingSpans is how many differently styled words a heading repeats in
// every part.
const maxHeadingSpans = 12

func (s *Section) longHeading() bool {
	spans := s.headingSpans()
	return width(plain(spans)) > maxHeadingWidth || len(spans) > maxHeadingSpans
}

// mark names the issue shortly: its number, else its date.
func (i *Issue) mark() string {
	switch {
	case i.Number > 0:
		return "№ " + strconv.Itoa(i.Number)
	case !i.Date.IsZero():
		return i.Date.Format("2006-01-02")
	}
	return ""
}

// label names the issue: its title, else its mark, else its key.
func (i *Issue) label() string {
	for _, label := range []string{i.Title, i.mark(), i.Key} {
		if label != "" {
			return label
		}
	}
	return pictureMark
}
