package hosts

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"
)

// FollowMigration follows a group that became a supergroup. Telegram says so in both.
func (h *Hosts) FollowMigration(ctx context.Context, m *models.Message) {
	from, to := m.Chat.ID, m.MigrateToChatID
	if to == 0 {
		from, to = m.MigrateFromChatID, m.Chat.ID
	}
	if err := h.talk.Sender.NoteMove(ctx, from, to); err != nil && !errors.Is(err, context.Canceled) {
		h.talk.Log.Error("a group's new id cannot be stored", "chat", from, "err", err)
	}
}

// FollowMove makes a message that was written in a group before it became a supergroup,
// and whose turn comes after, one of the supergroup.
func (h *Hosts) FollowMove(m *models.Message) {
	if to := h.talk.Sender.MovedTo(m.Chat.ID); to != 0 {
		m.Chat.ID, m.Chat.Type = to, models.ChatTypeSupergroup
	}
}
