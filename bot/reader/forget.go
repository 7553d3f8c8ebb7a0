package reader

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// AskForget asks whether to delete everything about the chat: that cannot be undone.
func (s *subscriptions) AskForget(ctx context.Context, v talk.Visit, _ string) error {
	return s.SayView(ctx, v, s.forgetView)
}

// PressAskForget is AskForget from the settings of a channel. It asks in a message of its
// own, because a message can ask only once, see PressDontForget.
func (s *subscriptions) PressAskForget(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error { return s.AskForget(ctx, p.Visit, "") }}, nil
}

// forgetView asks whether to delete everything about the chat.
func (s *subscriptions) forgetView(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	ask := v.HTML("forget.ask")
	if v.Home != 0 {
		ask = v.HTML("channel.forget")
	}
	if v.Private() && v.Home == 0 && s.Store.IsEditor(v.User) {
		ask = talk.Paragraphs(ask, v.HTML("forget.editor"))
	}
	return ask, talk.Keyboard{
		talk.Row(talk.Button(v.Plain("button.forget"), talk.ActForget)),
		talk.Row(talk.Button(v.Plain("button.dont_forget"), talk.ActDontForget)),
	}, nil
}

// PressForget deletes everything about the chat and all its topics, and what it wrote
// before and is not handled, unless the answer was no. A delivery under way ends, as it
// checks whether the subscriber is still there.
func (s *subscriptions) PressForget(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if r, after, err := s.ReplyAfterNo(ctx, p, talk.ActForget, s.notForgottenReply(p)); after || err != nil {
		return r, err
	}
	if err := s.eraseUpdates(ctx, p); err != nil {
		return talk.Reply{}, err
	}
	if err := s.Store.Forget(ctx, p.Sub.Chat.ID); err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{Popup: p.Plain("press.forgotten"), Show: func(ctx context.Context) error {
		s.Show(ctx, p, p.HTML("forget.done"), nil)
		return nil
	}}, nil
}

// eraseUpdates erases the chat's updates from before the press. Those that came after it
// are handled.
func (s *subscriptions) eraseUpdates(ctx context.Context, p talk.Press) error {
	kept, err := s.backlog(ctx, p.Sub.Chat.ID)
	if err != nil {
		return err
	}
	for _, u := range kept {
		if isPress(u, p.Query) {
			return nil
		}
		if err := s.Store.MarkHandled(ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// isPress reports whether an update is the press with that query id.
func isPress(u *models.Update, query string) bool {
	return u.CallbackQuery != nil && u.CallbackQuery.ID == query
}

// PressDontForget answers the question whether to delete everything with no, unless it was
// answered with yes: then the chat is known only since after the question.
func (s *subscriptions) PressDontForget(ctx context.Context, p talk.Press) (talk.Reply, error) {
	since, err := s.Store.KnownSince(ctx, p.Sub.ID)
	switch {
	case errors.Is(err, subscribers.ErrNotFound), err == nil && since.After(p.Published):
		return talk.OutOfDateReply(p), nil
	case err != nil:
		return talk.Reply{}, err
	}
	err = s.Store.DismissQuestion(ctx, p.Question(talk.ActForget))
	return s.notForgottenReply(p), err
}

// notForgottenReply is the reply that says that nothing was deleted.
func (s *subscriptions) notForgottenReply(p talk.Press) talk.Reply {
	return s.ViewReply(p, func(_ context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		return v.HTML("forget.not"), nil, nil
	})
}

// Privacy says what is kept about a chat, and what for.
func (s *subscriptions) Privacy(ctx context.Context, v talk.Visit, _ string) error {
	keep := v.Plain("privacy.for_ever")
	if s.keep > 0 {
		days := int((s.keep + 24*time.Hour - 1) / (24 * time.Hour))
		keep = v.Plain("count.days", talk.Values{"Count": days})
	}
	text := v.HTML("privacy.text", talk.Values{"Keep": keep})
	if s.asksVotes {
		text = talk.Paragraphs(text, v.HTML("privacy.votes"))
	}
	if s.takesReplies {
		text = talk.Paragraphs(text, v.HTML("privacy.replies"))
	}
	if v.Private() && s.IsBotAdmin(v.User) {
		text = talk.Paragraphs(text, v.HTML("privacy.admin"))
	}
	s.Say(ctx, v, text, nil)
	return nil
}
