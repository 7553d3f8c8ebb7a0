package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"digestbot/bot/talk"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
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
func (o *outbox) note(w watcher, text string) {
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

// updateAll brings live reports up to date and returns when to do so again; 0:
// not until something happens.
func (d *reports) updateAll(ctx context.Context, watchers []watcher) (again time.Duration) {
	if len(watchers) == 0 {
		return 0
	}
	waits := make([]time.Duration, len(watchers))
	var updates sync.WaitGroup // each waits for its own turn
	for i, w := range watchers {
		updates.Go(func() { waits[i] = d.update(ctx, w) })
	}
	updates.Wait()
	again = d.reportPause()
	for _, wait := range waits {
		if wait > 0 {
			again = min(again, wait)
		}
	}
	return again
}

// reportPause is how long live reports may be out of date: a broadcast that
// waits for its readers' own times does so for days.
func (d *reports) reportPause() time.Duration {
	if _, busy := d.Broadcaster.Progress(); busy {
		return talk.ReportEvery
	}
	return idleReportEvery
}

// tooEarly is how long it takes until a live report may be changed again: until
// reportEvery is over since the last edit, or editEvery if this is the end.
func (d *reports) tooEarly(w watcher, over bool) time.Duration {
	gap := talk.ReportEvery
	if over {
		gap = talk.EditEvery
	}
	return max(d.Screens.Delay(w.Place, gap), time.Until(w.since.Add(gap)))
}

// update brings one live report up to date, or returns how long it is too early
// for that. When nothing that it tells of goes on any more it stays as it is.
func (d *reports) update(ctx context.Context, w watcher) (wait time.Duration) {
	ctx, done, ok := d.outbox.edit(ctx, w.Place)
	defer done()
	if !ok || d.isUpToDate(ctx, w) {
		return 0
	}
	now := d.asOf(ctx, w.Speaker)
	r, err := d.render(ctx, w)
	if err == nil && r.text != w.shown {
		if wait := d.tooEarly(w, r.over); wait > 0 {
			return wait
		}
		err = d.Sender.EditInBackground(ctx, w.Place.Chat, func() *tg.EditMessageTextParams {
			d.Screens.NoteEdit(w.Place)
			// The slot may have been long in coming: show what is true now.
			if fresh, err := d.render(ctx, w); err == nil {
				r = fresh
			}
			return talk.EditParams(w.Place, r.text, r.keys)
		})
		d.Screens.NoteEdit(w.Place)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, delivery.ErrNoRoom): // it is tried again with the next round
	case err != nil && delivery.Classify(err).Kind != delivery.Sent:
		d.Log.Warn("a live report ends", "broadcasts", w.broadcasts, "err", err)
		d.outbox.unwatch(w.Place)
	case r.text != w.shown:
		d.outbox.note(w, r.text)
	case r.over: // and it has been shown
		d.outbox.unwatch(w.Place)
	default:
		now.until = r.until
		d.outbox.settle(w, now)
	}
	return 0
}
