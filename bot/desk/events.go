package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// longBroadcast is how long a broadcast takes before its end is worth a message of its
// own: an edit makes no sound.
const longBroadcast = time.Minute

// Notify tells people of an event of deliveries, when its turn comes.
func (n *notices) Notify(_ context.Context, e delivery.Event) {
	n.outbox.enqueue(func(ctx context.Context) { n.announce(ctx, e) })
}

// announce tells people of an event.
func (n *notices) announce(ctx context.Context, e delivery.Event) {
	switch e.Kind {
	case delivery.EventStarted:
		n.EachAdmin(ctx, func(v talk.Visit) { n.sayStarted(ctx, v, e.Broadcast) })
	case delivery.EventPaused:
		n.EachAdmin(ctx, func(v talk.Visit) { n.sayPaused(ctx, v, e) })
	case delivery.EventFinished:
		n.tellEnds(ctx)
	case delivery.EventNotAllowed:
		n.warnChatAdmins(ctx, e)
	case delivery.EventFailed:
		n.tellFailed(ctx, e)
	case delivery.EventRichRefused, delivery.EventSimpler:
		n.EachAdmin(ctx, func(v talk.Visit) { n.sayRefused(ctx, v, e) })
	}
}

// sayStarted sends an admin the live report of a broadcast, if there is none yet.
func (n *notices) sayStarted(ctx context.Context, v talk.Visit, bc subscribers.Broadcast) {
	if n.outbox.follows(v.Sub.Chat.ID, bc.ID) {
		return
	}
	if id := n.sayReport(ctx, v, bc); id != 0 {
		n.outbox.watch(watcher{Speaker: v.Speaker, Place: talk.Place{Chat: v.Sub.Chat.ID, Message: id}, broadcasts: []int64{bc.ID}})
	}
}

// tellEnds tells admins of the broadcasts that have ended, also of those before a stop
// or crash. Only Serve runs it, so none is told twice.
func (n *notices) tellEnds(ctx context.Context) {
	ended, err := n.Store.UnreportedBroadcasts(ctx)
	if err != nil {
		n.Log.Error("admins cannot be told of the end of a broadcast", "err", err)
	}
	for _, bc := range ended {
		n.EachAdmin(ctx, func(v talk.Visit) {
			long := bc.FinishedAt.Sub(bc.CreatedAt) > longBroadcast
			if long || !n.outbox.follows(v.Sub.Chat.ID, bc.ID) {
				n.sayReport(ctx, v, bc)
			}
		})
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := n.Store.MarkReported(ctx, bc); err != nil {
			n.Log.Error("admins may be told of the end of a broadcast again", "err", err)
		}
	}
}

// tellPauses tells admins of broadcasts that have waited for them since before the
// start: it is not known whether they were told.
func (n *notices) tellPauses(ctx context.Context) {
	open, err := n.Store.UnfinishedBroadcasts(ctx)
	if err != nil {
		n.Log.Error("admins cannot be told of paused broadcasts", "err", err)
	}
	for _, bc := range open {
		if bc.State == subscribers.Paused && bc.Reason.Kind != subscribers.PausedByAdmin {
			n.announce(ctx, delivery.Event{Kind: delivery.EventPaused, Broadcast: bc})
		}
	}
}

// sayReport sends a report on a broadcast and returns the id of its message; 0: it did
// not arrive.
func (n *notices) sayReport(ctx context.Context, v talk.Visit, bc subscribers.Broadcast) int {
	r, err := n.broadcastReport(ctx, v.Speaker, bc)
	if err != nil {
		n.Log.Warn("a report cannot be made", "broadcast", bc.ID, "err", err)
		return 0
	}
	return n.Say(ctx, v, r.text, n.keysFor(v.User, r))
}

// sayRefused tells an admin of a message that goes out in another form than it was made.
func (n *notices) sayRefused(ctx context.Context, v talk.Visit, e delivery.Event) {
	issue, err := n.Store.Issue(ctx, e.Issue)
	if err != nil {
		n.Log.Warn("a report cannot be made", "issue", e.Issue, "err", err)
		return
	}
	said := talk.Values{"Issue": talk.IssueName(v.Speaker, issue), "Message": e.Message, "Reason": n.InShort(errors.New(e.Reason))}
	text := v.HTML("notice.simpler", said)
	switch {
	case e.Kind == delivery.EventRichRefused:
		text = v.HTML("notice.rich_refused", said)
	case e.Message == 0:
		text = v.HTML("notice.compact_refused", said)
	}
	n.Say(ctx, v, text, nil)
}

// sayPaused tells an admin that the program paused a broadcast, and why.
func (n *notices) sayPaused(ctx context.Context, v talk.Visit, e delivery.Event) {
	if e.Broadcast.Reason.Kind == subscribers.PausedAfterCanary {
		if err := n.Status(ctx, v, ""); err != nil {
			n.Log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		}
		return
	}
	issue, err := n.Store.Issue(ctx, e.Broadcast.IssueID)
	if err != nil {
		n.Log.Warn("a report cannot be made", "broadcast", e.Broadcast.ID, "err", err)
		return
	}
	n.Say(ctx, v, v.HTML("notice.paused", talk.Values{
		"Issue": talk.IssueName(v.Speaker, issue), "Reason": PauseReason(v.Speaker, e.Broadcast.Reason),
	}), nil)
}

// warnChatAdmins tells admins of a group or channel in private that the bot may not
// post there. It reaches only admins who have written to the bot.
func (n *notices) warnChatAdmins(ctx context.Context, e delivery.Event) {
	n.Log.Warn("a chat does not let the bot post", "chat", e.Chat.Chat.ID, "reason", e.Reason)
	n.TellChatAdmins(ctx, e.Chat.Chat.ID, func(v talk.Visit) string {
		return v.HTML("notice.not_allowed", talk.Values{"Chat": e.Chat.Title})
	})
}
