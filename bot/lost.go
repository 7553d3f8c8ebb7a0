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
	// databaseCheck is how often the bot looks whether the database is still there.
	databaseCheck = 2 * time.Second
	// lastWords is how long telling admins of its loss may take.
	lastWords = 10 * time.Second
)

// WatchDatabase returns when ctx is done, or when the database was removed or
// replaced, with an error that wraps subscribers.ErrLost. Admins know of it then; to
// go on would be to take in what is gone after the next start.
func (b *health) WatchDatabase(ctx context.Context) error {
	tick := time.NewTicker(databaseCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := b.talk.Store.Check(ctx)
		if errors.Is(err, subscribers.ErrLost) {
			b.talk.Log.Error("digestbot stops, for what it writes would be gone with the next start", "err", err)
			b.tellLoss(ctx, err)
			return err
		}
		if err != nil && ctx.Err() == nil {
			b.talk.Log.Warn("the database cannot be looked at", "err", err)
		}
	}
}

func (b *health) tellLoss(ctx context.Context, err error) {
	ctx, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	text := b.talk.InShort(err)
	b.desk.Troubles.Begin(troubleLost, desk.Condition{
		Begins: func(s talk.Speaker) string { return s.HTML("notice.database_lost", talk.Values{"Error": text}) },
		Health: "the database was removed or replaced",
	}, text)
	b.desk.TellTroubles(delivery.ForAdmin(ctx)) // not by the desk, which ends with the bot
}
