package talk

import (
	"context"

	"digestbot/bot/sender"
)

// Nobody sees an answer that Telegram refuses. So the log has it, with Telegram's words,
// the person who asked is told, and so are the admins, once for an issue and a reason.

// Apologise tells a visitor that Telegram refuses what they asked for. The apology may
// be refused as well.
func (t *Talker) Apologise(ctx context.Context, v Visit, text string, k Keyboard) {
	if v.Quiet && v.User != 0 && !t.Ephemerals.areUnknown() {
		if _, answered := t.TryEphemeral(ctx, v, text, k); answered {
			return
		}
	}
	if _, err := t.TrySay(ctx, v, text, k); err != nil && ctx.Err() == nil {
		t.Log.Warn("a reader does not hear of a refusal", "chat", v.Sub.Chat.ID, "err", err)
	}
}

// noteRefusal is NoteUnsent for an answer to a visitor, who would wait for it in vain.
func (t *Talker) noteRefusal(ctx context.Context, v Visit, err error) {
	t.NoteUnsent(ctx, v.here(), err)
	if ctx.Err() == nil && sender.Classify(err).IsRefusal() {
		t.Apologise(ctx, v, v.HTML("undelivered.answer"), nil)
	}
}
