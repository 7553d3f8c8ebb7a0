package desk

import (
	"context"
	"time"

	"digestbot/bot/talk"
)

// asOf is what a live report was made from. A broadcast that waits for readers' own
// times does so for days, and a report that says the same need not be made again.
type asOf struct {
	version int64     // of the database; 0: nothing is known
	nextRun time.Time // of the schedule
	wrong   string    // what is wrong, in the watcher's language
	until   time.Time // as in report
}

// asOf is what a report would be made from now. While messages are sent each report
// is another one.
func (d *reports) asOf(ctx context.Context, s talk.Speaker) (now asOf) {
	if _, busy := d.Broadcaster.Progress(); busy {
		return asOf{}
	}
	version, err := d.Store.Version(ctx)
	if err != nil {
		return asOf{} // making the report meets the same error
	}
	now.version, now.wrong = version, d.troubleLines(s)
	if d.NextRun != nil {
		now.nextRun = d.NextRun()
	}
	return now
}

// isUpToDate tells whether a watcher's message would say the same.
func (d *reports) isUpToDate(ctx context.Context, w watcher) bool {
	if w.asOf.version == 0 || !w.asOf.until.IsZero() && !time.Now().Before(w.asOf.until) {
		return false
	}
	now := d.asOf(ctx, w.Speaker)
	return now.version == w.asOf.version && now.nextRun.Equal(w.asOf.nextRun) && now.wrong == w.asOf.wrong
}

// settle notes what a watcher's message, which says what it should, is made from.
func (o *outbox) settle(w watcher, from asOf) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.watchers {
		if o.watchers[i].Place == w.Place && o.watchers[i].shown == w.shown {
			o.watchers[i].asOf = from
		}
	}
}

// sooner is the earlier of two times; a zero one is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
