package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// Reader does what readers ask for. Its methods are safe for concurrent use.
type Reader struct {
	*Talker
	ReaderConfig
	pauses      *pauses
	links       links
	topicMakers *topicMakers
}

// ReaderConfig says what a Reader works with, besides a Talker.
type ReaderConfig struct {
	broadcaster *delivery.Broadcaster
	layout      subscribers.Layout // for subscribers who chose none
	keep        time.Duration      // how long deliveries are kept one by one; 0: for ever
	// backlog returns a chat's updates that are kept and not handled.
	backlog func(ctx context.Context, chat int64) ([]*models.Update, error)
	// notice hears of events of deliveries.
	notice func(ctx context.Context, e delivery.Event)
	// later has something told when there is time for it.
	later func(tell func(context.Context))
}

func newReader(talker *Talker, config ReaderConfig) *Reader {
	return &Reader{Talker: talker, ReaderConfig: config, pauses: newPauses(), topicMakers: newTopicMakers()}
}
