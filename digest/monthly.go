package digest

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// MonthIssue is an issue of which a reader gets the headlines only, together with those of
// others.
type MonthIssue struct {
	Name     string // in plain text
	Sections []MonthSection
}

// MonthSection is what a section of it has in the compact layout.
type MonthSection struct {
	Headlines string // HTML
	Named     bool   // they begin with the name of the section
}

// Month returns one message for parse_mode HTML, below a heading in plain text: of each
// issue the name, and as many headlines as there is room for. Of those that are left out it
// says how many they are. The issues that need least room come first to it, so that each
// gets its share.
func Month(heading string, issues []MonthIssue) string {
	p := headlinePacker{room: messageLimit}
	if heading != "" {
		p.add("", []Span{{Text: heading, Style: Bold}})
	}
	title, _ := renderHTML(p.pieces)
	lists := make([]headlineList, len(issues))
	for n := range issues {
		lists[n] = issues[n].headlineList()
	}
	texts := []string{title}
	for _, fitted := range fitAll(lists, p.room.minus(p.used), false) {
		texts = append(texts, fitted.text)
	}
	return Compact(texts)
}

func (i *MonthIssue) headlineList() headlineList {
	l := headlineList{name: i.Name, bare: i.Name, heading: []Span{{Text: i.Name, Style: Bold}}}
	for _, s := range i.Sections {
		l.section(s)
	}
	for n := range l.lines {
		l.numbers = append(l.numbers, n+1)
	}
	l.measure()
	return l
}

// section adds the headlines of a section, without its name, unless it has nothing else.
func (l *headlineList) section(s MonthSection) {
	lines := linesWithin(s.Headlines)
	if s.Named && len(lines) > 1 {
		lines = lines[1:]
	}
	for _, line := range lines {
		text := TextOf(line)
		rest, counts := strings.CutPrefix(text, restMark)
		number, _, _ := strings.Cut(rest, " ") // before a star
		more, err := strconv.Atoi(number)
		switch {
		case text == "":
		case counts && err == nil:
			l.more += more
		case strings.HasPrefix(text, bullet), strings.HasPrefix(text, star):
			l.lines = append(l.lines, line)
		default:
			l.lines = append(l.lines, append([]Span{{Text: bullet}}, line...))
		}
	}
}

// linesWithin returns the lines of a text in HTML that this package has written.
func linesWithin(text string) [][]Span {
	lines := make([][]Span, 1)
	var s Span
	eachToken(text, func(t html.Token) {
		switch t.Type {
		case html.TextToken:
			for n, part := range strings.Split(t.Data, "\n") {
				if n > 0 {
					lines = append(lines, nil)
				}
				if s.Text = part; part != "" {
					lines[len(lines)-1] = append(lines[len(lines)-1], s)
				}
			}
		case html.StartTagToken:
			s.Style |= styleOf(t.Data)
			if t.Data == "a" {
				s.Link = tokenAttr(t, "href")
			}
		case html.EndTagToken:
			s.Style &^= styleOf(t.Data)
			if t.Data == "a" {
				s.Link = ""
			}
		}
	})
	return lines
}

// styleOf returns the style for which an element stands; 0: none.
func styleOf(name string) Style {
	if name == "code" {
		return Monospace
	}
	for _, t := range styleTags {
		if t.open == "<"+name+">" {
			return t.style
		}
	}
	return 0
}
