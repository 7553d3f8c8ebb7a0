package reader

import (
	"context"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

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
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.back"), r.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, on))
	default:
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.welcome"), r.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, on))
	}
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

// Help says what the bot can do.
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
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.subscribe"), talk.ActSubscribe)), rest}
}
