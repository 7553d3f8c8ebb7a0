package reader

import (
	"context"
	"errors"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// justSubscribed is subscribed for a chat that was not, with the question of how issues are
// to come.
func (s *subscriptions) justSubscribed(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	text, k, err := subscribed(ctx, s.Talker, v, v.HTML("subscribe.done"))
	if err != nil {
		return "", nil, err
	}
	question, answers, err := s.layoutQuestion(ctx, v)
	return talk.Paragraphs(text, question), append(answers, k...), err
}

// layoutQuestion asks a chat that has just subscribed how issues are to come, and shows
// what that means for the newest one. A chat is asked once, and not if it has chosen
// already, or if there is nothing to choose: no issue, or one of one message. In a
// channel all readers would see the question, so there it is not asked.
func (s *subscriptions) layoutQuestion(ctx context.Context, v talk.Visit) (text string, k talk.Keyboard, err error) {
	if v.Sub.Layout != "" || v.Sub.LayoutAdvice != subscribers.NoAdvice || v.Sub.Kind == subscribers.Channel {
		return "", nil, nil
	}
	several, n, err := s.newestInSections(ctx, v)
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

// newestInSections returns how many messages of the newest issue the visitor's chat gets
// in several, the layout that has a message per section; 0: there is no issue.
func (s *subscriptions) newestInSections(ctx context.Context, v talk.Visit) (several digest.Layout, n int, err error) {
	several = digest.LayoutSections
	if s.layout == digest.LayoutRich {
		several = digest.LayoutRich
	}
	issue, err := s.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return several, 0, nil
	}
	if err != nil {
		return several, 0, err
	}
	messages, err := s.Store.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return several, 0, err
	}
	to, err := s.Store.Recipient(ctx, v.Sub.ID)
	if err != nil || to.TopicsWanted() { // its sections have places of their own
		return several, 0, err
	}
	return several, delivery.CountMessages(messages, to, several), nil
}

// PressAnswerLayout sets the layout that answers the question, which goes.
func (s *subscriptions) PressAnswerLayout(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if p.Numbers[0] >= int64(len(layouts)) {
		return talk.OutOfDateReply(p), nil
	}
	if err := s.Store.SetLayout(ctx, p.Sub.ID, layouts[p.Numbers[0]]); err != nil {
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
