package bot

import (
	"context"
	"slices"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// groupMenu are the commands that the admins of groups see besides those of
// readers.
var groupMenu = []string{"topics"}

// quietCommands are said so that nobody else in the group sees it, where the
// app and the server can do that: they are answered likewise.
var quietCommands = []string{"sections", "settings", "topics"}

// menuForGroups shows the admins of groups the commands for groups as well.
func (b *Bot) menuForGroups(ctx context.Context) {
	names := append(slices.Clone(readerMenu), groupMenu...)
	for _, r := range b.registrations() {
		s := b.catalog.speakerOf(r.tag, b.config.Location)
		commands := make([]models.BotCommand, len(names))
		for i, name := range names {
			commands[i] = models.BotCommand{
				Command: name, Description: s.plain("menu." + name), IsEphemeral: slices.Contains(quietCommands, name),
			}
		}
		b.register(ctx, "commands of group admins", func(ctx context.Context) error {
			_, err := b.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{
				Commands: commands, Scope: &models.BotCommandScopeAllChatAdministrators{}, LanguageCode: r.code,
			})
			return err
		})
	}
}
