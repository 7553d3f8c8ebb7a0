package talk

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

// CallTimeout ends a single request that is no message.
const CallTimeout = 15 * time.Second

// Talker talks to people in their chats: it says things in their languages, shows
// them keyboards and answers their presses. It knows no command. Its methods are safe
// for concurrent use.
type Talker struct {
	Config
	Catalog  *Catalog
	rights   *rights
	Whispers *whispers
	Screens  *screens
	Hearing  hearing
	Self     atomic.Pointer[models.User] // nil until Telegram has answered
}

// Config says what a Talker works with.
type Config struct {
	Store    *subscribers.Store
	Sender   *delivery.Sender
	API      *tg.Bot
	Log      *slog.Logger
	Token    string           // is kept out of what people are told
	Admins   []int64          // of the bot; Telegram user ids
	Fallback string           // BCP 47 tag for readers whose language is unknown; empty: English
	Location *time.Location   // for dates shown
	Paid     bool             // answers may cost Stars
	NextRun  func() time.Time // when the next broadcast is scheduled; nil, or zero: none is
}

// New makes a Talker. overtake takes back an edit of a message that is to come
// from elsewhere.
func New(config Config, overtake func(Place)) (*Talker, error) {
	texts, err := NewCatalog(config.Fallback)
	if err != nil {
		return nil, err
	}
	return &Talker{
		Config: config, Catalog: texts, rights: newRights(), Whispers: newWhispers(), Screens: newScreens(overtake),
	}, nil
}

// IsAdmin reports whether a person is an admin of the bot.
func (t *Talker) IsAdmin(user int64) bool { return slices.Contains(t.Admins, user) }
