package rendition

import (
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// LayoutFor returns the layout in which a recipient gets an issue. It is the one given,
// unless that is auto. A group in which each section has a topic of its own gets sections
// then: one message of headlines would leave the topics empty.
func LayoutFor(messages []archive.Message, to subscribers.Recipient, layout digest.Layout) digest.Layout {
	switch {
	case layout != digest.LayoutAuto:
		return layout
	case to.Topics == subscribers.SectionTopics:
		return digest.LayoutSections
	}
	return layout.For(CountMessages(messages, to, digest.LayoutSections))
}

// CountMessages returns how many messages of an issue a recipient gets in a layout that
// is not auto.
func CountMessages(messages []archive.Message, to subscribers.Recipient, layout digest.Layout) int {
	n := 0
	for p := 0; p < len(messages); p++ {
		if to.Mutes(messages[p]) {
			continue
		}
		n++
		p = reach(messages, to, layout, p)
	}
	return n
}

// reach returns the position of the last message whose content a recipient gets in the
// message at a position: in the compact and monthly layouts the first message has
// everything, in the rich layout the first message of a section all parts of it, and in the
// layout sections short sections share a message, unless each has a topic of its own.
//
// Which positions share a message is fixed with the edition. What a recipient has switched
// off is left out of the message, but counts towards it. So a delivery that goes on after a
// crash, or after its reader has changed something, repeats the message that it had begun.
func reach(messages []archive.Message, to subscribers.Recipient, layout digest.Layout, position int) int {
	m := messages[position]
	switch {
	case layout == digest.LayoutCompact, layout == digest.LayoutMonthly:
		return len(messages) - 1
	case layout == digest.LayoutRich && isRich(m):
		_, last := archive.SectionOf(messages, position)
		return last
	case layout == digest.LayoutSections && !to.TopicsWanted():
		for position+1 < len(messages) && messages[position+1].Share != "" {
			position++
		}
	}
	return position
}

// isRich reports whether a message goes out as a rich message in that layout.
func isRich(m archive.Message) bool { return m.Rich != "" && m.RichRefused == "" }
