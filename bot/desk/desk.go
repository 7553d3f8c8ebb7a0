// Package desk is what admins ask for and have to know: the question whether to
// broadcast, the control of broadcasts, live reports and the status, issues that are
// withdrawn or get another date, and notices of what is wrong. A [Desk] answers in the
// conversation of package talk.
package desk

import (
	"context"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// Desk does what admins ask for. Its methods are safe for concurrent use.
type Desk struct {
	*notices
	refreshSources func(ctx context.Context) error
}

// notices are what admins are told without having asked.
type notices struct {
	*reports
	sources sources // what SourceChecked was told last
}

// reports say how broadcasts and the bot stand, and are kept up to date.
type reports struct {
	*talk.Talker
	Broadcaster *delivery.Broadcaster
	troubles    troubles
	outbox      *outbox
	ledger      *ledger
	strangers   strangers
	rate        int // messages per second for the whole bot
}

// Config says what a Desk works with, besides a Talker.
type Config struct {
	Rate int // messages per second for the whole bot
	// RefreshSources looks for new issues; nil: there are no sources.
	RefreshSources func(ctx context.Context) error
}

// DefaultRate is Telegram's limit for a bot, in messages per second
// (core.telegram.org/bots/faq).
const DefaultRate = 30

// New returns a Desk. Its Broadcaster and the Talker's Sender are set later, before
// Serve.
func New(talker *talk.Talker, config Config) *Desk {
	r := &reports{Talker: talker, outbox: newOutbox(), ledger: newLedger(), rate: config.Rate}
	talker.Screens.Overtake = r.outbox.overtake
	return &Desk{notices: &notices{reports: r}, refreshSources: config.RefreshSources}
}

// Later calls tell when its turn comes, with the context of Serve.
func (d *Desk) Later(tell func(context.Context)) { d.outbox.later(tell) }

// Serve gives notices and keeps live reports up to date, until ctx is done.
func (n *notices) Serve(ctx context.Context) {
	defer n.outbox.telling.Wait()
	n.outbox.later(n.tellRuns) // which a stop or crash may have kept back
	n.outbox.later(n.tellEnds)
	n.outbox.later(n.tellPauses)
	for {
		for _, give := range n.outbox.take() {
			give(sender.ForAdmin(ctx))
		}
		again := n.updateAll(ctx, n.outbox.all())
		var tick <-chan time.Time
		if again > 0 {
			tick = time.After(again)
		}
		select {
		case <-ctx.Done():
			return
		case <-n.outbox.wake:
		case <-tick:
		}
	}
}
