package delivery

import (
	"cmp"
	"context"

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
	case layout == digest.LayoutRich && m.Rich != "" && m.RichRefused == "":
		_, last := archive.SectionOf(messages, position)
		return last
	case layout == digest.LayoutSections && !to.TopicsWanted():
		for position+1 < len(messages) && messages[position+1].Share != "" {
			position++
		}
	}
	return position
}

// reach returns the position of the last message whose content the next one has.
func (c *courier) reach() int {
	return reach(c.list(), c.to, c.layout(), c.delivery.NextMessage)
}

// shared returns the next message with all that goes out in it, up to a position, without
// what is switched off. In what form one section has to be sent alone, in that form all of
// them are sent together.
func (c *courier) shared(next *archive.Message, last int) *archive.Message {
	if last == next.Position {
		return next
	}
	var m archive.Message
	var texts []string
	for p := next.Position; p <= last; p++ {
		other := c.at(p)
		switch {
		case c.isMuted(p):
			continue
		case texts == nil:
			m, texts = *other, []string{other.HTML}
		default:
			texts = append(texts, other.Share)
		}
		m.Refused, m.Bare = cmp.Or(m.Refused, other.Refused), cmp.Or(m.Bare, other.Bare)
	}
	if len(texts) > 1 {
		m.HTML = digest.Shared(texts)
		if c.form(&m).Plain { // which is rare, and takes long
			m.Plain = digest.PlainOf(m.HTML)
		}
	}
	return &m
}

// wantsHint reports whether a person who chose no layout, and was not told yet that there
// are others, gets so many messages in this one that it is time. The hint is a button
// under the last of them, because a message of its own would be one more, for everybody.
func (c *courier) wantsHint(layout digest.Layout) bool {
	if c.to.Kind != subscribers.Private || c.to.Layout != "" || c.to.LayoutAdvice == subscribers.LayoutHinted {
		return false
	}
	n := CountMessages(c.list(), c.to, layout)
	return digest.LayoutAuto.For(n) != digest.LayoutSections
}

// hinted notes that a chat has the hint.
func (c *courier) hinted(ctx context.Context) error {
	if !c.sending.hint {
		return nil
	}
	return c.b.store.NoteLayoutAdvice(context.WithoutCancel(ctx), c.delivery.SubscriberID, subscribers.LayoutHinted)
}
