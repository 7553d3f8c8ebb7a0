package bot

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/language"

	"digestbot/bot/desk"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// The commands in the order of the menu. /start is in no menu: Telegram shows
// a button for it.
var (
	readerMenu = []string{
		"subscribe", "unsubscribe", "sections", "latest", "issues", "issue", "search", "settings", "time", "channels", "pause", "resume", "mute", "highlight", "help", "privacy", "forget",
	}
	ownerMenu = []string{"editors"} // besides those of admins
	adminMenu = []string{"broadcast", "status", "stats", "sources", "withdraw", "redate", "draft", "done", "cancel", "audit"}
)

// groupMenu are the commands that the admins of groups see besides those of
// readers.
var groupMenu = []string{"topics"}

// quietCommands are seen by nobody else in the group, if app and server can do that.
// Nobody else sees the answers either.
var quietCommands = []string{"sections", "settings", "time", "topics", "mute", "highlight"}

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
// registerMenu sends the rest after that.
func (rg *registrar) registerMenu(ctx context.Context) {
	rg.restoreMenuWait(ctx)
	for {
		if rg.menus.wait(time.Now()) == 0 {
			rg.registerAll(ctx)
		}
		wait := rg.menus.wait(time.Now())
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

func (rg *registrar) registerAll(ctx context.Context) {
	for _, r := range rg.registrations() {
		commands := rg.commandsIn(r, readerMenu)
		rg.register(ctx, "commands", func(ctx context.Context) error {
			return rg.setCommands(ctx, r.code, commands, &models.BotCommandScopeDefault{})
		})
	}
	for _, t := range rg.profileTexts() {
		rg.setText(ctx, t)
	}
	rg.menuForGroups(ctx)
	rg.desk.EachAdmin(ctx, func(v talk.Visit) {
		if rg.menus.claim(v.User, time.Now()) {
			rg.menuForAdmin(ctx, v.User)
		}
	})
}

// menuRetry is how long the bot waits before it sends a menu again that Telegram did not
// take.
const menuRetry = 10 * time.Minute

// menus remembers which admins have their menu, and from when on the bot may try again
// with the others.
type menus struct {
	mu        sync.Mutex
	next      map[int64]time.Time // by admin; the zero time: never, the admin has it
	notBefore time.Time           // for all that the bot tells Telegram of itself
}

func newMenus() *menus { return &menus{next: make(map[int64]time.Time)} }

// claim reports whether the caller is to register an admin's menu. Nobody else does so
// then.
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

// forget forgets whether a person has the menu of admins.
func (m *menus) forget(user int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.next, user)
}

// hold keeps everything back until then, and takes all claims back.
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

// wait returns how long everything is kept back; 0: it is not.
func (m *menus) wait(now time.Time) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.notBefore.Sub(now), 0)
}

// restoreMenuWait takes up a wait that was running when the bot stopped.
func (rg *registrar) restoreMenuWait(ctx context.Context) {
	waits, err := rg.talk.Store.Waits(ctx, time.Now())
	if err != nil {
		rg.talk.Log.Error("how long Telegram makes the bot's menu wait cannot be read", "err", err)
		return
	}
	rg.menus.hold(waits[subscribers.BotProfile])
}

// holdMenu keeps back what the bot tells Telegram of itself, also after a restart.
func (rg *registrar) holdMenu(ctx context.Context, d time.Duration) {
	until := time.Now().Add(d)
	rg.menus.hold(until)
	rg.talk.Log.Warn("Telegram makes the bot's menu wait", "until", until)
	if err := rg.talk.Store.SaveWait(context.WithoutCancel(ctx), subscribers.BotProfile, until); err != nil {
		rg.talk.Log.Error("a wait cannot be kept over a restart", "err", err)
	}
}

// showMenu makes apps show the admin commands to the writer of a message if that is an
// admin: Telegram wants the chat to exist first, and since the admin's message it does.
func (rg *registrar) showMenu(m *models.Message) {
	if !rg.talk.IsFromBotAdmin(m) || !rg.menus.claim(m.From.ID, time.Now()) {
		return
	}
	rg.desk.Enqueue(func(ctx context.Context) { rg.menuForAdmin(ctx, m.From.ID) })
}

// menuForAdmin shows an admin, in the private chat, the admin commands as well.
func (rg *registrar) menuForAdmin(ctx context.Context, admin int64) {
	names := rg.menuOf(admin)
	for _, r := range rg.registrations() {
		commands := rg.commandsIn(r, names)
		if !rg.register(ctx, "commands of an admin", func(ctx context.Context) error {
			return rg.setCommands(ctx, r.code, commands, &models.BotCommandScopeChat{ChatID: admin})
		}) {
			return
		}
	}
	rg.menus.settle(admin)
}

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

// registration is a language as Telegram knows it: by two letters, so that one of Simplified
// and Traditional Chinese stands for both.
type registration struct {
	tag  language.Tag
	code string // ISO 639-1; empty: for everybody whose language has no registration
}

func (rg *registrar) registrations() []registration {
	all := []registration{{tag: rg.talk.Catalog.Tags[0]}}
	for _, tag := range rg.talk.Catalog.Tags { // the operator's language first
		base, _ := tag.Base()
		code := base.String()
		if slices.ContainsFunc(all, func(r registration) bool { return r.code == code }) {
			continue
		}
		if len(all) > 1 {
			tag = rg.talk.Catalog.Speaker(code, nil).Tag // the usual script of the language
		}
		all = append(all, registration{tag: tag, code: code})
	}
	return all
}

// commandsIn returns commands with their descriptions in a language.
func (rg *registrar) commandsIn(r registration, names []string) []models.BotCommand {
	s := rg.talk.Catalog.SpeakerOf(r.tag, rg.talk.Location)
	commands := make([]models.BotCommand, len(names))
	for i, name := range names {
		commands[i] = models.BotCommand{Command: name, Description: s.Plain("menu." + name)}
	}
	return commands
}

// register brings one part up to date, unless Telegram makes the bot wait. If that does
// not work it logs why, and what was registered before stays.
func (rg *registrar) register(ctx context.Context, what string, call func(context.Context) error) (taken bool) {
	if ctx.Err() != nil || rg.menus.wait(time.Now()) > 0 {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	err := call(limited)
	switch r := sender.Classify(err); {
	case err == nil || rg.ending.Load():
	case r.Kind == sender.Wait:
		rg.holdMenu(ctx, r.RetryAfter)
	default:
		rg.talk.Log.Warn("Telegram did not take the bot's menu", "part", what, "err", err)
	}
	return err == nil
}
