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
	Outbox    *outbox
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

func New(talker *talk.Talker, outbox *outbox, config Config) *Desk {
	return &Desk{Talker: talker, Config: config, Outbox: outbox, ledger: newLedger()}
}
