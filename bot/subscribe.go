package bot

import (
	"context"
	"digestbot/subscribers"
	"strings"
	"time"
)

func (b *Reader) pressSubscribe(ctx context.Context, p press) (reply, error) {
	if _, err := b.switchOn(ctx, p.visit); err != nil {
		return reply{}, err
	}
	return reply{
		notice: p.plain("press.subscribed"),
		show: func(ctx context.Context) error {
			text := paragraphs(p.html("subscribe.done"), b.next(p.speaker))
			b.show(ctx, p, text, welcomeKeyboard(p.speaker, true))
			return nil
		},
	}, nil
}

// start welcomes. Its argument comes from a link t.me/<bot>?start=<argument>.
func (b *Reader) start(ctx context.Context, v visit, args string) error {
	if args == "subscribe" {
		if !b.mayConfigure(ctx, v) {
			return nil
		}
		return b.subscribe(ctx, v, "")
	}
	if key, ok := strings.CutPrefix(args, linkedIssue); ok {
		return b.askIssue(ctx, v, key)
	}
	if args == startSearch {
		return b.search(ctx, v, "")
	}
	on := v.sub.State == subscribers.On
	switch {
	case !v.private():
		b.say(ctx, v, greeting(v), nil)
	case on && v.sub.IsPaused(time.Now()):
		text, k := b.pauseView(onItsOwn)(v)
		b.say(ctx, v, text, k)
	case on:
		b.say(ctx, v, paragraphs(v.html("start.back"), b.next(v.speaker)), welcomeKeyboard(v.speaker, on))
	default:
		b.say(ctx, v, paragraphs(v.html("start.welcome"), b.next(v.speaker)), welcomeKeyboard(v.speaker, on))
	}
	return nil
}

func (b *Reader) subscribe(ctx context.Context, v visit, _ string) error {
	changed, err := b.switchOn(ctx, v)
	if err != nil {
		return err
	}
	text := v.html("subscribe.done")
	if !changed {
		text = v.html("subscribe.already")
	}
	b.say(ctx, v, paragraphs(text, b.next(v.speaker)), welcomeKeyboard(v.speaker, true))
	return nil
}

// switchOn subscribes the visitor's chat. Issues are announced to a group in
// the language of who subscribed it.
func (b *Reader) switchOn(ctx context.Context, v visit) (changed bool, err error) {
	chat := v.sub.Chat
	chat.Language = v.language
	_, changed, err = b.store.Subscribe(ctx, chat)
	return changed, err
}

func (b *Reader) unsubscribe(ctx context.Context, v visit, _ string) error {
	changed, err := b.store.Unsubscribe(ctx, v.sub.Chat.ID, v.sub.Thread)
	if err != nil {
		return err
	}
	if !changed {
		b.say(ctx, v, v.html("unsubscribe.already"), nil)
		return nil
	}
	b.say(ctx, v, v.html("unsubscribe.done"), farewellKeyboard(v.speaker))
	return nil
}

func (b *Reader) help(ctx context.Context, v visit, _ string) error {
	text := v.html("help.reader")
	if v.private() && b.isAdmin(v.user) {
		text = paragraphs(text, v.html("help.admin"))
	}
	b.say(ctx, v, text, nil)
	return nil
}

// greeting says to a group or channel what to do.
func greeting(v visit) string {
	switch {
	case v.sub.Kind == subscribers.Channel:
		return v.html("start.channel")
	case v.forum:
		return paragraphs(v.html("start.group"), v.html("start.forum"))
	}
	return v.html("start.group")
}
