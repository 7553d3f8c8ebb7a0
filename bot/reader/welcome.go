package reader

import (
	"context"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

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
	r.welcome(ctx, v)
	return nil
}

// welcome says what a chat can do with the bot.
func (r *Reader) welcome(ctx context.Context, v talk.Visit) {
	on := v.Sub.State == subscribers.On
	switch {
	case !v.Private():
		r.Say(ctx, v, Greeting(v), nil)
	case on && v.Sub.IsPaused(time.Now()):
		text, k := pauseView(onItsOwn)(v)
		r.Say(ctx, v, text, k)
	case on:
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.back"), r.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, on))
	default:
		r.Say(ctx, v, talk.Paragraphs(v.HTML("start.welcome"), r.NextLine(v.Speaker)), welcomeKeyboard(v.Speaker, on))
	}
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
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.subscribe"), talk.ActSubscribe)), rest}
}
