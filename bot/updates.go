package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/reader"
)

// wantedUpdates are the kinds of updates that Telegram is asked for.
var wantedUpdates = tg.AllowedUpdates{
	models.AllowedUpdateMessage, models.AllowedUpdateChannelPost,
	models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember, models.AllowedUpdateEditedMessage,
	models.AllowedUpdateInlineQuery,
}

// chatOf returns the chat an update belongs to, or the queue of inline queries;
// 0 for none.
func chatOf(u *models.Update) int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.ChannelPost != nil:
		return u.ChannelPost.Chat.ID
	case u.EditedMessage != nil:
		return u.EditedMessage.Chat.ID
	case u.MyChatMember != nil:
		return u.MyChatMember.Chat.ID
	case u.CallbackQuery != nil && u.CallbackQuery.Message.Message != nil:
		return u.CallbackQuery.Message.Message.Chat.ID
	case u.CallbackQuery != nil:
		return u.CallbackQuery.From.ID
	case u.InlineQuery != nil && u.InlineQuery.From != nil:
		return reader.InlineQueue(u.InlineQuery.From.ID)
	}
	return 0
}

// senderOf returns the person an update comes from; 0: it comes from a chat.
func senderOf(u *models.Update) int64 {
	var from *models.User
	switch {
	case u.Message != nil && u.Message.SenderChat == nil:
		from = u.Message.From
	case u.EditedMessage != nil && u.EditedMessage.SenderChat == nil:
		from = u.EditedMessage.From
	case u.MyChatMember != nil:
		from = &u.MyChatMember.From
	case u.CallbackQuery != nil:
		from = &u.CallbackQuery.From
	case u.InlineQuery != nil:
		from = u.InlineQuery.From
	}
	if from == nil {
		return 0
	}
	return from.ID
}

// takeUpLeftovers queues the updates that an earlier run kept and did not handle.
func (b *Bot) takeUpLeftovers(ctx context.Context) error {
	kept, err := b.unhandled(ctx)
	if err != nil {
		return err
	}
	for _, u := range kept {
		b.queues.add(chatOf(u), u)
	}
	if len(kept) > 0 {
		b.talk.Log.Info("taking up updates of the last run", "updates", len(kept))
	}
	return nil
}

func (b *Bot) unhandled(ctx context.Context) ([]*models.Update, error) {
	kept, err := b.talk.Store.UnhandledUpdates(ctx)
	if err != nil {
		return nil, err
	}
	updates := make([]*models.Update, len(kept))
	for i, k := range kept {
		u, err := readUpdate(k.Body)
		if u == nil || errors.Is(err, errNoCore) {
			// Another version kept it. Its id is left, so that it can be marked as handled.
			b.talk.Log.Error("a kept update cannot be read and is passed over", "update", k.ID, "err", err)
			u = &models.Update{}
		}
		u.ID = k.ID
		updates[i] = u
	}
	return updates, nil
}

// backlog returns a chat's updates that are kept and not handled.
func (b *Bot) backlog(ctx context.Context, chat int64) ([]*models.Update, error) {
	all, err := b.unhandled(ctx)
	if err != nil {
		b.talk.Log.Error("kept updates cannot be read; they wait for the next start", "chat", chat, "err", err)
		return nil, err
	}
	var its []*models.Update
	for _, u := range all {
		if chatOf(u) == chat {
			its = append(its, u)
		}
	}
	return its, nil
}

// handle does what an update asks for, unless it was handled before. If the bot is
// stopped meanwhile, it takes the update up again after the next start.
func (b *Bot) handle(ctx context.Context, u *models.Update) {
	unhandled, err := b.talk.Store.IsUnhandled(ctx, u.ID)
	if err != nil {
		b.talk.Log.Error("an update waits for the next start", "update", u.ID, "err", err)
		return
	}
	if !unhandled {
		return
	}
	b.dispatch(ctx, u)
	if ctx.Err() != nil {
		return
	}
	b.noteHandled(ctx, u.ID)
}

// noteRetry is how long the bot waits after the disk has refused the note that an update
// was handled.
const noteRetry = time.Second

// noteHandled notes that an update was handled, however often the disk refuses that.
// Without the note the update would be handled again after the next start, perhaps days
// later, and undo what its chat has done since. The chat's next updates wait.
func (b *Bot) noteHandled(ctx context.Context, id int64) {
	for {
		err := b.talk.Store.MarkHandled(ctx, id)
		if err == nil {
			return
		}
		b.talk.Log.Error("it cannot be stored that an update was handled, trying again", "update", id, "err", err)
		select {
		case <-time.After(noteRetry):
		case <-ctx.Done():
			return
		}
	}
}

// recoverPanic is deferred by functions that handle an update.
func (b *Bot) recoverPanic(u *models.Update) {
	if p := recover(); p != nil {
		b.talk.Log.Error("a handler panicked", "update", u.ID, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}

// dispatch passes an update to its handler. A panic is a bug of ours that the update
// would trigger again, so the update counts as handled.
func (b *Bot) dispatch(ctx context.Context, u *models.Update) {
	defer b.recoverPanic(u)
	switch {
	case u.Message != nil:
		b.handleMessage(ctx, u.Message)
	case u.ChannelPost != nil:
		b.handleMessage(ctx, u.ChannelPost)
	case u.EditedMessage != nil:
		b.handleEdit(ctx, u.EditedMessage)
	case u.CallbackQuery != nil:
		b.handlePress(ctx, u.CallbackQuery)
	case u.MyChatMember != nil:
		b.hosts.HandleMembership(ctx, u.MyChatMember)
	case u.InlineQuery != nil && u.InlineQuery.From != nil:
		b.reader.InlineQuery(ctx, u.InlineQuery)
	}
}
