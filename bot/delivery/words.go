package delivery

import (
	"slices"
	"sync"

	"digestbot/bot/rendition"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// ownMessages are the messages of a recipient with words.
type ownMessages struct {
	words []subscribers.Word
	of    []archive.Message // of everybody
	list  []archive.Message
}

// list returns the messages of the issue as the recipient gets them. It must not be
// changed.
func (c *courier) list() []archive.Message {
	all := c.messages.list()
	if len(c.to.Words) == 0 {
		return all
	}
	if o := &c.own; len(o.of) != len(all) || &o.of[0] != &all[0] || !slices.Equal(o.words, c.to.Words) {
		*o = ownMessages{words: c.to.Words, of: all, list: c.messages.words().ForReader(all, c.to, c.b.config.HiddenLine)}
	}
	return c.own.list
}

// at returns a message, which must not be changed.
func (c *courier) at(position int) *archive.Message { return &c.list()[position] }

// rings reports whether a message makes a sound whose content ends at a position: it is the
// first of the issue, or has an item with a star.
func (c *courier) rings(last int) bool {
	if !c.delivery.hasBegun() {
		return true
	}
	list := c.list()
	return slices.ContainsFunc(list[c.delivery.NextMessage:last+1], func(m archive.Message) bool {
		return m.Starred && !c.to.Mutes(m)
	})
}

// wordsOf reads the sections of an issue for words, once, when the first recipient has
// some. An error, which only a damaged database makes, is logged, and nothing is hidden.
func (b *Broadcaster) wordsOf(issue int64, all []archive.Message) func() rendition.WordSections {
	return sync.OnceValue(func() rendition.WordSections {
		sections, err := rendition.ReadWordSections(all)
		if err != nil {
			b.log.Error("the words of readers are left aside", "issue", issue, "err", err)
		}
		return sections
	})
}
