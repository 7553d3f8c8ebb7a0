package digest

import (
	"fmt"
	"slices"
	"time"
)

// messages renders a section or the cover under a heading, in as many parts as
// it needs. It also returns how many pieces were cut. An untitled heading is one of an
// issue without a title.
func messages(heading []Span, untitled bool, pieces []piece) ([]Message, int) {
	room := messageLimit.minus(headingCost(heading)).minus(hiddenRoom)
	if untitled {
		room = room.minus(publicationRoom)
	}
	p := split(pieces, room)
	parts := max(len(p.parts), 1)
	out := make([]Message, parts)
	inHTML, inPlain := make(map[int]bool), make(map[int]bool)
	for i := range out {
		line := heading
		if parts > 1 {
			line = append(heading[:len(heading):len(heading)], Span{Text: fmt.Sprintf(" (%d/%d)", i+1, parts)})
		}
		var part []piece
		if len(p.parts) > 0 {
			part = p.parts[i]
		}
		whole := underHeading(line, part)
		text := renderText(whole)
		m := Message{Part: i + 1, Parts: parts, Length: Units(text), Untitled: untitled}
		var found places
		m.HTML, found = renderHTML(whole)
		m.List.HTML, m.Items.HTML = found.names, markedIn(m.HTML, found.items, inHTML)
		m.Plain, found = renderPlain(whole)
		m.List.Plain, m.Items.Plain = found.names, markedIn(m.Plain, found.items, inPlain)
		out[i] = m
	}
	return out, p.cuts
}

// underHeading returns a message's pieces, with its heading first.
func underHeading(heading []Span, pieces []piece) []piece {
	whole := append([]piece{{spans: heading, shared: sharedStyle(heading), group: -1}}, pieces...)
	if len(pieces) > 0 && !whole[1].under {
		whole[1].sep = "\n\n"
	}
	return whole
}

// headingCost returns what a heading costs with the widest part number and the
// empty line after it.
func headingCost(heading []Span) cost {
	line := append(heading[:len(heading):len(heading)], Span{Text: " (999999/999999)\n\n"})
	a := piece{spans: line, shared: sharedStyle(line)}
	c, _ := a.costWithin(messageLimit, false)
	return c
}

// Messages returns the item as messages of their own, each below the heading, which names
// the part if there are several. What stands before the item is not among it, and a long
// text is open: whoever sees an item alone has asked for it.
func (it *Item) Messages(heading []Span) []Message {
	const open = 1 << 30 // wider than any text
	c := &composer{fold: open}
	if len(it.Title) == 0 {
		c.blocks(it.Body)
	} else {
		c.item(&Item{Title: it.Title, RunIn: it.RunIn, Body: it.Body}, false)
	}
	out, _ := messages(heading, false, c.pieces)
	return out
}

// Messages returns the issue as Telegram messages: the cover, then one message
// for each section, or several parts for a long one. An empty section has no
// message. Every message is valid markup within Telegram's limits, and equal
// issues give equal messages.
func (i *Issue) Messages() []Message {
	out, _ := i.compose()
	return out
}

// Check returns all warnings for the editor at that time: those of the parser,
// those that only the messages show, and that of [CheckDate].
func (i *Issue) Check(now time.Time) []string {
	_, warnings := i.compose()
	return i.allWarnings(warnings, now)
}

// allWarnings returns the warnings of the parser, those given, and that of the
// date. They are never nil.
func (i *Issue) allWarnings(more []string, now time.Time) []string {
	warnings := append(append([]string{}, i.Warnings...), more...)
	if warning := CheckDate(i.Date, now); warning != "" {
		warnings = append(warnings, warning)
	}
	return warnings
}

// inWarning names a section in a warning.
func (s *Section) inWarning() string {
	if s.Name == "" {
		return "the text"
	}
	return fmt.Sprintf("section %q", s.Name)
}

// compose returns the messages, and the warnings that only they show.
func (i *Issue) compose() (out []Message, warnings []string) {
	title := []Span{{Text: shortenColumns(i.Label(), 2*maxHeadingWidth), Style: Bold}}
	untitled := i.Title == ""
	out, cuts := messages(title, untitled, i.composeCover())
	warn := func(name string) {
		if cuts > 0 {
			warnings = append(warnings, fmt.Sprintf("%s: a paragraph is longer than a message and was cut %d times", name, cuts))
		}
	}
	warn("cover")
	for n := range out {
		out[n].Cover = true
	}
	out[0].Image = i.Image
	sections := i.shown()
	out = slices.Grow(out, len(sections))
	headlines, ofSection := i.headlines(sections)
	out[0].Headlines = headlines
	out[0].Rich, out[0].List.Rich = i.richCover()
	mark, opening := i.numberOrDate(), make([]int, len(sections))
	for n, s := range sections {
		opening[n] = len(out)
		heading := i.sectionHeading(s, mark)
		var parts []Message
		parts, cuts = messages(heading, untitled && s.Name == "", composeSection(s))
		parts[0].Headlines, parts[0].Items.Headlines = ofSection[n].text, ofSection[n].items
		parts[0].Rich, parts[0].Items.Rich = i.richSection(s, heading)
		if parts[0].Image = s.openingPicture(); parts[0].Image == i.Image {
			parts[0].Image = "" // the cover shows it
		}
		warn(s.inWarning())
		for k := range parts {
			parts[k].Section, parts[k].Items.Items = s.Key, max(len(s.Items), 1)
		}
		out = append(out, parts...)
	}
	for n := range out {
		out[n].List.point(opening)
	}
	i.markShares(out, sections, opening)
	for _, link := range i.untakenLinks() {
		warnings = append(warnings, fmt.Sprintf("Telegram makes no link of %s: readers see the address instead", link))
	}
	return out, warnings
}

// shown returns the sections that have messages.
func (i *Issue) shown() []*Section {
	var out []*Section
	for n := range i.Sections {
		if s := &i.Sections[n]; !s.IsEmpty() {
			out = append(out, s)
		}
	}
	return out
}

// Layout is how a reader gets an issue.
type Layout string

// The layouts.
const (
	LayoutSections Layout = "sections" // one message per section, or several
	LayoutAuto     Layout = "auto"     // sections, or compact if that would be more than maxAuto messages
	LayoutCompact  Layout = "compact"  // one message of headlines; a bot may unfold it
	LayoutRich     Layout = "rich"     // one rich message per section; not every app shows it
	LayoutMonthly  Layout = "monthly"  // one message of headlines of several issues, see Month; chosen by how often issues come
)

// maxAuto is how many messages of an issue the layout auto brings at most.
const maxAuto = 6

// For returns the layout in which an issue comes that would be so many messages in the
// layout sections. It is the layout itself, unless that is auto.
func (l Layout) For(messages int) Layout {
	switch {
	case l != LayoutAuto:
		return l
	case messages > maxAuto:
		return LayoutCompact
	}
	return LayoutSections
}
