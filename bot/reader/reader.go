// Package reader is what readers ask for, with commands and buttons: subscribing,
// sections, settings, pauses, the archive, searching, and an issue that unfolds. A
// [Reader] answers in the conversation of package talk. It knows nothing of what admins
// do.
package reader

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Reader does what readers ask for. Its methods are safe for concurrent use.
type Reader struct {
	*talk.Talker
	Config
	pauses      *pauses
	links       links
	topicMakers *topicMakers
}

// Config says what a Reader works with, besides a Talker.
type Config struct {
	Broadcaster *delivery.Broadcaster
	Layout      subscribers.Layout // for subscribers who chose none
	Keep        time.Duration      // how long deliveries are kept one by one; 0: for ever
	// backlog returns a chat's updates that are kept and not handled.
	Backlog func(ctx context.Context, chat int64) ([]*models.Update, error)
	// notice hears of events of deliveries.
	Notice func(ctx context.Context, e delivery.Event)
	// later has something told when there is time for it.
	Later func(tell func(context.Context))
}

// New returns a Reader. Its Broadcaster and the Talker's Sender may be set later, before
// anybody asks for anything.
func New(talker *talk.Talker, config Config) *Reader {
	return &Reader{Talker: talker, Config: config, pauses: newPauses(), topicMakers: newTopicMakers()}
}
