package bot

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/desk"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

const (
	// databaseCheck is how often the bot checks that the database is still there.
	databaseCheck = 2 * time.Second
	// lossTimeout is how long the bot may take to tell admins of its loss.
	lossTimeout = 10 * time.Second
)

// WatchDatabase returns nil when ctx is done. When the database was removed or replaced
// it tells admins, and returns an error that wraps subscribers.ErrLost: whatever the bot
// wrote from then on would be gone after the next start.
func (h *health) WatchDatabase(ctx context.Context) error {
	tick := time.NewTicker(databaseCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := h.talk.Store.Check(ctx)
		if errors.Is(err, subscribers.ErrLost) {
			h.talk.Log.Error("digestbot stops, because what it writes would be gone after the next start", "err", err)
			h.tellLoss(ctx, err)
			return err
		}
		if err != nil && ctx.Err() == nil {
			h.talk.Log.Warn("the database cannot be checked", "err", err)
		}
	}
}

func (h *health) tellLoss(ctx context.Context, err error) {
	ctx, cancel := context.WithTimeout(ctx, lossTimeout)
	defer cancel()
	text := h.talk.InShort(err)
	h.desk.Troubles.Begin(troubleLost, desk.Condition{
		Begins: func(s talk.Speaker) string { return s.HTML("notice.database_lost", talk.Values{"Error": text}) },
		Health: "the database was removed or replaced",
	}, text)
	h.desk.TellTroubles(delivery.ForAdmin(ctx)) // not in the desk's goroutine, which ends with the bot
}
