package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
)

// start is /start, which may bring an invitation to become an editor.
func (b *Bot) start(ctx context.Context, v talk.Visit, args string) error {
	token, invited := strings.CutPrefix(args, talk.StartEditor)
	if invited && v.Private() && v.Sub.Chat.ID == v.User {
		return b.staff.Accept(ctx, v, token)
	}
	return b.hosts.Start(ctx, v, args)
}

// pressForget deletes everything about a chat. An editor is none after that.
func (b *Bot) pressForget(ctx context.Context, p talk.Press) (talk.Reply, error) {
	was := p.Private() && b.talk.Store.IsEditor(p.User)
	r, err := b.reader.PressForget(ctx, p)
	if was && !b.talk.Store.IsEditor(p.User) {
		b.staff.Farewell(p.User)
	}
	b.replies.Settle() // copies of what was forgotten are deleted
	return r, err
}

// updateMenu shows somebody who has become an editor the commands of admins, or takes them
// away from somebody who is none any more.
func (rg *registrar) updateMenu(user int64) {
	rg.menus.forget(user)
	rg.desk.Enqueue(func(ctx context.Context) {
		switch {
		case !rg.talk.IsBotAdmin(user):
			rg.removeMenu(ctx, user)
		case rg.menus.claim(user, time.Now()):
			rg.menuForAdmin(ctx, user)
		}
	})
}

// removeMenu shows somebody the commands of readers again.
func (rg *registrar) removeMenu(ctx context.Context, user int64) {
	for _, r := range rg.registrations() {
		rg.register(ctx, "commands of a former editor", func(ctx context.Context) error {
			_, err := rg.talk.API.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{
				Scope: &models.BotCommandScopeChat{ChatID: user}, LanguageCode: r.code,
			})
			return err
		})
	}
}

// menuOf returns the commands in the menu of an admin.
func (rg *registrar) menuOf(admin int64) []string {
	names := slices.Concat(readerMenu, adminMenu)
	if rg.talk.IsOwner(admin) {
		names = append(names, ownerMenu...)
	}
	return names
}

// status answers with what is being sent, and with what is being corrected or recalled.
func (b *Bot) status(ctx context.Context, v talk.Visit, args string) error {
	if err := b.desk.Status(ctx, v, args); err != nil {
		return err
	}
	return b.corrections.Open(ctx, v)
}
