package digest

import (
	"net/url"
	"strconv"
	"strings"

	"digestbot/digest/dates"
	"digestbot/digest/numerals"
)

// composeCover returns the content of the cover, without the title.
func (i *Issue) composeCover() []piece {
	c := &composer{}
	if line := i.coverLine(); line != "" {
		c.sep = "\n"
		c.put([]Span{{Text: line}})
		c.last().under = true
	}
	c.begin()
	c.prose(i.Intro)
	c.begin()
	c.sep = "\n\n"
	for _, line := range i.lines() {
		c.put([]Span{{Text: line.text}})
		c.last().section = line.section
		c.sep = "\n"
	}
	c.begin()
	c.sep = "\n\n"
	c.prose(i.Credits)
	c.begin()
	c.sep = "\n\n"
	c.blocks(i.originalBlocks())
	return c.pieces
}

// nameLine is a line in which the cover names a section.
type nameLine struct {
	section int // its number among those that have messages, counted from 1
	text    string
}

// lines returns the lines in which the cover names sections.
func (i *Issue) lines() []nameLine {
	var lines []nameLine
	for n, s := range i.shown() {
		if s.Name != "" {
			lines = append(lines, nameLine{n + 1, s.line()})
		}
	}
	return lines
}

// originalBlocks returns the line with a link to the original, if its address is
// known.
func (i *Issue) originalBlocks() []Block {
	u, err := url.Parse(i.Original)
	if err != nil || !IsWeb(u) || len(i.Original) > MaxLink {
		return nil
	}
	return []Block{{Kind: Paragraph, Spans: []Span{{Text: "🔗 "}, {Text: u.Host, Link: i.Original}}}}
}

// coverLine returns number and date, each unless the title says it.
func (i *Issue) coverLine() string {
	var parts []string
	if i.Number > 0 && !numerals.HasNumber(i.Label(), i.Number) {
		parts = append(parts, i.tongue().number(i.Number))
	}
	if date := i.Date.Format(i.tongue().date); !i.Date.IsZero() && i.Label() != date && !dates.Says(i.Title, i.Date) {
		parts = append(parts, date)
	}
	return strings.Join(parts, cellSeparator)
}

// line announces a section on the cover.
func (s *Section) line() string {
	line := "• " + s.Name
	if s.Emoji != "" {
		line = s.Emoji + " " + s.Name
	}
	return line + itemCount(len(s.Items))
}

// Fewer returns the name of a section on a cover, which says how many items it has, for a
// reader who does not get some of them.
func Fewer(name string, items, hidden int) string {
	bare, counts := strings.CutSuffix(name, itemCount(items))
	if !counts || hidden == 0 {
		return name
	}
	return bare + itemCount(items-hidden)
}

// itemCount is how a cover counts the items of a section behind its name.
func itemCount(items int) string {
	if items < 2 {
		return ""
	}
	return " (" + strconv.Itoa(items) + ")"
}
