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
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
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
	asksVotes     bool // readers may vote
	takesReplies  bool // readers may reply to the editors
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
	Broadcaster  *delivery.Broadcaster
	links        *talk.Memory[ofEdition, linkedTo]
	asked        *talk.Memory[request, struct{}]
	notify       func(ctx context.Context, e delivery.Event)
	takesReplies bool // readers may reply to the editors
	votes        func(s talk.Speaker, to subscribers.Subscriber, issue int64, sections []archive.Message) talk.Keyboard
}

// Config says what a Reader works with, besides a Talker.
type Config struct {
	Layout digest.Layout // for subscribers who chose none
	Keep   time.Duration // how long deliveries are kept one by one; 0: for ever
	// Backlog returns a chat's updates that are kept and not handled.
	Backlog func(ctx context.Context, chat int64) ([]*models.Update, error)
	// Notify tells people of an event of deliveries.
	Notify func(ctx context.Context, e delivery.Event)
	// Votes returns the buttons with which those who read a message say what they think of
	// sections of an issue, each given by its first message.
	Votes     func(s talk.Speaker, to subscribers.Subscriber, issue int64, sections []archive.Message) talk.Keyboard
	AsksVotes bool // there are such buttons
	// TakesReplies says that readers may reply to the editors.
	TakesReplies bool
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
			Talker: talker, layout: config.Layout, keep: config.Keep, asksVotes: config.AsksVotes, takesReplies: config.TakesReplies, backlog: config.Backlog, enqueue: config.Enqueue, belowSwitches: config.BelowSwitches,
		},
		choices: &choices{Talker: talker, pauses: newPauses(), lengths: times.ReadLengths(talker.Catalog), layout: config.Layout},
		issues: &issues{
			Talker: talker, notify: config.Notify, votes: config.Votes, takesReplies: config.TakesReplies, links: talk.NewMemory[ofEdition, linkedTo](maxLinks, linkMemory),
			asked: talk.NewMemory[request, struct{}](maxAsked, doubleTap),
		},
	}
}
