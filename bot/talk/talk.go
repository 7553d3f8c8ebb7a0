// Package talk is how the bot talks to people: the conversation that a message or press
// belongs to ([Visit], [Press]), texts in its language ([Speaker]), keyboards
// ([Keyboard]), answers that only one person sees, the rights that people have in their
// chats, and what becomes of an answer that Telegram refuses. It knows no command.
//
//	t.Say(ctx, v, v.HTML("help.reader"), nil)
package talk

import (
	"log/slog"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// CallTimeout ends a single request that is no message.
const CallTimeout = 15 * time.Second

// Talker talks to people in their chats: it says things in their languages, shows
// them keyboards and answers their presses. It knows no command. Its methods are safe
// for concurrent use.
type Talker struct {
	Config
	Catalog    *Catalog
	rights     *Memory[int64, *admins] // by chat
	Ephemerals *ephemerals
	Screens    *screens
	LastAnswer lastAnswer
	Self       atomic.Pointer[models.User] // nil until Telegram has answered
}

// Config says what a Talker works with.
type Config struct {
	Store    *subscribers.Store
	Sender   *sender.Sender
	API      *tg.Bot
	Log      *slog.Logger
	Token    string         // to be kept out of what people are told
	Owners   []int64        // of the bot; Telegram user ids
	Fallback string         // BCP 47 tag for readers whose language is unknown; empty: English
	Location *time.Location // for dates shown
	Welcome  Sentences      // what the operator says of the bot
	Paid     bool           // answers may cost Stars
	// NextRun returns when the first broadcast after a time is scheduled; nil, or the zero
	// time: none is.
	NextRun func(after time.Time) time.Time
}

// New makes a Talker. Its Sender may be set later, before anything is said.
func New(config Config) (*Talker, error) {
	texts, err := NewCatalog(config.Fallback)
	if err != nil {
		return nil, err
	}
	return &Talker{
		Config: config, Catalog: texts, rights: newRights(), Ephemerals: newEphemerals(), Screens: newScreens(),
	}, nil
}
