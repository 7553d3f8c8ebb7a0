package bot

import (
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// callTimeout ends a single request that is no message.
const callTimeout = 15 * time.Second

// Talker talks to people in their chats: it says things in their languages, shows
// them keyboards and answers their presses. It knows no command. Its methods are safe
// for concurrent use.
type Talker struct {
	TalkerConfig
	catalog  *catalog
	rights   *rights
	whispers *whispers
	screens  *screens
	hearing  hearing
	me       atomic.Pointer[models.User] // nil until Telegram has answered
}

// TalkerConfig says what a Talker works with.
type TalkerConfig struct {
	store    *subscribers.Store
	sender   *delivery.Sender
	api      *tg.Bot
	log      *slog.Logger
	token    string           // is kept out of what people are told
	admins   []int64          // of the bot; Telegram user ids
	fallback string           // BCP 47 tag for readers whose language is unknown; empty: English
	location *time.Location   // for dates shown
	paid     bool             // answers may cost Stars
	nextRun  func() time.Time // when the next broadcast is scheduled; nil, or zero: none is
}

// newTalker makes a Talker. overtake takes back an edit of a message that is to come
// from elsewhere.
func newTalker(config TalkerConfig, overtake func(place)) (*Talker, error) {
	texts, err := newCatalog(config.fallback)
	if err != nil {
		return nil, err
	}
	return &Talker{
		TalkerConfig: config, catalog: texts, rights: newRights(), whispers: newWhispers(), screens: newScreens(overtake),
	}, nil
}

// isAdmin reports whether a person is an admin of the bot.
func (b *Talker) isAdmin(user int64) bool { return slices.Contains(b.admins, user) }
