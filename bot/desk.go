package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

const (
	// reportEvery is how often live reports are brought up to date.
	reportEvery = 3 * time.Second
	// longBroadcast is how long a broadcast takes before its end is worth a
	// message of its own: an edit makes no sound.
	longBroadcast = time.Minute
)

// desk is what admins are told without having asked: live reports, and events.
type desk struct {
	mu       sync.Mutex
	watchers []watcher
	events   []delivery.Event
	wake     chan struct{} // room for one: there is something to do
}

// watcher is a message of an admin's that is kept up to date.
type watcher struct {
	speaker
	chat      int64
	message   int
	broadcast int64
	full      bool   // the whole status, not only the broadcast
	shown     string // the text it has
}

func newDesk() *desk { return &desk{wake: make(chan struct{}, 1)} }

func (d *desk) look() {
	select {
	case d.wake <- struct{}{}:
	default: // it will look already
	}
}

// watch keeps a message up to date. Of several statuses in a chat only the
// newest lives.
func (d *desk) watch(w watcher) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = slices.DeleteFunc(d.watchers, func(o watcher) bool {
		return o.chat == w.chat && (o.message == w.message || o.full && w.full)
	})
	d.watchers = append(d.watchers, w)
	d.look()
}

func (d *desk) unwatch(chat int64, message int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = slices.DeleteFunc(d.watchers, func(w watcher) bool { return w.chat == chat && w.message == message })
}

// isFull tells whether a message shows the whole status.
func (d *desk) isFull(chat int64, message int) bool {
	return slices.ContainsFunc(d.all(), func(w watcher) bool { return w.chat == chat && w.message == message && w.full })
}

// follows tells whether a chat has a live report of the broadcast.
func (d *desk) follows(chat, broadcast int64) bool {
	return slices.ContainsFunc(d.all(), func(w watcher) bool { return w.chat == chat && w.broadcast == broadcast && !w.full })
}

func (d *desk) all() []watcher {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.watchers)
}

// note remembers what a watcher shows, unless it has gone in the meantime.
func (d *desk) note(w watcher, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.watchers {
		if d.watchers[i].chat == w.chat && d.watchers[i].message == w.message {
			d.watchers[i].shown = text
		}
	}
}

// take returns the events that have not been dealt with.
func (d *desk) take() []delivery.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	events := d.events
	d.events = nil
	return events
}

// notice hears of events of deliveries, which wait for it: it only writes them
// down.
func (b *Bot) notice(_ context.Context, e delivery.Event) {
	b.desk.mu.Lock()
	b.desk.events = append(b.desk.events, e)
	b.desk.mu.Unlock()
	b.desk.look()
}

// serveDesk passes events on and keeps live reports up to date, until ctx is
// done.
func (b *Bot) serveDesk(ctx context.Context) {
	for {
		for _, e := range b.desk.take() {
			b.announce(ctx, e)
		}
		watchers := b.desk.all()
		for _, w := range watchers {
			b.update(ctx, w)
		}
		var tick <-chan time.Time
		if len(watchers) > 0 {
			tick = time.After(reportEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-b.desk.wake:
		case <-tick:
		}
	}
}

// update brings one live report up to date. After the end of its broadcast it
// stays as it is.
func (b *Bot) update(ctx context.Context, w watcher) {
	bc, err := b.store.Broadcast(ctx, w.broadcast)
	if err != nil {
		b.desk.unwatch(w.chat, w.message)
		return
	}
	text, k, err := b.render(ctx, w)
	if err != nil {
		b.log.Warn("a report cannot be made", "broadcast", w.broadcast, "err", err)
		return
	}
	if !bc.FinishedAt.IsZero() {
		b.desk.unwatch(w.chat, w.message)
	}
	if text == w.shown {
		return
	}
	err = b.sender.EditInBackground(ctx, &tg.EditMessageTextParams{
		ChatID:             w.chat,
		MessageID:          w.message,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		ReplyMarkup:        k.markup(),
	})
	if err != nil && delivery.Classify(err).Kind == delivery.MessageGone {
		b.desk.unwatch(w.chat, w.message)
		return
	}
	if err != nil {
		b.unsent(ctx, w.chat, err)
		return
	}
	b.desk.note(w, text)
}

// announce tells people of an event.
func (b *Bot) announce(ctx context.Context, e delivery.Event) {
	switch e.Kind {
	case delivery.EventStarted:
		b.eachAdmin(ctx, func(v visit) {
			if b.desk.follows(v.sub.Chat.ID, e.Broadcast.ID) {
				return
			}
			if id := b.sayReport(ctx, v, e.Broadcast); id != 0 {
				b.desk.watch(watcher{speaker: v.speaker, chat: v.sub.Chat.ID, message: id, broadcast: e.Broadcast.ID})
			}
		})
	case delivery.EventPaused:
		b.eachAdmin(ctx, func(v visit) { b.sayPaused(ctx, v, e) })
	case delivery.EventFinished:
		b.eachAdmin(ctx, func(v visit) {
			long := e.Broadcast.FinishedAt.Sub(e.Broadcast.CreatedAt) > longBroadcast
			if long || !b.desk.follows(v.sub.Chat.ID, e.Broadcast.ID) {
				b.sayReport(ctx, v, e.Broadcast)
			}
		})
	case delivery.EventNotAllowed:
		b.warnChatAdmins(ctx, e)
	}
}

func (b *Bot) sayReport(ctx context.Context, v visit, bc subscribers.Broadcast) int {
	text, k, err := b.broadcastReport(ctx, v.speaker, bc)
	if err != nil {
		b.log.Warn("a report cannot be made", "broadcast", bc.ID, "err", err)
		return 0
	}
	return b.say(ctx, v, text, k)
}

func (b *Bot) sayPaused(ctx context.Context, v visit, e delivery.Event) {
	issue, err := b.store.Issue(ctx, e.Broadcast.IssueID)
	if err != nil {
		b.log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		return
	}
	b.say(ctx, v, v.html("notice.paused", values{
		"Issue": markup(b.issueName(v.speaker, issue)), "Reason": b.redacted(fmt.Errorf("%s", e.Reason)).Error(),
	}), nil)
}
