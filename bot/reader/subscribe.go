package reader

import (
	"context"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressSubscribe subscribes the chat.
func (s *subscriptions) PressSubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if _, err := switchOn(ctx, s.Store, p.Visit); err != nil {
		return talk.Reply{}, err
	}
	r := s.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return s.justSubscribed(ctx, p.Visit)
	})
	r.Popup = p.Plain("press.subscribed")
	return r, nil
}

// Subscribe subscribes the chat.
func (s *subscriptions) Subscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := switchOn(ctx, s.Store, v)
	if err != nil {
		return err
	}
	show := s.justSubscribed
	if !changed {
		show = func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
			return subscribed(ctx, s.Talker, v, v.HTML("subscribe.already"))
		}
	}
	return s.SayView(ctx, v, show)
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

// PressUnsubscribe is Unsubscribe from the settings.
func (s *subscriptions) PressUnsubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	changed, err := s.Store.Unsubscribe(ctx, p.Sub.Chat.ID, p.Sub.Thread)
	if err != nil {
		return talk.Reply{}, err
	}
	if !changed {
		return notSubscribedReply(p), nil
	}
	return s.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		return p.HTML("unsubscribe.done"), farewellKeyboard(p.Speaker), nil
	}), nil
}

// PressFarewell goes back from the pauses to the answer to /unsubscribe.
func (c *choices) PressFarewell(_ context.Context, p talk.Press) (talk.Reply, error) {
	return c.ViewReply(p, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
		if v.Sub.State == subscribers.On {
			return subscribed(ctx, c.Talker, v, v.HTML("subscribe.done"))
		}
		return v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker), nil
	}), nil
}

// farewellKeyboard offers a reader who left ways back.
func farewellKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.undo"), talk.ActSubscribe), talk.Button(s.Plain("button.choose_sections"), talk.ActResubscribe)),
		talk.Row(talk.Button(s.Plain("button.pause_instead"), talk.ActPauses, int64(offeredInFarewell))),
	}
}

// Start welcomes, or does what a link t.me/<bot>?start=<args> asks for.
func (r *Reader) Start(ctx context.Context, v talk.Visit, args string) error {
	issue, isIssue := strings.CutPrefix(args, linkedIssue)
	switch {
	case args == "subscribe" && !r.MayConfigure(ctx, v):
		return nil
	case args == "subscribe":
		return r.Subscribe(ctx, v, "")
	case isIssue:
		return r.AskIssue(ctx, v, issue)
	case args == startSearch:
		return r.Search(ctx, v, "")
	}
	return r.SayView(ctx, v, r.welcome)
}

// welcome says what a chat can do with the bot.
func (r *Reader) welcome(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	on := v.Sub.State == subscribers.On
	switch {
	case !v.Private():
		return Greeting(v), nil, nil
	case on && v.Sub.IsPaused(time.Now()):
		return pauseView(offeredAlone)(ctx, v)
	case on:
		return subscribed(ctx, r.Talker, v, v.HTML("start.back"))
	}
	k := welcomeKeyboard(v.Speaker, false)
	off, err := allOff(ctx, r.Talker, v)
	if err != nil || off != "" {
		return talk.Paragraphs(v.HTML("start.welcome"), off), append(allOnKeyboard(v.Speaker), k...), err
	}
	return talk.Paragraphs(v.HTML("start.welcome"), v.HTML("start.about"), r.NextLine(v.Speaker)), k, nil
}

// Greeting tells a group or channel what to do.
func Greeting(v talk.Visit) string {
	switch {
	case v.Sub.Kind == subscribers.Channel:
		return v.HTML("start.channel")
	case v.Forum:
		return talk.Paragraphs(v.HTML("start.group"), v.HTML("start.forum"))
	}
	return v.HTML("start.group")
}

// Help says what the commands are.
func (s *subscriptions) Help(ctx context.Context, v talk.Visit, _ string) error {
	text := v.HTML("help.reader")
	if v.Private() && s.IsBotAdmin(v.User) {
		text = talk.Paragraphs(text, v.HTML("help.admin"))
	}
	s.Say(ctx, v, text, nil)
	return nil
}

// welcomeKeyboard stands under the welcome.
func welcomeKeyboard(s talk.Speaker, subscribed bool) talk.Keyboard {
	rest := talk.Row(talk.Button(s.Plain("button.sections"), talk.ActSections), talk.Button(s.Plain("button.latest"), talk.ActLatest))
	if subscribed {
		return talk.Keyboard{rest}
	}
	return append(subscribeKeyboard(s), rest)
}

// subscribeKeyboard offers to subscribe.
func subscribeKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.subscribe"), talk.ActSubscribe))}
}
