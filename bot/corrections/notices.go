package corrections

import (
	"context"
	"time"

	"digestbot/bot/revision"
	"digestbot/bot/talk"
)

// Notify tells admins of an event of revisions, when its turn comes.
func (c *Corrections) Notify(_ context.Context, e revision.Event) {
	c.config.Enqueue(func(ctx context.Context) {
		switch e.Kind {
		case revision.EventStarted: // by another admin, or anew after a stop
			c.sayToOthers(ctx, e.Revision.ID)
		case revision.EventPaused:
			c.config.EachAdmin(ctx, func(v talk.Visit) { c.sayReport(ctx, v, e.Revision.ID) })
		case revision.EventFinished:
			c.tellEnds(ctx)
		}
	})
}

// sayToOthers sends a live report to the admins who do not have one.
func (c *Corrections) sayToOthers(ctx context.Context, id int64) {
	c.config.EachAdmin(ctx, func(v talk.Visit) {
		if !c.follows(v.Sub.Chat.ID, id) {
			c.sayReport(ctx, v, id)
		}
	})
}

// sayReport sends an admin the report of a revision, and keeps it up to date.
func (c *Corrections) sayReport(ctx context.Context, v talk.Visit, id int64) {
	text, k, r, err := c.report(ctx, v.Speaker, id)
	if err != nil {
		c.Log.Warn("a report cannot be made", "revision", id, "err", err)
		return
	}
	if message := c.Say(ctx, v, text, k); message != 0 && r.FinishedAt.IsZero() {
		c.watch(talk.Place{Chat: v.Sub.Chat.ID, Message: message}, watcher{Speaker: v.Speaker, revision: id, shown: text})
	}
}

// longRevision is how long a revision takes before its end is worth a message of its own:
// an edit makes no sound.
const longRevision = time.Minute

// tellEnds tells admins of the revisions that have ended, also of those before a stop or
// crash. One notice is given after the other, so none is told twice.
func (c *Corrections) tellEnds(ctx context.Context) {
	ended, err := c.Store.UnreportedRevisions(ctx)
	if err != nil {
		c.Log.Error("admins cannot be told of the end of a revision", "err", err)
	}
	for _, r := range ended {
		if r.FinishedAt.Sub(r.CreatedAt) > longRevision {
			c.config.EachAdmin(ctx, func(v talk.Visit) { c.sayReport(ctx, v, r.ID) })
		} else {
			c.sayToOthers(ctx, r.ID)
		}
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := c.Store.MarkRevisionReported(ctx, r.ID); err != nil {
			c.Log.Error("admins may be told of the end of a revision again", "err", err)
		}
	}
}
