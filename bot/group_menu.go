package bot

import (
	"context"
	"slices"

	"github.com/go-telegram/bot/models"
)

// groupMenu are the commands that the admins of groups see besides those of
// readers.
var groupMenu = []string{"topics"}

// quietCommands are seen by nobody else in the group, if app and server can do that.
// Nobody else sees the answers either.
var quietCommands = []string{"sections", "settings", "topics"}

// menuForGroups shows the admins of groups the commands for groups as well.
func (rg *registrar) menuForGroups(ctx context.Context) {
	names := append(slices.Clone(readerMenu), groupMenu...)
	for _, r := range rg.registrations() {
		commands := rg.commandsIn(r, names)
		for i := range commands {
			commands[i].IsEphemeral = slices.Contains(quietCommands, commands[i].Command)
		}
		rg.register(ctx, "commands of group admins", func(ctx context.Context) error {
			return rg.setCommands(ctx, r.code, commands, &models.BotCommandScopeAllChatAdministrators{})
		})
	}
}
