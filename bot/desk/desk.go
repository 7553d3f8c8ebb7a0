// Package desk is what admins ask for and have to know: the question whether to
// broadcast, the control of broadcasts, live reports and the status, issues that are
// withdrawn or dated anew, and notices of what is wrong. A [Desk] answers in the
// conversation of package talk.
package desk

import (
	"context"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
)

// Desk does what admins ask for, and tells them what they have to know. Its methods
// are safe for concurrent use.
type Desk struct {
	*talk.Talker
	Config
	outbox    *outbox
	ledger    *ledger
	Troubles  troubles
	sources   sources // what SourceChecked was told last
	strangers strangers
}

// Config says what a Desk works with, besides a Talker.
type Config struct {
	Broadcaster *delivery.Broadcaster
	Rate        int // messages per second for the whole bot
	// refreshSources looks for new issues; nil: there is nowhere to look.
	RefreshSources func(ctx context.Context) error
}

// New returns a Desk. Its Broadcaster and the Talker's Sender may be set later, before
// Serve.
func New(talker *talk.Talker, config Config) *Desk {
	d := &Desk{Talker: talker, Config: config, outbox: newOutbox(), ledger: newLedger()}
	talker.Screens.Overtake = d.outbox.overtake
	return d
}

// Later has something told when its turn comes, with the context of Serve.
func (d *Desk) Later(tell func(context.Context)) { d.outbox.later(tell) }
