// Package reader is what readers ask for with commands and buttons: subscribing,
// sections, settings, pauses, the archive, searching, and an issue that unfolds. A
// [Reader] answers in the conversation of package talk. It knows nothing of package
// desk.
package reader

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/bot/times"
	"digestbot/digest"
)

// Reader does what readers ask for. Its methods are safe for concurrent use.
type Reader struct {
	*talk.Talker
	*subscriptions
	*choices
	*issues
}

// subscriptions are which chats get issues, which sections of them, and where.
type subscriptions struct {
	*talk.Talker
	layout        digest.Layout  // for subscribers who chose none
	making        talk.KeyedLock // by subscriber: two issues at the same time make one topic
	keep          time.Duration
	backlog       func(ctx context.Context, chat int64) ([]*models.Update, error)
	enqueue       func(tell func(context.Context))
	belowSwitches func(ctx context.Context, v talk.Visit) (talk.Keyboard, error)
}

// choices are how and when a chat gets issues.
type choices struct {
	*talk.Talker
	pauses  *pauses
	lengths *times.Lengths
	layout  digest.Layout
}

// issues sends issues and finds them.
type issues struct {
	*talk.Talker
	Broadcaster *delivery.Broadcaster
	links       *talk.Memory[int64, linkedTo] // by issue
	asked       *talk.Memory[request, struct{}]
	notify      func(ctx context.Context, e delivery.Event)
}

// Config says what a Reader works with, besides a Talker.
type Config struct {
	Layout digest.Layout // for subscribers who chose none
	Keep   time.Duration // how long deliveries are kept one by one; 0: for ever
	// Backlog returns a chat's updates that are kept and not handled.
	Backlog func(ctx context.Context, chat int64) ([]*models.Update, error)
	// Notify tells people of an event of deliveries.
	Notify func(ctx context.Context, e delivery.Event)
	// Enqueue has tell called soon, so that the caller does not wait for Telegram.
	Enqueue func(tell func(context.Context))
	// BelowSwitches returns the buttons below the switches of the sections that a visitor
	// sees besides.
	BelowSwitches func(ctx context.Context, v talk.Visit) (talk.Keyboard, error)
}

// New returns a Reader. Its Broadcaster and the Talker's Sender are set later, before
// anybody asks for anything.
func New(talker *talk.Talker, config Config) *Reader {
	return &Reader{
		Talker: talker,
		subscriptions: &subscriptions{
			Talker: talker, layout: config.Layout, keep: config.Keep, backlog: config.Backlog, enqueue: config.Enqueue, belowSwitches: config.BelowSwitches,
		},
		choices: &choices{Talker: talker, pauses: newPauses(), lengths: times.ReadLengths(talker.Catalog), layout: config.Layout},
		issues: &issues{
			Talker: talker, notify: config.Notify, links: talk.NewMemory[int64, linkedTo](maxLinks, linkMemory),
			asked: talk.NewMemory[request, struct{}](maxAsked, doubleTap),
		},
	}
}
