package reader

import (
	"cmp"
	"context"
	"errors"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Topics shows the switch that gives each section a topic of its own in a forum group.
func (s *subscriptions) Topics(ctx context.Context, v talk.Visit, _ string) error {
	if !v.Forum {
		s.Say(ctx, v, v.HTML("topics.elsewhere"), nil)
		return nil
	}
	return s.SayView(ctx, v, s.topicSwitch)
}

// topicSwitch is the text and keyboard of /topics.
func (s *subscriptions) topicSwitch(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	to, err := s.Store.Recipient(ctx, v.Sub.ID)
	if err != nil {
		return "", nil, err
	}
	text := talk.Paragraphs(v.HTML("topics.title"), v.HTML("topics.off"))
	mark, next := "⬜", int64(1)
	var right talk.Keyboard
	if to.TopicsWanted() {
		text = talk.Paragraphs(v.HTML("topics.title"), v.HTML("topics.on"))
		mark, next = "✅", 0
		if !s.mayManageTopics(ctx, v.Sub.Chat.ID) {
			text = talk.Paragraphs(text, v.HTML("topics.need_right"))
			right = talk.Keyboard{talk.Row(talk.LinkButton(v.Plain("button.give_right"), s.TopicRightLink()))}
		}
	}
	if v.Sub.State != subscribers.On {
		text = talk.Paragraphs(text, v.HTML("sections.not_subscribed"))
	}
	return text, append(right, talk.Keyboard{
		talk.Row(talk.Button(mark+" "+v.Plain("button.topics"), talk.ActTopics, next)),
		talk.Row(talk.Button(v.Plain("button.done"), talk.ActTopicsDone)),
	}...), nil
}

// mayManageTopics reports whether the bot may make topics. It returns true if Telegram
// does not answer, so that nobody is warned without a reason.
func (s *subscriptions) mayManageTopics(ctx context.Context, chat int64) bool {
	talk.PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	member, err := s.API.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: chat, UserID: s.Self.Load().ID})
	if err != nil {
		s.Log.Info("the bot's own rights cannot be checked", "chat", chat, "err", err)
		return true
	}
	return ManagesTopics(member)
}

// ManagesTopics reports whether a member is an admin with the right to make topics.
func ManagesTopics(m *models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeOwner ||
		m.Type == models.ChatMemberTypeAdministrator && m.Administrator.CanManageTopics
}

// PressTopics switches topics for sections on or off.
func (s *subscriptions) PressTopics(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if !p.Forum || p.Numbers[0] > 1 {
		return talk.OutOfDateReply(p), nil
	}
	if err := s.Store.SetSectionTopics(ctx, p.Sub.ID, p.Numbers[0] == 1); err != nil {
		return talk.MissingReply(p, err)
	}
	return s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.topicSwitch(ctx, p.Visit)
	}), nil
}

// PressTopicsDone replaces the switch for topics by a summary.
func (s *subscriptions) PressTopicsDone(ctx context.Context, p talk.Press) (talk.Reply, error) {
	to, err := s.Store.Recipient(ctx, p.Sub.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		text := p.HTML("topics.off")
		if to.TopicsWanted() {
			text = p.HTML("topics.on")
		}
		s.Show(ctx, p, talk.Paragraphs(text, p.HTML("topics.change")), nil)
		return nil
	}}, nil
}

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
func topicName(s talk.Speaker, section archive.Section) string {
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
	s.enqueue(func(ctx context.Context) {
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
