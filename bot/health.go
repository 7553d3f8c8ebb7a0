package bot

import (
	"context"
	"errors"
	"time"
)

const (
	// healthEvery is how often the bot looks whether it can do its work.
	healthEvery = 30 * time.Second
	// longestRound is how long the scheduler may take from one look at the clock to
	// the next. It looks once a minute, and a look at the sources may take five.
	longestRound = 10 * time.Minute
	// heartbeatTimeout ends a write that waits for another program.
	heartbeatTimeout = 20 * time.Second
)

// Keys of troubles.
const (
	troubleTelegram  = "telegram"
	troubleDatabase  = "database"
	troubleScheduler = "scheduler"
	troubleLost      = "lost database"
)

// watchHealth finds out what keeps the bot from its work, until ctx is done.
func (b *Bot) watchHealth(ctx context.Context) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		b.checkTelegram()
		b.checkDatabase(ctx)
		b.checkScheduler()
	}
}

// checkTelegram finds out whether Telegram answers. Admins can be told only when
// it does again.
func (b *Bot) checkTelegram() {
	heard := b.hearing.last()
	if !b.isSilent() {
		b.troubleEnds(troubleTelegram)
		return
	}
	b.troubleBegins(troubleTelegram, condition{
		health: "Telegram does not answer",
		ends: func(s speaker, _ time.Time) string {
			return s.html("notice.telegram_back", values{"Since": s.moment(heard), "Duration": s.duration(b.hearing.last().Sub(heard))})
		},
	})
}

// checkDatabase finds out whether what is written arrives on the disk.
func (b *Bot) checkDatabase(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()
	err := b.store.CheckWrites(ctx)
	if err == nil {
		b.troubleEnds(troubleDatabase)
		return
	}
	if errors.Is(err, context.Canceled) { // stopping
		return
	}
	b.log.Error("the database does not take what is written", "err", err)
	b.troubleBegins(troubleDatabase, condition{
		health:  "the database does not take what is written",
		quietly: true, // the same lock has several names
		begins:  func(s speaker) string { return s.html("notice.database", values{"Error": b.inShort(err)}) },
		ends:    func(s speaker, _ time.Time) string { return s.html("notice.database_fine") },
	})
}

// checkScheduler finds out whether the scheduler still looks at the clock.
func (b *Bot) checkScheduler() {
	if b.config.LastRound == nil {
		return
	}
	last := b.config.LastRound()
	if last.IsZero() || time.Since(last) < longestRound {
		b.troubleEnds(troubleScheduler)
		return
	}
	b.log.Error("the scheduler hangs: nothing is sent on time, and new issues are not seen", "since", last)
	b.troubleBegins(troubleScheduler, condition{
		health: "the scheduler hangs",
		begins: func(s speaker) string { return s.html("notice.scheduler", values{"Since": s.moment(last)}) },
		ends:   func(s speaker, _ time.Time) string { return s.html("notice.scheduler_fine") },
	})
}
