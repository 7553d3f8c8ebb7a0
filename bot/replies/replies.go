// Package replies passes on what readers reply to issues, to the editors' group or to the
// private chats of all admins, and what the editors answer, back to the reader. Telegram's
// copies do not say who wrote, and a reader has a made-up name for each issue; see package
// [digestbot/subscribers/replies] for what is kept.
//
// Each message is on record before it is passed on, and each attempt before it is made: after
// a crash nothing is lost, and only a message that was under way may come twice.
package replies

import (
	"context"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers/replies"
)

// Config says what Replies work with, besides a Talker.
type Config struct {
	Target Target
	// Begin tells admins that replies cannot be passed on, and why; again with the same words
	// it does nothing. End tells those who heard of it that they are passed on again.
	Begin func(begins func(s talk.Speaker) string)
	End   func()
}

// Replies pass on letters. Its methods are safe for concurrent use; Run is called once.
type Replies struct {
	*talk.Talker
	config Config
	told   *talk.Memory[int64, time.Time] // until when a reader is not told again that a reply is not taken
	budget budget

	inward, outward, editing, settling chan struct{} // room for one: there is something to do

	mu    sync.Mutex
	moved int64 // what the editors' group has become; 0: nothing

	// Only passOn uses these.
	checked  bool // the editors' chat is one, see check
	troubled bool // admins were told that replies cannot be passed on
}

// limits bound what readers may write. A group takes some 20 messages a minute.
var limits = replies.Limits{PerHour: 10, PerDay: 30, Waiting: 1000}

const (
	// keepFor is how long letters are kept, and a mute holds, from then on.
	keepFor = 4 * 7 * 24 * time.Hour
	// maxTold bounds the readers remembered.
	maxTold = 10_000
)

// New returns Replies.
func New(talker *talk.Talker, config Config) *Replies {
	return &Replies{
		Talker: talker, config: config, told: talk.NewMemory[int64, time.Time](maxTold, 24*time.Hour),
		inward: make(chan struct{}, 1), outward: make(chan struct{}, 1), editing: make(chan struct{}, 1), settling: make(chan struct{}, 1),
	}
}

// letters is where letters are kept.
func (r *Replies) letters() *replies.Store { return r.Store.Replies }

// IsOn reports whether readers can reply to the editors.
func (r *Replies) IsOn() bool { return !r.config.Target.IsOff() }

const (
	// lookEvery is how soon to try again if the editors cannot be reached.
	lookEvery = time.Minute
	// idleFor is how often to look for something to do though nobody has said that there is.
	idleFor = time.Hour
)

// Run passes on letters until ctx is done. Those that are on their way then are waited for.
func (r *Replies) Run(ctx context.Context) {
	var loops sync.WaitGroup
	defer loops.Wait()
	loops.Go(func() { r.removeOld(ctx) })
	loops.Go(func() { r.loop(ctx, r.settling, r.settle) })
	if !r.IsOn() {
		return
	}
	r.restoreMove(ctx)
	loops.Go(func() { r.loop(ctx, r.inward, r.passOn) })
	loops.Go(func() { r.loop(ctx, r.outward, r.passBack) })
	loops.Go(func() { r.loop(ctx, r.editing, r.editAll) })
}

// loop calls do now, when woken, and now and then. do returns when to call it again at the
// latest; 0: there is no hurry.
func (r *Replies) loop(ctx context.Context, woken <-chan struct{}, do func(context.Context) time.Duration) {
	for ctx.Err() == nil {
		again := do(ctx)
		if again == 0 {
			again = idleFor
		}
		select {
		case <-woken:
		case <-time.After(again):
		case <-ctx.Done():
		}
	}
}

// Settle has done soon what a change of the database asks for.
func (r *Replies) Settle() { wake(r.settling) }

// wake wakes a loop.
func wake(loop chan struct{}) {
	select {
	case loop <- struct{}{}:
	default: // it will look already
	}
}

// closeEvery is how often old letters are looked for.
const closeEvery = 6 * time.Hour

// removeOld deletes old letters, and with them who wrote them, until ctx is done. It does so
// also if nobody may reply any more.
func (r *Replies) removeOld(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := r.letters().Close(ctx, time.Now().Add(-keepFor))
		switch {
		case err != nil && ctx.Err() == nil:
			r.Log.Error("replies are kept for longer than they should", "err", err)
		case n > 0:
			r.Log.Info("old replies cannot be answered any more, and it is not kept whose they were", "letters", n)
		}
		_ = sender.Sleep(ctx, closeEvery) // its error is that of ctx, which the loop looks at
	}
}

// restoreMove finds out whether the editors' group became a supergroup in an earlier run.
func (r *Replies) restoreMove(ctx context.Context) {
	to, err := r.letters().MovedTo(ctx, r.config.Target.Chat)
	if err != nil && ctx.Err() == nil {
		r.Log.Error("it is not known whether the editors' group has become a supergroup", "err", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moved = to
}

// chat returns the editors' group; 0: there is none. If the group has become a supergroup it
// is that.
func (r *Replies) chat(ctx context.Context) int64 {
	group := r.config.Target.Chat
	if group == 0 {
		return 0
	}
	to := r.Sender.MovedTo(group)
	r.mu.Lock()
	defer r.mu.Unlock()
	if to != 0 && to != r.moved {
		if err := r.letters().NoteMove(ctx, group, to); err != nil {
			r.Log.Error("the new id of the editors' group cannot be kept", "err", err) // Telegram says it again
		}
		r.moved = to
	}
	if r.moved != 0 {
		return r.moved
	}
	return group
}

// room is a chat in which editors read replies.
type room struct {
	talk.Speaker
	chat  int64
	topic int
}

// rooms returns where replies go.
func (r *Replies) rooms(ctx context.Context) (all []room) {
	if chat := r.chat(ctx); chat != 0 {
		return []room{{Speaker: r.SpeakerIn(ctx, chat, 0, ""), chat: chat, topic: r.config.Target.Topic}}
	}
	if !r.config.Target.Admins {
		return nil
	}
	admins, err := r.BotAdmins(ctx)
	if err != nil && ctx.Err() == nil {
		r.Log.Error("replies do not reach the editors, only owners", "err", err)
	}
	for _, id := range admins {
		if sub, err := r.Store.Subscriber(ctx, id, 0); err == nil { // others have never written to the bot
			all = append(all, room{Speaker: r.SpeakerTo(sub, ""), chat: id})
		}
	}
	return all
}

// isRoom reports whether editors read and answer replies in a chat.
func (r *Replies) isRoom(ctx context.Context, chat int64) bool {
	if r.config.Target.Admins {
		return chat > 0 && r.IsBotAdmin(chat) // the id of a private chat is that of the person
	}
	return chat != 0 && (chat == r.config.Target.Chat || chat == r.chat(ctx))
}

// StatusLine says how many replies wait, for the status of admins; empty: none.
func (r *Replies) StatusLine(ctx context.Context, s talk.Speaker) (string, error) {
	n, err := r.letters().CountWaiting(ctx)
	if err != nil || n == 0 {
		return "", err
	}
	return s.HTML("reply.status", talk.Values{"Count": n}), nil
}
