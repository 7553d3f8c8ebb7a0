package reader

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Topics shows the switch that gives each section a topic of its own in a forum group.
func (s *subscriptions) Topics(ctx context.Context, v talk.Visit, _ string) error {
	if !v.Forum {
		s.Say(ctx, v, v.HTML("topics.elsewhere"), nil)
		return nil
	}
	text, k, err := s.topicSwitch(ctx, v)
	if err == nil {
		s.Say(ctx, v, text, k)
	}
	return err
}

// topicSwitch is the text and keyboard of /topics.
func (s *subscriptions) topicSwitch(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	to, err := s.Store.Recipient(ctx, v.Sub.ID)
	if err != nil {
		return "", nil, err
	}
	text := talk.Paragraphs(v.HTML("topics.title"), v.HTML("topics.off"))
	mark, next := "⬜", int64(1)
	if to.TopicsWanted() {
		text = talk.Paragraphs(v.HTML("topics.title"), v.HTML("topics.on"))
		mark, next = "✅", 0
		if !s.mayManageTopics(ctx, v.Sub.Chat.ID) {
			text = talk.Paragraphs(text, v.HTML("topics.need_right"))
		}
	}
	if v.Sub.State != subscribers.On {
		text = talk.Paragraphs(text, v.HTML("sections.not_subscribed"))
	}
	return text, talk.Keyboard{
		talk.Row(talk.Button(mark+" "+v.Plain("button.topics"), talk.ActTopics, next)),
		talk.Row(talk.Button(v.Plain("button.close"), talk.ActPutAway)),
	}, nil
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
		return talk.OutOfDate(p), nil
	}
	if err := s.Store.SetSectionTopics(ctx, p.Sub.ID, p.Numbers[0] == 1); err != nil {
		return talk.Missing(p, err)
	}
	return s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.topicSwitch(ctx, p.Visit)
	}), nil
}

// PressPutAway replaces the switch for topics by a summary.
func (s *subscriptions) PressPutAway(ctx context.Context, p talk.Press) (talk.Reply, error) {
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
