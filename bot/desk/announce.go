package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Notice hears of events of deliveries.
func (d *notices) Notice(_ context.Context, e delivery.Event) {
	d.outbox.later(func(ctx context.Context) { d.announce(ctx, e) })
}

// announce tells people of an event.
func (d *notices) announce(ctx context.Context, e delivery.Event) {
	switch e.Kind {
	case delivery.EventStarted:
		d.EachAdmin(ctx, func(v talk.Visit) {
			if d.outbox.follows(v.Sub.Chat.ID, e.Broadcast.ID) {
				return
			}
			if id := d.sayReport(ctx, v, e.Broadcast); id != 0 {
				d.outbox.watch(watcher{Speaker: v.Speaker, Place: talk.Place{Chat: v.Sub.Chat.ID, Message: id}, broadcasts: []int64{e.Broadcast.ID}})
			}
		})
	case delivery.EventPaused:
		d.EachAdmin(ctx, func(v talk.Visit) { d.sayPaused(ctx, v, e) })
	case delivery.EventFinished:
		d.reportEnds(ctx)
	case delivery.EventNotAllowed:
		d.warnChatAdmins(ctx, e)
	case delivery.EventFailed:
		d.deliveryFailed(ctx, e)
	case delivery.EventRichRefused, delivery.EventSimpler:
		d.EachAdmin(ctx, func(v talk.Visit) { d.sayRefused(ctx, v, e) })
	}
}

// reportEnds tells admins of the broadcasts that have come to their end, also of
// those before a stop or crash. It is called by the desk alone, so none is told twice.
func (d *notices) reportEnds(ctx context.Context) {
	ended, err := d.Store.UnreportedBroadcasts(ctx)
	if err != nil {
		d.Log.Error("admins cannot be told of the end of a broadcast", "err", err)
	}
	for _, bc := range ended {
		d.EachAdmin(ctx, func(v talk.Visit) {
			long := bc.FinishedAt.Sub(bc.CreatedAt) > longBroadcast
			if long || !d.outbox.follows(v.Sub.Chat.ID, bc.ID) {
				d.sayReport(ctx, v, bc)
			}
		})
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := d.Store.MarkReported(ctx, bc); err != nil {
			d.Log.Error("admins may be told of the end of a broadcast again", "err", err)
		}
	}
}

// reportPauses tells admins of broadcasts that wait for them since before the start:
// whether they were told is not known.
func (d *notices) reportPauses(ctx context.Context) {
	open, err := d.Store.UnfinishedBroadcasts(ctx)
	if err != nil {
		d.Log.Error("admins cannot be told of paused broadcasts", "err", err)
	}
	for _, bc := range open {
		if bc.State == subscribers.Paused && bc.Reason.Kind != subscribers.PausedByAdmin {
			d.announce(ctx, delivery.Event{Kind: delivery.EventPaused, Broadcast: bc})
		}
	}
}

func (d *notices) sayReport(ctx context.Context, v talk.Visit, bc subscribers.Broadcast) int {
	r, err := d.broadcastReport(ctx, v.Speaker, bc)
	if err != nil {
		d.Log.Warn("a report cannot be made", "broadcast", bc.ID, "err", err)
		return 0
	}
	return d.Say(ctx, v, r.text, r.keys)
}

// sayRefused tells of a message that goes out otherwise than it was made.
func (d *notices) sayRefused(ctx context.Context, v talk.Visit, e delivery.Event) {
	issue, err := d.Store.Issue(ctx, e.Issue)
	if err != nil {
		d.Log.Warn("a report cannot be made", "issue", e.Issue, "err", err)
		return
	}
	said := talk.Values{"Issue": talk.Markup(d.IssueName(v.Speaker, issue)), "Message": e.Message, "Reason": d.InShort(errors.New(e.Reason))}
	text := v.HTML("notice.simpler", said)
	switch {
	case e.Kind == delivery.EventRichRefused:
		text = v.HTML("notice.rich_refused", said)
	case e.Message == 0:
		text = v.HTML("notice.compact_refused", said)
	}
	d.Say(ctx, v, text, nil)
}

func (d *notices) sayPaused(ctx context.Context, v talk.Visit, e delivery.Event) {
	if e.Broadcast.Reason.Kind == subscribers.PausedAfterCanary {
		if err := d.Status(ctx, v, ""); err != nil {
			d.Log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		}
		return
	}
	issue, err := d.Store.Issue(ctx, e.Broadcast.IssueID)
	if err != nil {
		d.Log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		return
	}
	d.Say(ctx, v, v.HTML("notice.paused", talk.Values{
		"Issue": talk.Markup(d.IssueName(v.Speaker, issue)), "Reason": pauseReason(v.Speaker, e.Broadcast.Reason),
	}), nil)
}

// Serve gives notices and keeps live reports up to date, until ctx is
// done.
func (d *notices) Serve(ctx context.Context) {
	defer d.outbox.telling.Wait()
	d.outbox.later(d.tellRuns) // which a stop or crash may have kept back
	d.outbox.later(d.reportEnds)
	d.outbox.later(d.reportPauses)
	for {
		for _, give := range d.outbox.take() {
			give(delivery.ForAdmin(ctx))
		}
		again := d.updateAll(ctx, d.outbox.all())
		var tick <-chan time.Time
		if again > 0 {
			tick = time.After(again)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.outbox.wake:
		case <-tick:
		}
	}
}
