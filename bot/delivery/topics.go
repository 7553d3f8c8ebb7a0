package delivery

import (
	"cmp"
	"context"

	"digestbot/subscribers"
)

// thread is the forum topic for the next message; 0: none. No topic is made for a section
// that is in one issue only: nothing would come there again.
func (c *courier) thread(ctx context.Context) (int, error) {
	m := c.at(c.delivery.NextMessage)
	section := m.SectionID
	_, own := c.to.TopicOf(section)
	if c.b.config.Topic == nil || section != 0 && section == c.noTopic || m.OneOff && !own {
		return c.to.Thread, nil
	}
	thread, err := c.b.config.Topic(ctx, c.to, section)
	if err == nil && !own && thread == c.to.Thread {
		c.noTopic = section // all messages of the section go there
	}
	return thread, err
}

// topicGone forgets a topic that was deleted or closed: the topic of the section, or
// that of the subscriber. If a group has closed even its topic General, the bot may not
// post there at all.
func (c *courier) topicGone(ctx context.Context, reason subscribers.Reason) error {
	section := c.at(c.delivery.NextMessage).SectionID
	var err error
	switch _, own := c.to.TopicOf(section); {
	case own && section != c.noTopic:
		c.noTopic = section
		err = c.b.store.DropSectionTopic(ctx, c.delivery.SubscriberID, section)
	case c.to.Thread != 0:
		var elsewhere bool
		if elsewhere, err = c.b.store.DropTopic(ctx, c.delivery.SubscriberID, c.to.Thread); err == nil && !elsewhere {
			return c.end(ctx, subscribers.Skipped, reason) // also for a reader who asked in that topic
		}
	default:
		return c.notAllowed(ctx, reason)
	}
	return cmp.Or(err, c.delivery.settle())
}
