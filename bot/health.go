package bot

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/desk"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// health finds out what keeps the bot from its work, and tells admins.
type health struct {
	talk      *talk.Talker
	desk      *desk.Desk
	lastRound func() time.Time // see Config.LastRound
}

const (
	// healthEvery is how often the bot looks whether it can do its work.
	healthEvery = 30 * time.Second
	// longestRound is how long the scheduler may take from one look at the clock to
	// the next. It looks once a minute, and a look at the sources may take five.
	longestRound = 10 * time.Minute
	// heartbeatTimeout ends a write that waits for another program.
	heartbeatTimeout = 20 * time.Second
	// databaseCheck is how often the bot checks that the database is still there.
	databaseCheck = 2 * time.Second
	// lossTimeout is how long the bot may take to tell admins of its loss.
	lossTimeout = 10 * time.Second
)

// watchHealth finds out what keeps the bot from its work, until ctx is done.
func (h *health) watchHealth(ctx context.Context) {
	for sender.Sleep(ctx, healthEvery) == nil {
		h.checkTelegram()
		h.checkDatabase(ctx)
		h.checkScheduler()
	}
}

// checkTelegram finds out whether Telegram answers. Admins can be told only when
// it does again.
func (h *health) checkTelegram() {
	heard := h.talk.LastAnswer.Time()
	if !h.talk.IsSilent() {
		h.desk.EndTrouble(desk.TroubleTelegram)
		return
	}
	h.desk.BeginTrouble(desk.TroubleTelegram, desk.Trouble{
		Health: "Telegram does not answer",
		Ends: func(s talk.Speaker, _ time.Time) string {
			return s.HTML("notice.telegram_back", talk.Values{"Since": s.Moment(heard), "Duration": s.Duration(h.talk.LastAnswer.Time().Sub(heard))})
		},
	})
}

// checkDatabase finds out whether the database can be written.
func (h *health) checkDatabase(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	err := h.talk.Store.CheckWrites(ctx)
	if err == nil {
		h.desk.EndTrouble(desk.TroubleDatabase)
		return
	}
	if errors.Is(err, context.Canceled) { // stopping
		return
	}
	h.talk.Log.Error("the database cannot be written", "err", err)
	h.desk.BeginTrouble(desk.TroubleDatabase, desk.Trouble{
		Health:  "the database cannot be written",
		Quietly: true, // the same lock has several names
		Begins: func(s talk.Speaker) string {
			return s.HTML("notice.database", talk.Values{"Error": h.talk.InShort(err)})
		},
		Ends: func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.database_fine") },
	})
}

// checkScheduler finds out whether the scheduler still looks at the clock.
func (h *health) checkScheduler() {
	if h.lastRound == nil {
		return
	}
	last := h.lastRound()
	if last.IsZero() || time.Since(last) < longestRound {
		h.desk.EndTrouble(desk.TroubleScheduler)
		return
	}
	h.talk.Log.Error("the scheduler hangs: nothing is sent on time, and new issues are not found", "since", last)
	h.desk.BeginTrouble(desk.TroubleScheduler, desk.Trouble{
		Health: "the scheduler hangs",
		Begins: func(s talk.Speaker) string { return s.HTML("notice.scheduler", talk.Values{"Since": s.Moment(last)}) },
		Ends:   func(s talk.Speaker, _ time.Time) string { return s.HTML("notice.scheduler_fine") },
	})
}

// WatchDatabase returns nil when ctx is done. When the database was removed or replaced
// it tells admins, and returns an error that wraps subscribers.ErrLost: whatever the bot
// wrote from then on would be gone after the next start.
func (h *health) WatchDatabase(ctx context.Context) error {
	for sender.Sleep(ctx, databaseCheck) == nil {
		err := h.talk.Store.Check(ctx)
		if errors.Is(err, subscribers.ErrLost) {
			h.talk.Log.Error("digestbot stops, because what it writes from now on would be gone after a restart", "err", err)
			h.tellLoss(ctx, err)
			return err
		}
		if err != nil && ctx.Err() == nil {
			h.talk.Log.Warn("the database cannot be checked", "err", err)
		}
	}
	return nil
}

func (h *health) tellLoss(ctx context.Context, err error) {
	ctx, cancel := context.WithTimeout(ctx, lossTimeout)
	defer cancel()
	text := h.talk.InShort(err)
	h.desk.TellTrouble(ctx, desk.TroubleLost, desk.Trouble{
		Begins: func(s talk.Speaker) string { return s.HTML("notice.database_lost", talk.Values{"Error": text}) },
		Health: "the database was removed or replaced",
	})
}
