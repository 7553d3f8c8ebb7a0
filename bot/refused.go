package bot

import (
	"context"
	"slices"

	"digestbot/bot/delivery"
)

// What Telegram refuses nobody would hear of: the log does, with Telegram's words,
// then who asked for it, and the admins, once for an issue and a reason.

// apologise tells a visitor that Telegram refuses what they asked for. That may be
// refused as well.
func (b *Talker) apologise(ctx context.Context, v visit, text string, k keyboard) {
	if v.quiet && v.user != 0 && !b.whispers.disproved() {
		if _, answered := b.whisper(ctx, v, text, k); answered {
			return
		}
	}
	if _, err := b.trySay(ctx, v, text, k); err != nil && ctx.Err() == nil {
		b.log.Warn("a reader does not hear of a refusal", "chat", v.sub.Chat.ID, "err", err)
	}
}

// isRefusal tells whether it is the message that Telegram refuses, and not the chat.
func isRefusal(err error) bool {
	return slices.Contains([]delivery.Kind{delivery.Refused, delivery.ContentFault}, delivery.Classify(err).Kind)
}

// answerRefused is unsent for an answer to a visitor who would wait for it in vain.
func (b *Talker) answerRefused(ctx context.Context, v visit, err error) {
	b.unsent(ctx, v.sub.Chat.ID, err)
	if ctx.Err() == nil && isRefusal(err) {
		b.apologise(ctx, v, v.html("undelivered.answer"), nil)
	}
}
