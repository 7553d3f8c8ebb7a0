package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
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
	edits    map[place]context.CancelFunc // that wait for their turn
	notices  []func(context.Context)      // that wait to be given
	wake     chan struct{}                // room for one: there is something to do
	telling  sync.WaitGroup               // readers who are told that something failed
}

// watcher is a message of an admin's that is kept up to date.
type watcher struct {
	speaker
	place
	broadcasts []int64   // that it told of when it was made
	full       bool      // the whole status, not only a broadcast
	quiet      bool      // something else stands there for the moment
	shown      string    // the text it has
	since      time.Time // it has been watched like this
	asOf       asOf      // what the text is known to be true of
}

func newOutbox() *outbox {
	return &outbox{edits: make(map[place]context.CancelFunc), wake: make(chan struct{}, 1)}
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
		return other.place == w.place || other.chat == w.chat && other.full && w.full
	})
	w.since = time.Now() // whoever calls this has shown it, or is about to
	o.watchers = append(o.watchers, w)
	o.look()
}

// unwatch leaves a message as it is.
func (o *outbox) unwatch(at place) {
	o.overtake(at)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watchers = slices.DeleteFunc(o.watchers, func(w watcher) bool { return w.place == at })
}

// hush leaves a message as it is until it is watched anew.
func (o *outbox) hush(at place) {
	o.overtake(at)
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].place == at {
			o.watchers[i].quiet = true
		}
	}
}

// overtake makes an edit of a message that waits for its turn stay away:
// something newer is about to be shown.
func (o *outbox) overtake(at place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if cancel := o.edits[at]; cancel != nil {
		cancel()
	}
}

// edit returns the context for an edit of a watcher's message, which overtake
// cancels. ok is false when nobody watches any more, or not for the moment.
func (o *outbox) edit(ctx context.Context, at place) (_ context.Context, done func(), ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.ContainsFunc(o.watchers, func(w watcher) bool { return w.place == at && !w.quiet }) {
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
func (o *outbox) isFull(at place) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool { return w.place == at && w.full })
}

// follows tells whether a chat has a live report or status of the broadcast.
func (o *outbox) follows(chat, broadcast int64) bool {
	return slices.ContainsFunc(o.all(), func(w watcher) bool {
		return w.chat == chat && !w.quiet && slices.Contains(w.broadcasts, broadcast)
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
		if o.watchers[i].place == w.place {
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

// notice hears of events of deliveries.
func (b *Desk) notice(_ context.Context, e delivery.Event) {
	b.outbox.later(func(ctx context.Context) { b.announce(ctx, e) })
}

// serveDesk gives notices and keeps live reports up to date, until ctx is
// done.
func (b *Desk) serveDesk(ctx context.Context) {
	defer b.outbox.telling.Wait()
	b.outbox.later(b.tellRuns) // which a stop or crash may have kept back
	b.outbox.later(b.reportEnds)
	b.outbox.later(b.reportPauses)
	for {
		for _, give := range b.outbox.take() {
			give(delivery.ForAdmin(ctx))
		}
		again := b.updateAll(ctx, b.outbox.all())
		var tick <-chan time.Time
		if again > 0 {
			tick = time.After(again)
		}
		select {
		case <-ctx.Done():
			return
		case <-b.outbox.wake:
		case <-tick:
		}
	}
}

// updateAll brings live reports up to date and returns when to do so again; 0:
// not until something happens.
func (b *Desk) updateAll(ctx context.Context, watchers []watcher) (again time.Duration) {
	if len(watchers) == 0 {
		return 0
	}
	waits := make([]time.Duration, len(watchers))
	var updates sync.WaitGroup // each waits for its own turn
	for i, w := range watchers {
		updates.Go(func() { waits[i] = b.update(ctx, w) })
	}
	updates.Wait()
	again = b.reportPause()
	for _, wait := range waits {
		if wait > 0 {
			again = min(again, wait)
		}
	}
	return again
}

// reportPause is how long live reports may be out of date: a broadcast that
// waits for its readers' own times does so for days.
func (b *Desk) reportPause() time.Duration {
	if _, busy := b.broadcaster.Progress(); busy {
		return reportEvery
	}
	return idleReportEvery
}

// tooEarly is how long it takes until a live report may be changed again: until
// reportEvery is over since the last edit, or editEvery if this is the end.
func (b *Desk) tooEarly(w watcher, over bool) time.Duration {
	gap := reportEvery
	if over {
		gap = editEvery
	}
	return max(b.screens.wait(w.place, gap), time.Until(w.since.Add(gap)))
}

// update brings one live report up to date, or returns how long it is too early
// for that. When nothing that it tells of goes on any more it stays as it is.
func (b *Desk) update(ctx context.Context, w watcher) (wait time.Duration) {
	ctx, done, ok := b.outbox.edit(ctx, w.place)
	defer done()
	if !ok || b.isUpToDate(ctx, w) {
		return 0
	}
	now := b.asOf(ctx, w.speaker)
	r, err := b.render(ctx, w)
	if err == nil && r.text != w.shown {
		if wait := b.tooEarly(w, r.over); wait > 0 {
			return wait
		}
		err = b.sender.EditInBackground(ctx, w.place.chat, func() *tg.EditMessageTextParams {
			b.screens.note(w.place)
			// The slot may have been long in coming: show what is true now.
			if fresh, err := b.render(ctx, w); err == nil {
				r = fresh
			}
			return edit(w.place, r.text, r.keys)
		})
		b.screens.note(w.place)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, delivery.ErrNoRoom): // it is tried again with the next round
	case err != nil && delivery.Classify(err).Kind != delivery.Sent:
		b.log.Warn("a live report ends", "broadcasts", w.broadcasts, "err", err)
		b.outbox.unwatch(w.place)
	case r.text != w.shown:
		b.outbox.note(w, r.text)
	case r.over: // and it has been shown
		b.outbox.unwatch(w.place)
	default:
		now.until = r.until
		b.outbox.settle(w, now)
	}
	return 0
}

// announce tells people of an event.
func (b *Desk) announce(ctx context.Context, e delivery.Event) {
	switch e.Kind {
	case delivery.EventStarted:
		b.eachAdmin(ctx, func(v visit) {
			if b.outbox.follows(v.sub.Chat.ID, e.Broadcast.ID) {
				return
			}
			if id := b.sayReport(ctx, v, e.Broadcast); id != 0 {
				b.outbox.watch(watcher{speaker: v.speaker, place: place{chat: v.sub.Chat.ID, message: id}, broadcasts: []int64{e.Broadcast.ID}})
			}
		})
	case delivery.EventPaused:
		b.eachAdmin(ctx, func(v visit) { b.sayPaused(ctx, v, e) })
	case delivery.EventFinished:
		b.reportEnds(ctx)
	case delivery.EventNotAllowed:
		b.warnChatAdmins(ctx, e)
	case delivery.EventFailed:
		b.deliveryFailed(ctx, e)
	case delivery.EventRichRefused, delivery.EventSimpler:
		b.eachAdmin(ctx, func(v visit) { b.sayRefused(ctx, v, e) })
	}
}

// reportEnds tells admins of the broadcasts that have come to their end, also of
// those before a stop or crash. It is called by the desk alone, so none is told twice.
func (b *Desk) reportEnds(ctx context.Context) {
	ended, err := b.store.UnreportedBroadcasts(ctx)
	if err != nil {
		b.log.Error("admins cannot be told of the end of a broadcast", "err", err)
	}
	for _, bc := range ended {
		b.eachAdmin(ctx, func(v visit) {
			long := bc.FinishedAt.Sub(bc.CreatedAt) > longBroadcast
			if long || !b.outbox.follows(v.sub.Chat.ID, bc.ID) {
				b.sayReport(ctx, v, bc)
			}
		})
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := b.store.Reported(ctx, bc); err != nil {
			b.log.Error("admins may be told of the end of a broadcast again", "err", err)
		}
	}
}

// reportPauses tells admins of broadcasts that wait for them since before the start:
// whether they were told is not known.
func (b *Desk) reportPauses(ctx context.Context) {
	open, err := b.store.UnfinishedBroadcasts(ctx)
	if err != nil {
		b.log.Error("admins cannot be told of paused broadcasts", "err", err)
	}
	for _, bc := range open {
		if bc.State == subscribers.Paused && bc.Reason.Kind != subscribers.PausedByAdmin {
			b.announce(ctx, delivery.Event{Kind: delivery.EventPaused, Broadcast: bc})
		}
	}
}

func (b *Desk) sayReport(ctx context.Context, v visit, bc subscribers.Broadcast) int {
	r, err := b.broadcastReport(ctx, v.speaker, bc)
	if err != nil {
		b.log.Warn("a report cannot be made", "broadcast", bc.ID, "err", err)
		return 0
	}
	return b.say(ctx, v, r.text, r.keys)
}

// sayRefused tells of a message that goes out otherwise than it was made.
func (b *Desk) sayRefused(ctx context.Context, v visit, e delivery.Event) {
	issue, err := b.store.Issue(ctx, e.Issue)
	if err != nil {
		b.log.Warn("a report cannot be made", "issue", e.Issue, "err", err)
		return
	}
	said := values{"Issue": markup(b.issueName(v.speaker, issue)), "Message": e.Message, "Reason": b.inShort(errors.New(e.Reason))}
	text := v.html("notice.simpler", said)
	switch {
	case e.Kind == delivery.EventRichRefused:
		text = v.html("notice.rich_refused", said)
	case e.Message == 0:
		text = v.html("notice.compact_refused", said)
	}
	b.say(ctx, v, text, nil)
}

func (b *Desk) sayPaused(ctx context.Context, v visit, e delivery.Event) {
	if e.Broadcast.Reason.Kind == subscribers.PausedAfterCanary {
		if err := b.status(ctx, v, ""); err != nil {
			b.log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		}
		return
	}
	issue, err := b.store.Issue(ctx, e.Broadcast.IssueID)
	if err != nil {
		b.log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		return
	}
	b.say(ctx, v, v.html("notice.paused", values{
		"Issue": markup(b.issueName(v.speaker, issue)), "Reason": pauseReason(v.speaker, e.Broadcast.Reason),
	}), nil)
}
