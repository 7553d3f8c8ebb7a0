package talk

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"
)

// The admins of the bot are its owners, whom the settings name, and the editors, whom
// owners name in the chat. Who is removed loses all rights at once: nothing but the
// store's list of editors is asked, at every press.

// IsOwner reports whether a person is an owner of the bot.
func (t *Talker) IsOwner(user int64) bool { return slices.Contains(t.Owners, user) }

// IsBotAdmin reports whether a person is an admin of the bot: an owner or an editor.
func (t *Talker) IsBotAdmin(user int64) bool { return t.IsOwner(user) || t.Store.IsEditor(user) }

// BotAdmins returns the owners, then the editors, each person once.
func (t *Talker) BotAdmins(ctx context.Context) ([]int64, error) {
	all := slices.Clone(t.Owners)
	editors, err := t.Store.Editors(ctx)
	for _, e := range editors {
		if !slices.Contains(all, e.User) {
			all = append(all, e.User)
		}
	}
	return all, err
}

// IsFromBotAdmin reports whether a message comes from an admin of the bot, in private.
func (t *Talker) IsFromBotAdmin(m *models.Message) bool {
	return m.Chat.Type == models.ChatTypePrivate && m.From != nil && m.From.ID == m.Chat.ID && t.IsBotAdmin(m.From.ID)
}
