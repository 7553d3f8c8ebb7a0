package talk

import (
	"context"
	"slices"

	"digestbot/bot/delivery"
)

// What Telegram refuses nobody would hear of: the log does, with Telegram's words,
// then who asked for it, and the admins, once for an issue and a reason.

// Apologise tells a visitor that Telegram refuses what they asked for. That may be
// refused as well.
func (t *Talker) Apologise(ctx context.Context, v Visit, text string, k Keyboard) {
	if v.Quiet && v.User != 0 && !t.Whispers.disproved() {
		if _, answered := t.Whisper(ctx, v, text, k); answered {
			return
		}
	}
	if _, err := t.TrySay(ctx, v, text, k); err != nil && ctx.Err() == nil {
		t.Log.Warn("a reader does not hear of a refusal", "chat", v.Sub.Chat.ID, "err", err)
	}
}

// IsRefusal tells whether it is the message that Telegram refuses, and not the chat.
func IsRefusal(err error) bool {
	return slices.Contains([]delivery.Kind{delivery.Refused, delivery.ContentFault}, delivery.Classify(err).Kind)
}

// answerRefused is unsent for an answer to a visitor who would wait for it in vain.
func (t *Talker) answerRefused(ctx context.Context, v Visit, err error) {
	t.Unsent(ctx, v.Sub.Chat.ID, err)
	if ctx.Err() == nil && IsRefusal(err) {
		t.Apologise(ctx, v, v.HTML("undelivered.answer"), nil)
	}
}
