package bot

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/language"

	"digestbot/bot/delivery"
	"digestbot/bot/desk"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// The commands in the order of the menu. /start is in no menu: Telegram shows
// a button for it.
var (
	readerMenu = []string{
		"subscribe", "unsubscribe", "sections", "latest", "issues", "issue", "search", "settings", "pause", "help", "privacy", "forget",
	}
	adminMenu = []string{"broadcast", "status", "withdraw", "redate"}
)

// registrar registers with Telegram what its apps show of the bot: commands and
// descriptions.
type registrar struct {
	talk   *talk.Talker
	desk   *desk.Desk
	menus  *menus
	ending *atomic.Bool // Run is coming to its end
}

// registerMenu tells Telegram the commands and what the bot says of itself, in
// all languages. None of it is needed to serve. When Telegram makes the bot wait,
// it is told what is missing after that.
func (b *registrar) registerMenu(ctx context.Context) {
	b.restoreMenuWait(ctx)
	for {
		if b.menus.wait(time.Now()) == 0 {
			b.registerAll(ctx)
		}
		wait := b.menus.wait(time.Now())
		if wait == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (b *registrar) registerAll(ctx context.Context) {
	for _, r := range b.registrations() {
		commands := b.commandsIn(r, readerMenu)
		b.register(ctx, "commands", func(ctx context.Context) error {
			return b.setCommands(ctx, r.code, commands, &models.BotCommandScopeDefault{})
		})
	}
	for _, t := range b.profileTexts() {
		b.introduce(ctx, t)
	}
	b.menuForGroups(ctx)
	b.desk.EachAdmin(ctx, func(v talk.Visit) {
		if b.menus.claim(v.User, time.Now()) {
			b.menuForAdmin(ctx, v.User)
		}
	})
}

// menuRetry is how long a menu that Telegram did not take is left alone.
const menuRetry = 10 * time.Minute

// menus remembers which admins have their menu, and from when on it may be tried
// again with the others.
type menus struct {
	mu        sync.Mutex
	next      map[int64]time.Time // by admin; the zero time: never, it is there
	notBefore time.Time           // for all that Telegram is told of the bot
}

func newMenus() *menus { return &menus{next: make(map[int64]time.Time)} }

// claim tells whether an admin's menu is to be registered, which nobody else
// does then.
func (m *menus) claim(admin int64, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Before(m.notBefore) {
		return false
	}
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

// hold keeps everything back until then; nobody has claimed anything after.
func (m *menus) hold(until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if until.After(m.notBefore) {
		m.notBefore = until
	}
	for admin, next := range m.next {
		if !next.IsZero() {
			delete(m.next, admin)
		}
	}
}

// wait is how long everything is kept back; 0: it is not.
func (m *menus) wait(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.notBefore.Sub(now), 0)
}

// restoreMenuWait takes up a wait that was running when the bot stopped.
func (b *registrar) restoreMenuWait(ctx context.Context) {
	waits, err := b.talk.Store.Waits(ctx, time.Now())
	if err != nil {
		b.talk.Log.Error("what Telegram makes the menu wait for cannot be read", "err", err)
		return
	}
	b.menus.hold(waits[subscribers.BotProfile])
}

// holdMenu keeps back what Telegram is told of the bot, also after another start.
func (b *registrar) holdMenu(ctx context.Context, d time.Duration) {
	until := time.Now().Add(d)
	b.menus.hold(until)
	b.talk.Log.Warn("Telegram makes the bot's menu wait", "until", until)
	if err := b.talk.Store.SaveWait(context.WithoutCancel(ctx), subscribers.BotProfile, until); err != nil {
		b.talk.Log.Error("a wait cannot be kept over a restart", "err", err)
	}
}

// showMenu has the writer of a message shown the admin commands: Telegram wants
// the chat to exist first, and with an admin's first message it does.
func (b *registrar) showMenu(m *models.Message) {
	if !b.talk.IsFromBotAdmin(m) || !b.menus.claim(m.From.ID, time.Now()) {
		return
	}
	b.desk.Later(func(ctx context.Context) { b.menuForAdmin(ctx, m.From.ID) })
}

// menuForAdmin shows an admin, in the private chat, the admin commands as well.
func (b *registrar) menuForAdmin(ctx context.Context, admin int64) {
	names := slices.Concat(readerMenu, adminMenu)
	for _, r := range b.registrations() {
		commands := b.commandsIn(r, names)
		if !b.register(ctx, "commands of an admin", func(ctx context.Context) error {
			return b.setCommands(ctx, r.code, commands, &models.BotCommandScopeChat{ChatID: admin})
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

func (b *registrar) registrations() []registration {
	all := []registration{{tag: b.talk.Catalog.Tags[0]}}
	for _, tag := range b.talk.Catalog.Tags {
		base, _ := tag.Base()
		all = append(all, registration{tag: tag, code: base.String()})
	}
	return all
}

// commandsIn are commands with their descriptions in a language.
func (b *registrar) commandsIn(r registration, names []string) []models.BotCommand {
	s := b.talk.Catalog.SpeakerOf(r.tag, b.talk.Location)
	commands := make([]models.BotCommand, len(names))
	for i, name := range names {
		commands[i] = models.BotCommand{Command: name, Description: s.Plain("menu." + name)}
	}
	return commands
}

// register brings one part up to date, unless Telegram makes all of it wait, and logs
// when that did not work: what was registered before stays.
func (b *registrar) register(ctx context.Context, what string, call func(context.Context) error) (taken bool) {
	if ctx.Err() != nil || b.menus.wait(time.Now()) > 0 {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	err := call(limited)
	switch o := delivery.Classify(err); {
	case err == nil || b.ending.Load():
	case o.Kind == delivery.Wait:
		b.holdMenu(ctx, o.RetryAfter)
	default:
		b.talk.Log.Warn("Telegram did not take the bot's menu", "part", what, "err", err)
	}
	return err == nil
}
