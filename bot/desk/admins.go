package desk

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// EachAdmin calls f with a visit to every admin, in the language that the admin chose,
// or that Telegram named last. What f says waits while Telegram is away.
func (r *reports) EachAdmin(ctx context.Context, f func(v talk.Visit)) {
	for _, id := range r.Admins {
		sub, err := r.Store.Subscriber(ctx, id, 0)
		if errors.Is(err, subscribers.ErrNotFound) {
			// Telegram lets a bot write only to people who wrote to it.
			r.strangers.warn(r.Log, id)
			continue
		}
		if ctx.Err() != nil {
			return // stopping
		}
		if err != nil {
			r.Log.Error("an admin cannot be told", "chat", id, "err", err)
			continue
		}
		f(talk.Visit{Sub: sub, User: id, Speaker: r.SpeakerTo(sub, ""), Unasked: true})
	}
}

// strangers are admins who have never written to the bot.
type strangers struct{ warned sync.Map }

// warn logs that an admin is a stranger, once.
func (s *strangers) warn(log *slog.Logger, admin int64) {
	if _, again := s.warned.LoadOrStore(admin, true); !again {
		log.Warn("an admin has to send the bot /start before it can write to them", "chat", admin)
	}
}
