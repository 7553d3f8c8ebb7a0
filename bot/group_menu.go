package bot

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"
)

// groupMenu are the commands that the admins of groups see besides those of
// readers.
var groupMenu = []string{"topics"}

// quietCommands are said so that nobody else in the group sees it, where the
// app and the server can do that: they are answered likewise.
var quietCommands = []string{"sections", "settings", "topics"}

// menuForGroups shows the admins of groups the commands for groups as well.
func (b *registrar) menuForGroups(ctx context.Context) {
	names := append(slices.Clone(readerMenu), groupMenu...)
	for _, r := range b.registrations() {
		commands := b.commandsIn(r, names)
		for i := range commands {
			commands[i].IsEphemeral = slices.Contains(quietCommands, commands[i].Command)
		}
		b.register(ctx, "commands of group admins", func(ctx context.Context) error {
			return b.setCommands(ctx, r.code, commands, &models.BotCommandScopeAllChatAdministrators{})
		})
	}
}
