package reader

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressSubscribe subscribes the chat.
func (s *subscriptions) PressSubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if _, err := switchOn(ctx, s.Store, p.Visit); err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{
		Notice: p.Plain("press.subscribed"),
		Show: func(ctx context.Context) error {
			text := talk.Paragraphs(p.HTML("subscribe.done"), s.NextLine(p.Speaker))
			s.Show(ctx, p, text, welcomeKeyboard(p.Speaker, true))
			return nil
		},
	}, nil
}

// Subscribe subscribes the chat.
func (s *subscriptions) Subscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := switchOn(ctx, s.Store, v)
	if err != nil {
		return err
	}
	text := v.HTML("subscribe.done")
	if !changed {
		text = v.HTML("subscribe.already")
	}
	s.Say(ctx, v, talk.Paragraphs(text, s.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, true))
	return nil
}

// switchOn subscribes the visitor's chat. A group gets issues in the language of the
// visitor who subscribed it.
func switchOn(ctx context.Context, store *subscribers.Store, v talk.Visit) (changed bool, err error) {
	chat := v.Sub.Chat
	chat.Language = v.Language
	_, changed, err = store.Subscribe(ctx, chat)
	return changed, err
}

// Unsubscribe ends the subscription of the chat; its choices stay.
func (s *subscriptions) Unsubscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := s.Store.Unsubscribe(ctx, v.Sub.Chat.ID, v.Sub.Thread)
	if err != nil {
		return err
	}
	if !changed {
		s.Say(ctx, v, v.HTML("unsubscribe.already"), nil)
		return nil
	}
	s.Say(ctx, v, v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker))
	return nil
}

// PressFarewell goes back from the pauses to the answer to /unsubscribe.
func (c *choices) PressFarewell(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.TurnTo(p, func(v talk.Visit) (string, talk.Keyboard) {
		if v.Sub.State == subscribers.On {
			return talk.Paragraphs(v.HTML("subscribe.done"), c.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, true)
		}
		return v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker)
	}), nil
}

// farewellKeyboard offers a reader who left ways back.
func farewellKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.undo"), talk.ActSubscribe), talk.Button(s.Plain("button.keep"), talk.ActKeep)),
		talk.Row(talk.Button(s.Plain("button.pause_instead"), talk.ActPauses, int64(onLeaving))),
	}
}
