package reader

import (
	"cmp"
	"context"
	"errors"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// maxTopicName is the longest name of a topic, in characters
// (core.telegram.org/bots/api#createforumtopic).
const maxTopicName = 128

// topicColors are the colours of topics without an emoji
// (core.telegram.org/bots/api#createforumtopic).
var topicColors = [...]int{0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F}

// SectionTopic returns the forum topic that messages of a section go to for a recipient;
// section 0 is the cover. In a group that wants a topic for each section it makes the
// topic if there is none yet, which counts as a message to the group. Where the bot may
// not, messages go to the recipient's own topic, and the admins of the group are told
// once. Errors are the database's, or mean that the program is ending.
func (s *subscriptions) SectionTopic(ctx context.Context, to subscribers.Recipient, section int64) (thread int, err error) {
	if section == 0 || to.Topics != subscribers.SectionTopics {
		thread, known := to.TopicOf(section) // made before topics were refused
		if !known {
			thread = to.Thread
		}
		return thread, nil
	}
	if thread, known := to.TopicOf(section); known {
		return thread, nil
	}
	unlock, err := s.making.Lock(ctx, to.Subscriber.ID)
	if err != nil {
		return 0, err
	}
	defer unlock()
	to, err = s.Store.Recipient(ctx, to.Subscriber.ID)
	if err != nil {
		return 0, err
	}
	if thread, known := to.TopicOf(section); known {
		return thread, nil
	}
	if to.Topics != subscribers.SectionTopics { // refused while this one waited
		return to.Thread, nil
	}
	return s.makeTopic(ctx, to, section)
}

// makeTopic makes a topic with the section's name.
func (s *subscriptions) makeTopic(ctx context.Context, to subscribers.Recipient, section int64) (thread int, err error) {
	named, err := s.Store.Section(ctx, section)
	if err != nil {
		return 0, err
	}
	topic, err := s.Sender.CreateForumTopic(ctx, &tg.CreateForumTopicParams{
		ChatID:    to.Chat.ID,
		Name:      topicName(s.SpeakerTo(to.Subscriber, ""), named),
		IconColor: topicColors[section%int64(len(topicColors))],
	})
	if err == nil {
		// The topic is there, whether or not the program is ending.
		err = s.Store.SetSectionTopic(context.WithoutCancel(ctx), to.Subscriber.ID, section, topic.MessageThreadID)
		return topic.MessageThreadID, err
	}
	switch sender.Classify(err).Kind {
	case sender.NotAllowed, sender.Refused: // no right, or topics are switched off
		return to.Thread, s.topicsRefused(ctx, to.Subscriber, err)
	}
	if ctx.Err() != nil || errors.Is(err, sender.ErrFatal) {
		return 0, err
	}
	// Whatever else is wrong, sending the message will show it.
	s.Log.Warn("a topic cannot be made", "chat", to.Chat.ID, "section", section, "err", err)
	return to.Thread, nil
}

// topicName is a section's name, cut to maxTopicName.
func topicName(s talk.Speaker, section subscribers.Section) string {
	name := []rune(cmp.Or(section.Name, s.Plain("sections.unnamed")))
	if len(name) > maxTopicName {
		name = append(name[:maxTopicName-1], '…')
	}
	return string(name)
}

// topicsRefused notes that the bot may not make topics in a group, and tells its admins
// in private, or else in the group.
func (s *subscriptions) topicsRefused(ctx context.Context, sub subscribers.Subscriber, cause error) error {
	first, err := s.Store.RefuseTopics(context.WithoutCancel(ctx), sub.ID)
	if err != nil || !first {
		return err
	}
	s.Log.Warn("a group does not let the bot make topics", "chat", sub.Chat.ID, "err", cause)
	s.later(func(ctx context.Context) {
		told := s.TellChatAdmins(ctx, sub.Chat.ID, func(v talk.Visit) string {
			return v.HTML("topics.refused", talk.Values{"Chat": sub.Title})
		})
		if told == 0 {
			v := talk.Visit{Sub: sub, Thread: sub.Thread, Speaker: s.SpeakerTo(sub, "")}
			s.Say(ctx, v, v.HTML("topics.refused", talk.Values{"Chat": sub.Title}), nil)
		}
	})
	return nil
}
