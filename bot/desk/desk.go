// Package desk is what admins ask for and have to know: the question whether to
// broadcast, the control of broadcasts, live reports and the status, issues that are
// withdrawn or get another date, sections that are merged, and notices of what is wrong. A
// [Desk] answers in the conversation of package talk.
package desk

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Desk does what admins ask for. Its methods are safe for concurrent use.
type Desk struct {
	*notices
	Merger         *Merger
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
	rate        int  // messages per second for the whole bot
	votes       bool // readers vote on sections
	waiting     func(ctx context.Context, s talk.Speaker) (string, error)
}

// Config says what a Desk works with, besides a Talker.
type Config struct {
	Rate  int  // messages per second for the whole bot
	Votes bool // readers vote on sections
	// RefreshSources looks for new issues; nil: there are no sources.
	RefreshSources func(ctx context.Context) error
	// Waiting says what of readers waits for editors; empty: nothing.
	Waiting func(ctx context.Context, s talk.Speaker) (string, error)
}

// DefaultRate is Telegram's limit for a bot, in messages per second
// (core.telegram.org/bots/faq).
const DefaultRate = 30

// New returns a Desk. Its Broadcaster, the SwitchesReply of its Merger and the Talker's
// Sender are set later, before Serve.
func New(talker *talk.Talker, config Config) *Desk {
	r := &reports{Talker: talker, outbox: newOutbox(), ledger: newLedger(), rate: config.Rate, votes: config.Votes, waiting: config.Waiting}
	talker.Screens.Overtake = r.outbox.overtake
	return &Desk{notices: &notices{reports: r}, Merger: &Merger{Talker: talker}, refreshSources: config.RefreshSources}
}

// Enqueue has tell called with the context of Serve, after what was enqueued before.
func (d *Desk) Enqueue(tell func(context.Context)) { d.outbox.enqueue(tell) }

// Serve gives notices and keeps live reports up to date, until ctx is done.
func (n *notices) Serve(ctx context.Context) {
	defer n.outbox.telling.Wait()
	n.outbox.enqueue(n.tellRuns) // which a stop or crash may have kept back
	n.outbox.enqueue(n.tellEnds)
	n.outbox.enqueue(n.tellPauses)
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

// EachAdmin calls f with a visit to every admin, in the language that the admin chose,
// or that Telegram named last. What f says waits while Telegram is away.
func (r *reports) EachAdmin(ctx context.Context, f func(v talk.Visit)) {
	all, err := r.BotAdmins(ctx)
	if err != nil && ctx.Err() == nil {
		r.Log.Error("the editors cannot be told", "err", err) // the owners can
	}
	for _, id := range all {
		sub, err := r.Store.Subscriber(ctx, id, 0)
		if errors.Is(err, subscribers.ErrNotFound) {
			// Telegram lets a bot write only to people who wrote to it.
			r.strangers.warn(r.Log, id)
			continue
		}
		if ctx.Err() != nil {
			return // stopping
		}
		if err != nil {
			r.Log.Error("an admin cannot be told", "chat", id, "err", err)
			continue
		}
		f(talk.Visit{Sub: sub, User: id, Speaker: r.SpeakerTo(sub, ""), Unasked: true})
	}
}

// strangers are admins who have never written to the bot.
type strangers struct{ warned sync.Map }

// warn logs that an admin is a stranger, once.
func (s *strangers) warn(log *slog.Logger, admin int64) {
	if _, again := s.warned.LoadOrStore(admin, true); !again {
		log.Warn("an admin has to send the bot /start before it can write to them", "chat", admin)
	}
}
