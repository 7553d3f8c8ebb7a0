package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"digestbot/bot/talk"
)

// outbox is what admins are told without having asked: live reports, and notices.
type outbox struct {
	mu       sync.Mutex
	watchers []watcher
	edits    map[talk.Place]context.CancelFunc // edits that wait for their turn
	notices  []func(context.Context)           // notices that wait to be given
	wake     chan struct{}                     // room for one: there is something to do
	telling  sync.WaitGroup                    // notices to readers
}

// watcher is a message to an admin that is kept up to date.
type watcher struct {
	talk.Speaker
	talk.Place
	broadcasts []int64   // it was about when it was made
	full       bool      // it is the whole status
	quiet      bool      // it shows something else for the moment
	shown      string    // its text
	since      time.Time // when it began to be watched like this
	basis      basis     // what its text was made from
}

func newOutbox() *outbox {
	return &outbox{edits: make(map[talk.Place]context.CancelFunc), wake: make(chan struct{}, 1)}
}

// look wakes the desk: there is something to do.
func (o *outbox) look() {
	select {
	case o.wake <- struct{}{}:
	default: // it is woken already
	}
}

// watch keeps a message up to date. Of several statuses in a chat only the newest is.
func (o *outbox) watch(w watcher) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watchers = slices.DeleteFunc(o.watchers, func(other watcher) bool {
		return other.Place == w.Place || other.Chat == w.Chat && other.full && w.full
	})
	w.since = time.Now() // the caller has shown it, or is about to
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

// hush leaves a message as it is until watch is called again.
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

// overtake cancels an edit of a message that waits for its turn: something newer is
// about to be shown.
func (o *outbox) overtake(at talk.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cancel := o.edits[at]; cancel != nil {
		cancel()
	}
}

// edit returns the context for an edit of a watcher's message; overtake cancels it. ok
// is false when the message is not watched, or hushed.
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

// isFull reports whether a message shows the whole status.
func (o *outbox) isFull(at talk.Place) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool { return w.Place == at && w.full })
}

// follows reports whether a chat has a live report or status of the broadcast.
func (o *outbox) follows(chat, broadcast int64) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool {
		return w.Chat == chat && !w.quiet && slices.Contains(w.broadcasts, broadcast)
	})
}

// all returns the messages that are watched.
func (o *outbox) all() []watcher {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.watchers)
}

// noteText remembers the text of a watcher's message, if it is still watched.
func (o *outbox) noteText(w watcher, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == w.Place {
			o.watchers[i].shown = text
		}
	}
}

// enqueue has give called with the desk's context after what was enqueued before, so that
// the caller does not wait for Telegram.
func (o *outbox) enqueue(give func(context.Context)) {
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

// noteBasis remembers what a watcher's message was made from, if it still has that text.
func (o *outbox) noteBasis(w watcher, from basis) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == w.Place && o.watchers[i].shown == w.shown {
			o.watchers[i].basis = from
		}
	}
}
