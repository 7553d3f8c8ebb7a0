package digest

import (
	"fmt"
	"time"
)

// messages renders the parts of a section or the cover under a heading.
func messages(heading []Span, pieces []piece) ([]Message, int) {
	room := messageLimit.minus(headingCost(heading))
	p := split(pieces, room)
	parts := max(len(p.parts), 1)
	out := make([]Message, parts)
	for i := range out {
		line := heading
		if parts > 1 {
			line = append(heading[:len(heading):len(heading)], Span{Text: fmt.Sprintf(" (%d/%d)", i+1, parts)})
		}
		whole := []piece{{spans: line, shared: sharedStyle(line), group: -1}}
		if len(p.parts) > 0 {
			whole = append(whole, p.parts[i]...)
			if !whole[1].under {
				whole[1].sep = "\n\n"
			}
		}
		text := renderText(whole)
		out[i] = Message{Part: i + 1, Parts: parts, HTML: renderHTML(whole), Length: Units(text), Plain: renderPlain(whole)}
	}
	return out, p.cuts
}

// headingCost returns the room a heading takes with the widest part number and
// the empty line after it.
func headingCost(heading []Span) cost {
	line := append(heading[:len(heading):len(heading)], Span{Text: " (999999/999999)\n\n"})
	a := piece{spans: line, shared: sharedStyle(line)}
	c, _ := a.costWithin(messageLimit, false)
	return c
}

// Messages returns the issue as Telegram messages: the cover, then one message
// per section, or several parts of a long one, in order. A section with
// nothing in it has none. Every message is valid markup within Telegram's
// limits, and equal issues give equal messages.
func (i *Issue) Messages() []Message {
	out, _ := i.compose()
	return out
}

// Check returns all warnings for the editor at that time: those of the parser,
// those that only splitting shows, and that of CheckDate.
func (i *Issue) Check(now time.Time) []string {
	_, warnings := i.compose()
	return i.allWarnings(warnings, now)
}

// allWarnings are those of the parser, those given of splitting, and that of the
// date; never nil.
func (i *Issue) allWarnings(splitting []string, now time.Time) []string {
	warnings := append(append([]string{}, i.Warnings...), splitting...)
	if warning := CheckDate(i.Date, now); warning != "" {
		warnings = append(warnings, warning)
	}
	return warnings
}

func (i *Issue) compose() ([]Message, []string) {
	title := []Span{{Text: shortenColumns(i.label(), 2*maxHeadingWidth), Style: Bold}}
	out, cuts := messages(title, i.composeCover())
	var warnings []string
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
	headlines, ofSection := i.headlines(sections)
	out[0].Headlines, out[0].Rich = headlines, i.richCover()
	for n, s := range sections {
		var parts []Message
		parts, cuts = messages(i.sectionHeading(s), composeSection(s))
		parts[0].Headlines, parts[0].Rich = ofSection[n], i.richSection(s)
		warn(fmt.Sprintf("section %q", s.Name))
		for k := range parts {
			parts[k].Section = s.Key
		}
		out = append(out, parts...)
	}
	for _, link := range i.untakenLinks() {
		warnings = append(warnings, fmt.Sprintf("Telegram makes no link of %s: readers see the address instead", link))
	}
	return out, warnings
}

// shown returns the sections that have messages.
func (i *Issue) shown() []*Section {
	var out []*Section
	for n := range i.Sections {
		if s := &i.Sections[n]; !s.empty() {
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
	LayoutCompact  Layout = "compact"  // one message of headlines
	LayoutRich     Layout = "rich"     // one rich message per section
)
