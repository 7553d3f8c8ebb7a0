// Package ping tells a dead-man's switch, such as healthchecks.io, how broadcasts end, so that
// somebody hears of it when nothing is sent, also because the bot, its machine or its network is
// gone:
//
//	p := ping.New(ping.Config{Service: ping.Service{Address: address}, Store: store, Resting: b.Resting, Told: b.PingTried, Log: log})
//	err := p.Run(ctx)
//
// What has to be told stands in the database, so a restart neither forgets nor repeats it; only
// a ping that was being sent when the program was killed may come twice. Nothing waits for a
// ping. The address is a secret, and in no error and no line of the log.
package ping

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"digestbot/subscribers"
)

// Config says whom to tell of what.
type Config struct {
	Service
	Store *subscribers.Store
	// Resting returns the broadcasts of which only readers with a later time are left.
	Resting func() []int64
	// Told is called with what is wrong while pings fail for long, and with nil when one is taken.
	Told func(err error)
	Log  *slog.Logger
}

const (
	// lookEvery is how often a Pinger looks whether there is something to tell.
	lookEvery = 5 * time.Second
	// longestWait is between two attempts at the same ping.
	longestWait = 10 * time.Minute
	// patience is for how long pings fail before people are told.
	patience = 15 * time.Minute
)

// Pinger sends pings.
type Pinger struct {
	config Config

	// Only Run uses these.
	version int64              // of the database, when there was nothing left to tell; 0: that was never so
	resting []int64            // the broadcasts that rested then
	unnoted []subscribers.Ping // were sent, and are not on record yet
	failing time.Time          // since when; zero: the last ping was taken

	mu     sync.Mutex
	counts Counts
}

// Counts say how pings are taken.
type Counts struct {
	Failures int       // in a row
	Taken    time.Time // the last one; zero: none was since the start
}

// New returns a Pinger. Store.SetPings has to say that it runs.
func New(config Config) *Pinger { return &Pinger{config: config} }

// Counts returns how pings are taken.
func (p *Pinger) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts
}

// Run sends pings until ctx is done. It returns nil.
func (p *Pinger) Run(ctx context.Context) error {
	for {
		select {
		case <-time.After(p.wait()):
		case <-ctx.Done():
			return nil
		}
		if err := p.look(ctx); err != nil && ctx.Err() == nil {
			p.config.Log.Warn("what a dead-man's switch has to be told cannot be read or noted", "err", err)
		}
	}
}

// wait returns how long there is nothing to do: longer after each failure.
func (p *Pinger) wait() time.Duration {
	wait := lookEvery
	for range p.Counts().Failures {
		wait = min(2*wait, longestWait)
	}
	return wait
}

// look sends what is due. What cannot be sent is dropped once there is something newer to say,
// as that is how things stand: else a service that knows no failures would never hear of a
// success.
func (p *Pinger) look(ctx context.Context) error {
	if err := p.note(ctx); err != nil {
		return err
	}
	version, err := p.config.Store.Version(ctx)
	if err != nil {
		return err
	}
	resting := p.config.Resting()
	if version == p.version && slices.Equal(resting, p.resting) {
		return nil
	}
	due, err := p.config.Store.DuePings(ctx, time.Now(), resting...)
	if err != nil {
		return err
	}
	for i, one := range due {
		isLast := i == len(due)-1
		if isLast || due[i+1].Good != one.Good { // else the next one says the same
			if err := p.send(ctx, one); err != nil && (isLast || ctx.Err() != nil) {
				return nil // it is due again
			}
		}
		p.unnoted = append(p.unnoted, one)
	}
	p.version, p.resting = version, resting
	return p.note(ctx)
}

// note puts on record what was sent, also at a stop.
func (p *Pinger) note(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	for len(p.unnoted) > 0 {
		if err := p.config.Store.NotePing(ctx, p.unnoted[0]); err != nil {
			return err
		}
		p.unnoted = p.unnoted[1:]
	}
	return nil
}

// send sends one ping and tells how that went, unless ctx is done.
func (p *Pinger) send(ctx context.Context, one subscribers.Ping) error {
	err := p.config.send(ctx, one.Good)
	if err != nil && ctx.Err() != nil {
		return err
	}
	p.count(err)
	log := p.config.Log.With("host", p.config.Address.Host, "good", one.Good)
	if err != nil {
		if p.failing.IsZero() {
			p.failing = time.Now()
			log.Warn("a dead-man's switch does not take a ping; it is tried again", "err", err)
		}
		if time.Since(p.failing) >= patience {
			p.config.Told(fmt.Errorf("%s: %w", p.config.Address.Host, err))
		}
		return err
	}
	if !p.failing.IsZero() {
		log.Info("the dead-man's switch takes pings again", "after", time.Since(p.failing).Round(time.Second))
		p.failing = time.Time{}
	} else {
		log.Info("a dead-man's switch was told")
	}
	p.config.Told(nil)
	return nil
}

func (p *Pinger) count(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.counts.Failures++
		return
	}
	p.counts = Counts{Taken: time.Now()}
}
