package digest

import "strings"

// Sections that stand side by side and have one short item each share a message in the
// layout sections, if the issue has many messages. A reader may have switched off some
// of them, so each keeps its own message, and has besides what stands for it below
// another one.

const (
	// maxSeparate is how many messages an issue may have, with the cover, in which each
	// section has a message of its own, however short.
	maxSeparate = 6
	maxShare    = 500  // UTF-16 code units of a section that shares a message
	maxShared   = 2000 // of the message: about two screens of a phone
)

// sharedRoom is the room for the sections that share a message. The rest of what a
// message may have is for the number of the issue in the first heading, and what is
// between the sections.
var sharedRoom = cost{maxShared, maxEntities - 8, maxMarkupBytes - 2000, maxEntitiesBytes - 500}

// Shared returns a message that sections share, for parse_mode HTML: the HTML of the
// first of them and the Share of each other one. [PlainOf] returns its plain form.
func Shared(texts []string) string { return strings.Join(texts, messageSeparator) }

// markShares sets Share of the messages of sections that go on in the message of the
// section before them. opening has the first message of each section.
func (i *Issue) markShares(messages []Message, sections []*Section, opening []int) {
	if len(sections) < maxSeparate { // and the cover
		return
	}
	var used cost // of the message so far
	open := false // the section before may share its message
	for n, s := range sections {
		m := &messages[opening[n]]
		share, items, c, ok := s.share()
		ok = ok && m.Parts == 1
		if with := used.plus(c).plus(separatorCost); ok && open && m.Image == "" && with.within(sharedRoom) {
			m.Share, m.Items.Share, used = share, items, with
			continue
		}
		open, used = ok, c
	}
}

// share returns what stands for the section below another one in the same message, and
// what that costs; ok is false for a section that is to have its own message.
func (s *Section) share() (text string, items Marked, c cost, ok bool) {
	if s.Name == "" || s.longHeading() || len(s.Items) > 1 {
		return "", Marked{}, cost{}, false
	}
	whole := underHeading(s.marked(s.headingSpans()), composeSection(s))
	c, ok = (&packer{room: sharedRoom}).fits(whole, cost{})
	if !ok || c.units > maxShare {
		return "", Marked{}, cost{}, false
	}
	text, found := renderHTML(whole)
	return text, markedIn(text, found.items, make(map[int]bool)), c, true
}

// sharing divides messages into those that go out as one in the layout sections, to a
// reader who has switched nothing off.
func sharing(messages []Message) [][]Message {
	var all [][]Message
	first := 0
	for n, m := range messages {
		if m.Share == "" { // such as the cover
			first, all = n, append(all, nil)
		}
		all[len(all)-1] = messages[first : n+1]
	}
	return all
}

// together returns the message that several share.
func together(messages []Message) Message {
	m := messages[0]
	if len(messages) == 1 {
		return m
	}
	texts := []string{m.HTML}
	for _, other := range messages[1:] {
		texts = append(texts, other.Share)
	}
	m.HTML = Shared(texts)
	m.Length = Units(textWithin(m.HTML))
	return m
}
