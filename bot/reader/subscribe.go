package reader

import (
	"context"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressSubscribe subscribes the chat.
func (r *subscriptions) PressSubscribe(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if _, err := switchOn(ctx, r.Store, p.Visit); err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{
		Notice: p.Plain("press.subscribed"),
		Show: func(ctx context.Context) error {
			text := talk.Paragraphs(p.HTML("subscribe.done"), r.NextLine(p.Speaker))
			r.Show(ctx, p, text, talk.WelcomeKeyboard(p.Speaker, true))
			return nil
		},
	}, nil
}

// Start welcomes. Its argument comes from a link t.me/<bot>?start=<argument>.
func (r *Reader) Start(ctx context.Context, v talk.Visit, args string) error {
	if args == "subscribe" {
		if !r.MayConfigure(ctx, v) {
			return nil
		}
		return r.Subscribe(ctx, v, "")
	}
	if key, ok := strings.CutPrefix(args, linkedIssue); ok {
		return r.AskIssue(ctx, v, key)
	}
	if args == startSearch {
		return r.Search(ctx, v, "")
	}
	on := v.Sub.State == subscribers.On
	switch {
	case !v.Private():
		r.Say(ctx, v, Greeting(v), nil)
	case on && v.Sub.IsPaused(time.Now()):
		text, k := r.pauseView(onItsOwn)(v)
		r.Say(ctx, v, text, k)
	case on:
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.back"), r.NextLine(v.Speaker)), talk.WelcomeKeyboard(v.Speaker, on))
	default:
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.welcome"), r.NextLine(v.Speaker)), talk.WelcomeKeyboard(v.Speaker, on))
	}
	return nil
}

// Subscribe subscribes the chat.
func (r *subscriptions) Subscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := switchOn(ctx, r.Store, v)
	if err != nil {
		return err
	}
	text := v.HTML("subscribe.done")
	if !changed {
		text = v.HTML("subscribe.already")
	}
	r.Say(ctx, v, talk.Paragraphs(text, r.NextLine(v.Speaker)), talk.WelcomeKeyboard(v.Speaker, true))
	return nil
}

// switchOn subscribes the visitor's chat. Issues are announced to a group in
// the language of who subscribed it.
func switchOn(ctx context.Context, store *subscribers.Store, v talk.Visit) (changed bool, err error) {
	chat := v.Sub.Chat
	chat.Language = v.Language
	_, changed, err = store.Subscribe(ctx, chat)
	return changed, err
}

// Unsubscribe ends the subscription of the chat; its choices stay.
func (r *subscriptions) Unsubscribe(ctx context.Context, v talk.Visit, _ string) error {
	changed, err := r.Store.Unsubscribe(ctx, v.Sub.Chat.ID, v.Sub.Thread)
	if err != nil {
		return err
	}
	if !changed {
		r.Say(ctx, v, v.HTML("unsubscribe.already"), nil)
		return nil
	}
	r.Say(ctx, v, v.HTML("unsubscribe.done"), farewellKeyboard(v.Speaker))
	return nil
}

// Help says what the bot can do.
func (r *subscriptions) Help(ctx context.Context, v talk.Visit, _ string) error {
	text := v.HTML("help.reader")
	if v.Private() && r.IsBotAdmin(v.User) {
		text = talk.Paragraphs(text, v.HTML("help.admin"))
	}
	r.Say(ctx, v, text, nil)
	return nil
}

// Greeting says to a group or channel what to do.
func Greeting(v talk.Visit) string {
	switch {
	case v.Sub.Kind == subscribers.Channel:
		return v.HTML("start.channel")
	case v.Forum:
		return talk.Paragraphs(v.HTML("start.group"), v.HTML("start.forum"))
	}
	return v.HTML("start.group")
}
