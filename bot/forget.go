package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"
)

// askForget asks whether to delete everything: it cannot be undone.
func (b *Bot) askForget(ctx context.Context, v visit, _ string) error {
	b.say(ctx, v, v.html("forget.ask"), keyboard{
		row(button(v.plain("button.forget"), actForget)),
		row(button(v.plain("button.remember"), actRemember)),
	})
	return nil
}

// pressForget deletes everything about the chat, all its topics, and what it
// wrote before that is not handled. A delivery under way ends: whoever carries
// it looks whether the subscriber is still there.
func (b *Bot) pressForget(ctx context.Context, p press) (reply, error) {
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
func (b *Bot) eraseUpdates(ctx context.Context, p press) error {
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

func (b *Bot) pressRemember(_ context.Context, p press) (reply, error) {
	return b.turnTo(p, func(v visit) (string, keyboard) { return v.html("forget.not"), nil }), nil
}

// privacy says what is kept about a chat, and what for.
func (b *Bot) privacy(ctx context.Context, v visit, _ string) error {
	keep := v.plain("privacy.for_ever")
	if b.config.Keep > 0 {
		days := int((b.config.Keep + 24*time.Hour - 1) / (24 * time.Hour))
		keep = v.plain("count.days", values{"Count": days})
	}
	b.say(ctx, v, v.html("privacy.text", values{"Keep": keep}), nil)
	return nil
}
