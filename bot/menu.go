package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"golang.org/x/text/language"
)

// The commands in the order of the menu. /start is in no menu: Telegram shows
// a button for it.
var (
	readerMenu = []string{
		"subscribe", "unsubscribe", "sections", "latest", "issues", "issue", "search", "settings", "pause", "help", "privacy", "forget",
	}
	adminMenu = []string{"broadcast", "status"}
)

// registerMenu tells Telegram the commands and what the bot says of itself, in
// all languages. None of it is needed to serve.
func (b *Bot) registerMenu(ctx context.Context) {
	for _, r := range b.registrations() {
		if ctx.Err() != nil {
			return
		}
		s := b.catalog.speakerOf(r.tag, b.config.Location)
		b.register(ctx, "commands", func(ctx context.Context) error {
			return b.setCommands(ctx, r.code, readerMenu, s, &models.BotCommandScopeDefault{})
		})
		b.register(ctx, "description", func(ctx context.Context) error {
			_, err := b.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: s.plain("profile.about"), LanguageCode: r.code})
			return err
		})
		b.register(ctx, "short description", func(ctx context.Context) error {
			_, err := b.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: s.plain("profile.short"), LanguageCode: r.code})
			return err
		})
	}
	b.menuForGroups(ctx)
	b.eachAdmin(ctx, func(v visit) {
		if b.menus.claim(v.user, time.Now()) {
			b.menuForAdmin(ctx, v.user)
		}
	})
}

// menuRetry is how long a menu that Telegram did not take is left alone.
const menuRetry = 10 * time.Minute

// menus remembers which admins have their menu, and from when on it may be tried
// again with the others.
type menus struct {
	mu   sync.Mutex
	next map[int64]time.Time // by admin; the zero time: never, it is there
}

func newMenus() *menus { return &menus{next: make(map[int64]time.Time)} }

// claim tells whether an admin's menu is to be registered, which nobody else
// does then.
func (m *menus) claim(admin int64, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if next, tried := m.next[admin]; tried && (next.IsZero() || now.Before(next)) {
		return false
	}
	m.next[admin] = now.Add(menuRetry)
	return true
}

// settle notes that an admin has the menu.
func (m *menus) settle(admin int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next[admin] = time.Time{}
}

// showMenu has the writer of a message shown the admin commands: Telegram wants
// the chat to exist first, and with an admin's first message it does.
func (b *Bot) showMenu(m *models.Message) {
	if !b.isAdminsChat(m) || !b.menus.claim(m.From.ID, time.Now()) {
		return
	}
	b.desk.later(func(ctx context.Context) { b.menuForAdmin(ctx, m.From.ID) })
}

// menuForAdmin shows an admin, in the private chat, the admin commands as well.
func (b *Bot) menuForAdmin(ctx context.Context, admin int64) {
	names := slices.Concat(readerMenu, adminMenu)
	for _, r := range b.registrations() {
		s := b.catalog.speakerOf(r.tag, b.config.Location)
		if !b.register(ctx, "commands of an admin", func(ctx context.Context) error {
			return b.setCommands(ctx, r.code, names, s, &models.BotCommandScopeChat{ChatID: admin})
		}) {
			return
		}
	}
	b.menus.settle(admin)
}

// registration is a language as Telegram knows it.
type registration struct {
	tag  language.Tag
	code string // ISO 639-1; empty: for everybody whose language has none of its own
}

func (b *Bot) registrations() []registration {
	all := []registration{{tag: b.catalog.tags[0]}}
	for _, tag := range b.catalog.tags {
		base, _ := tag.Base()
		all = append(all, registration{tag: tag, code: base.String()})
	}
	return all
}

func (b *Bot) setCommands(ctx context.Context, code string, names []string, s speaker, scope models.BotCommandScope) error {
	commands := make([]models.BotCommand, len(names))
	for i, name := range names {
		commands[i] = models.BotCommand{Command: name, Description: s.plain("menu." + name)}
	}
	_, err := b.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: commands, Scope: scope, LanguageCode: code})
	return err
}

// register makes one call and logs when it did not work: what was registered
// before stays.
func (b *Bot) register(ctx context.Context, what string, call func(context.Context) error) (taken bool) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := call(ctx)
	if err != nil && !b.ending.Load() {
		b.log.Warn("Telegram did not take the bot's menu", "part", what, "err", err)
	}
	return err == nil
}
