package corrections

import "digestbot/bot/talk"

// change is what a correction changed in one section, or on the cover.
type change struct {
	cover   bool
	section string // "": one without a heading, or the cover
	was     string // its name before, if that was another one
	what    string // added, removed or changed
	details []detail
}

// detail is something that changed within a section: before and after. One of them is empty
// if it is new or was removed.
type detail struct {
	of            part
	before, after string
}

// part is what a detail is about.
type part int

const (
	anItem part = iota
	aLine       // of a section whose items did not change
	aLink
	aPicture // without before and after
	anOrder  // of the items; the same
)

type changes []change

// maxLines bounds the lines about what changed.
const maxLines = 20

// room returns how many details of each section are shown: as many as leave a line for
// every section.
func (all changes) room() (items int) {
	for ; items < maxLines; items++ {
		lines := 0
		for _, c := range all {
			lines++
			if lines += min(len(c.details), items+1); len(c.details) > items+1 {
				lines++ // says how many more there are
			}
		}
		if lines > maxLines {
			break
		}
	}
	return items
}

// text says what changed.
func (all changes) text(s talk.Speaker) string {
	var lines []string
	room := all.room()
	for _, c := range all {
		lines = append(lines, c.heading(s))
		shown := min(len(c.details), room)
		for _, d := range c.details[:shown] {
			lines = append(lines, d.line(s))
		}
		if left := len(c.details) - shown; left > 0 && shown > 0 {
			lines = append(lines, s.HTML("correction.more", talk.Values{"Count": left}))
		}
	}
	if len(lines) > maxLines {
		left := len(lines) - maxLines
		lines = append(lines[:maxLines], s.HTML("correction.more", talk.Values{"Count": left}))
	}
	return talk.Lines(lines...)
}

// heading names the section and says what became of it.
func (c change) heading(s talk.Speaker) string {
	said := talk.Values{"Section": c.section, "Before": c.was}
	switch {
	case c.cover:
		said["Section"] = s.Plain("correction.cover")
	case c.section == "":
		said["Section"] = s.Plain("sections.unnamed")
	}
	switch {
	case c.what == "added":
		return s.HTML("correction.section_added", said)
	case c.what == "removed":
		return s.HTML("correction.section_removed", said)
	case c.was != "":
		return s.HTML("correction.section_renamed", said)
	}
	return s.HTML("correction.section_changed", said)
}

// line says what changed within a section.
func (d detail) line(s talk.Speaker) string {
	said := talk.Values{"Before": d.before, "After": d.after}
	switch {
	case d.of == aPicture:
		return s.HTML("correction.picture", said)
	case d.of == anOrder:
		return s.HTML("correction.order", said)
	case d.of == aLink && d.before != "" && d.after != "":
		return s.HTML("correction.link_changed", said)
	case d.of == aLink && d.before == "":
		return s.HTML("correction.link_added", said)
	case d.of == aLink:
		return s.HTML("correction.link_removed", said)
	case d.before == "":
		return s.HTML("correction.item_added", said)
	case d.after == "":
		return s.HTML("correction.item_removed", said)
	}
	return s.HTML("correction.item_changed", said)
}
