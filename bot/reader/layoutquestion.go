package reader

import (
	"context"
	"errors"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// justSubscribed is subscribed for a chat that was not, with the question of how issues are
// to come.
func (s *subscriptions) justSubscribed(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	return s.subscribedNow(ctx, v, v.Sub.LayoutAdvice == subscribers.NoAdvice)
}

// subscribedNow is justSubscribed, with the question if ask.
func (s *subscriptions) subscribedNow(ctx context.Context, v talk.Visit, ask bool) (string, talk.Keyboard, error) {
	text, k, err := subscribed(ctx, s.Talker, v, v.HTML("subscribe.done"))
	if err != nil || !ask {
		return text, k, err
	}
	question, answers, err := s.layoutQuestion(ctx, v)
	return talk.Paragraphs(text, question), append(answers, k...), err
}

// layoutQuestion asks a chat that has just subscribed how issues are to come, and shows
// what that means for the newest one. A chat is not asked if it has chosen
// already, or if there is nothing to choose: no issue, or one of one message. In a
// channel all readers would see the question, so there it is not asked. The callers see
// to it that it is asked once.
func (s *subscriptions) layoutQuestion(ctx context.Context, v talk.Visit) (text string, k talk.Keyboard, err error) {
	if v.Sub.Layout != "" || v.Sub.Kind == subscribers.Channel {
		return "", nil, nil
	}
	several := digest.LayoutSections // the layout that has a message per section
	if s.layout == digest.LayoutRich {
		several = digest.LayoutRich
	}
	n, err := s.countNewest(ctx, v, several)
	if err != nil || n < 2 {
		return "", nil, err
	}
	if err := s.Store.NoteLayoutAdvice(ctx, v.Sub.ID, subscribers.LayoutAsked); err != nil {
		return "", nil, err
	}
	count := v.Plain("count.messages", talk.Values{"Count": n})
	return v.HTML("layout.ask"), talk.Keyboard{
		talk.Row(layoutButton(v.Plain("layout_name.sections")+" · "+count, talk.ActAnswerLayout, several)),
		talk.Row(layoutButton(v.Plain("layout_name.compact"), talk.ActAnswerLayout, digest.LayoutCompact)),
	}, nil
}

// countNewest returns how many messages of the newest issue the visitor's chat gets in a
// layout; 0: there is no issue, or its sections have topics of their own.
func (s *subscriptions) countNewest(ctx context.Context, v talk.Visit, layout digest.Layout) (int, error) {
	issue, err := s.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	messages, err := s.Store.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return 0, err
	}
	to, err := s.Store.Recipient(ctx, v.Sub.ID)
	if err != nil || to.TopicsWanted() {
		return 0, err
	}
	messages, err = rendition.ForReader(messages, to, nil)
	return rendition.CountMessages(messages, to, layout), err
}

// PressAnswerLayout sets the layout that answers the question, which goes.
func (s *subscriptions) PressAnswerLayout(ctx context.Context, p talk.Press) (talk.Reply, error) {
	layout, ok := chosenLayout(p)
	if !ok {
		return talk.OutOfDateReply(p), nil
	}
	if err := s.Store.SetLayout(ctx, p.Sub.ID, layout); err != nil {
		return talk.MissingReply(p, err)
	}
	r := s.ViewReply(p, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		if v.Sub.State != subscribers.On {
			return v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker), nil
		}
		text, k, err := subscribed(ctx, s.Talker, v, v.HTML("subscribe.done"))
		chosen := v.HTML("settings.layout", talk.Values{"Layout": v.Plain("layout_name." + string(v.Sub.Layout))})
		return talk.Paragraphs(text, chosen), k, err
	})
	r.Popup = p.Plain("press.saved")
	return r, nil
}
