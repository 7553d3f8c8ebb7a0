package bot

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// membership handles a change of the bot's own standing in a chat. In private
// chats that is being blocked or let in again.
func (b *Bot) membership(ctx context.Context, u *models.ChatMemberUpdated) {
	var err error
	switch before, after := present(&u.OldChatMember), present(&u.NewChatMember); {
	case before && !after:
		err = b.store.Lost(ctx, u.Chat.ID, lossReason(u))
	case !before && after:
		err = b.joined(ctx, u)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Error("a change of membership cannot be noted", "chat", u.Chat.ID, "err", err)
	}
}

// present tells whether a member is in the chat.
func present(m *models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		return false
	case models.ChatMemberTypeRestricted:
		return m.Restricted.IsMember
	}
	return true
}

// lossReason says in the words of delivery's outcomes why a chat is gone.
func lossReason(u *models.ChatMemberUpdated) string {
	switch {
	case u.Chat.Type == models.ChatTypePrivate:
		return "blocked"
	case u.NewChatMember.Type == models.ChatMemberTypeLeft:
		return "left"
	}
	return "kicked"
}

// joined greets a group or channel the bot came to. People who let the bot in
// again are greeted when they write.
func (b *Bot) joined(ctx context.Context, u *models.ChatMemberUpdated) error {
	returned, err := b.store.Returned(ctx, u.Chat.ID)
	if err != nil || u.Chat.Type == models.ChatTypePrivate {
		return err
	}
	v := visit{
		speaker:  b.speakerIn(ctx, u.Chat.ID, 0, u.From.LanguageCode),
		sub:      subscribers.Subscriber{Chat: subscribers.Chat{ID: u.Chat.ID, Kind: subscribers.Kind(u.Chat.Type)}},
		language: u.From.LanguageCode,
	}
	text := v.html("start.group")
	if returned {
		text = v.html("added.back")
	}
	b.say(ctx, v, text, nil)
	return nil
}

// migrated follows a group that became a supergroup. Telegram says so in both.
func (b *Bot) migrated(ctx context.Context, m *models.Message) {
	from, to := m.Chat.ID, m.MigrateToChatID
	if to == 0 {
		from, to = m.MigrateFromChatID, m.Chat.ID
	}
	if err := b.store.Moved(ctx, from, to); err != nil && !errors.Is(err, context.Canceled) {
		b.log.Error("a group's new id cannot be noted", "chat", from, "err", err)
	}
}
