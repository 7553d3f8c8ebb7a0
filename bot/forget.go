package bot

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// askForget asks whether to delete everything: it cannot be undone.
func (b *Reader) askForget(ctx context.Context, v visit, _ string) error {
	b.say(ctx, v, v.html("forget.ask"), keyboard{
		row(button(v.plain("button.forget"), actForget)),
		row(button(v.plain("button.remember"), actRemember)),
	})
	return nil
}

// pressForget deletes everything about the chat, all its topics, and what it
// wrote before that is not handled, unless the answer was no. A delivery under
// way ends: whoever carries it looks whether the subscriber is still there.
func (b *Reader) pressForget(ctx context.Context, p press) (reply, error) {
	dismissed, err := b.store.IsDismissed(ctx, p.question(actForget))
	if err != nil {
		return reply{}, err
	}
	if dismissed {
		return p.answered(b.notForgotten(p).show), nil
	}
	if err := b.eraseUpdates(ctx, p); err != nil {
		return reply{}, err
	}
	if err := b.store.Forget(ctx, p.sub.Chat.ID); err != nil {
		return reply{}, err
	}
	return reply{notice: p.plain("press.forgotten"), show: func(ctx context.Context) error {
		b.show(ctx, p, p.html("forget.done"), nil)
		return nil
	}}, nil
}

// eraseUpdates erases what is kept of the chat's updates from before the
// press. What came after it is a new beginning, and has its turn.
func (b *Reader) eraseUpdates(ctx context.Context, p press) error {
	kept, err := b.backlog(ctx, p.sub.Chat.ID)
	if err != nil {
		return err
	}
	for _, u := range kept {
		if isPress(u, p.query) {
			return nil
		}
		if err := b.store.UpdateHandled(ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

func isPress(u *models.Update, query string) bool {
	return u.CallbackQuery != nil && u.CallbackQuery.ID == query
}

// pressRemember answers the question whether to delete everything with no,
// unless it was answered with yes: whoever presses is known anew then.
func (b *Reader) pressRemember(ctx context.Context, p press) (reply, error) {
	since, err := b.store.KnownSince(ctx, p.sub.ID)
	switch {
	case errors.Is(err, subscribers.ErrNotFound), err == nil && since.After(p.published):
		return outOfDate(p), nil
	case err != nil:
		return reply{}, err
	}
	err = b.store.DismissQuestion(ctx, p.question(actForget))
	return b.notForgotten(p), err
}

func (b *Reader) notForgotten(p press) reply {
	return b.turnTo(p, func(v visit) (string, keyboard) { return v.html("forget.not"), nil })
}

// privacy says what is kept about a chat, and what for.
func (b *Reader) privacy(ctx context.Context, v visit, _ string) error {
	keep := v.plain("privacy.for_ever")
	if b.keep > 0 {
		days := int((b.keep + 24*time.Hour - 1) / (24 * time.Hour))
		keep = v.plain("count.days", values{"Count": days})
	}
	b.say(ctx, v, v.html("privacy.text", values{"Keep": keep}), nil)
	return nil
}
