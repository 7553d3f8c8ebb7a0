package bot

import (
	"context"

	"digestbot/bot/delivery"
)

// Desk does what admins ask for, and tells them what they have to know. Its methods
// are safe for concurrent use.
type Desk struct {
	*Talker
	DeskConfig
	outbox    *outbox
	ledger    *ledger
	troubles  troubles
	sources   sources // what SourceChecked was told last
	strangers strangers
}

// DeskConfig says what a Desk works with, besides a Talker.
type DeskConfig struct {
	broadcaster *delivery.Broadcaster
	rate        int // messages per second for the whole bot
	// refreshSources looks for new issues; nil: there is nowhere to look.
	refreshSources func(ctx context.Context) error
}

func newDesk(talker *Talker, outbox *outbox, config DeskConfig) *Desk {
	return &Desk{Talker: talker, DeskConfig: config, outbox: outbox, ledger: newLedger()}
}
