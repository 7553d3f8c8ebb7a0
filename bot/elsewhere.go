package bot

import (
	"context"

	"github.com/go-telegram/bot/models"
)

// isForPrivate tells whether an admin of the bot said a command in a group that
// only works in private. Nobody else learns that there are such commands.
func (b *Bot) isForPrivate(c call, m *models.Message) bool {
	named := c.to == "" || b.isMe(c.to)
	byAdmin := m.From != nil && m.SenderChat == nil && b.isAdmin(m.From.ID)
	return named && byAdmin && m.Chat.Type != models.ChatTypePrivate && b.commands[c.name].admin
}

// sayInPrivate sends an admin of the bot to where the command works.
func (b *Bot) sayInPrivate(ctx context.Context, v visit, _ string) error {
	b.sayPrivately(ctx, v, v.html("rights.in_private", values{"Bot": b.me.Load().Username}), nil)
	return nil
}
