package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"digestbot/bot/talk"
)

const (
	// idleReportEvery is how often while nothing is being sent.
	idleReportEvery = time.Minute
	// longBroadcast is how long a broadcast takes before its end is worth a
	// message of its own: an edit makes no sound.
	longBroadcast = time.Minute
)

// outbox is what admins are told without having asked: live reports, and notices.
type outbox struct {
	mu       sync.Mutex
	watchers []watcher
	edits    map[talk.Place]context.CancelFunc // that wait for their turn
	notices  []func(context.Context)           // that wait to be given
	wake     chan struct{}                     // room for one: there is something to do
	telling  sync.WaitGroup                    // readers who are told that something failed
}

// watcher is a message of an admin's that is kept up to date.
type watcher struct {
	talk.Speaker
	talk.Place
	broadcasts []int64   // that it told of when it was made
	full       bool      // the whole status, not only a broadcast
	quiet      bool      // something else stands there for the moment
	shown      string    // the text it has
	since      time.Time // it has been watched like this
	asOf       asOf      // what the text is known to be true of
}

func newOutbox() *outbox {
	return &outbox{edits: make(map[talk.Place]context.CancelFunc), wake: make(chan struct{}, 1)}
}

func (o *outbox) look() {
	select {
	case o.wake <- struct{}{}:
	default: // it will look already
	}
}

// watch keeps a message up to date. Of several statuses in a chat only the
// newest lives.
func (o *outbox) watch(w watcher) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watchers = slices.DeleteFunc(o.watchers, func(other watcher) bool {
		return other.Place == w.Place || other.Chat == w.Chat && other.full && w.full
	})
	w.since = time.Now() // whoever calls this has shown it, or is about to
	o.watchers = append(o.watchers, w)
	o.look()
}

// unwatch leaves a message as it is.
func (o *outbox) unwatch(at talk.Place) {
	o.overtake(at)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watchers = slices.DeleteFunc(o.watchers, func(w watcher) bool { return w.Place == at })
}

// hush leaves a message as it is until it is watched anew.
func (o *outbox) hush(at talk.Place) {
	o.overtake(at)
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == at {
			o.watchers[i].quiet = true
		}
	}
}

// overtake makes an edit of a message that waits for its turn stay away:
// something newer is about to be shown.
func (o *outbox) overtake(at talk.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cancel := o.edits[at]; cancel != nil {
		cancel()
	}
}

// edit returns the context for an edit of a watcher's message, which overtake
// cancels. ok is false when nobody watches any more, or not for the moment.
func (o *outbox) edit(ctx context.Context, at talk.Place) (_ context.Context, done func(), ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.ContainsFunc(o.watchers, func(w watcher) bool { return w.Place == at && !w.quiet }) {
		return ctx, func() {}, false
	}
	ctx, cancel := context.WithCancel(ctx)
	o.edits[at] = cancel
	return ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		cancel()
		delete(o.edits, at)
	}, true
}

// isFull tells whether a message shows the whole status.
func (o *outbox) isFull(at talk.Place) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool { return w.Place == at && w.full })
}

// follows tells whether a chat has a live report or status of the broadcast.
func (o *outbox) follows(chat, broadcast int64) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool {
		return w.Chat == chat && !w.quiet && slices.Contains(w.broadcasts, broadcast)
	})
}

func (o *outbox) all() []watcher {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.watchers)
}

// note remembers what a watcher shows, unless it has gone in the meantime.
func (o *outbox) noteText(w watcher, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == w.Place {
			o.watchers[i].shown = text
		}
	}
}

// later has give called, with the desk's context, when its turn comes; whoever
// calls this has better things to do than wait for Telegram.
func (o *outbox) later(give func(context.Context)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notices = append(o.notices, give)
	o.look()
}

// take returns the notices that have not been given.
func (o *outbox) take() []func(context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	notices := o.notices
	o.notices = nil
	return notices
}

// settle notes what a watcher's message, which says what it should, is made from.
func (o *outbox) noteAsOf(w watcher, from asOf) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == w.Place && o.watchers[i].shown == w.shown {
			o.watchers[i].asOf = from
		}
	}
}
