package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// basis is what a live report was made from. A broadcast may wait for days for readers'
// own times, and a report that would say the same is not made again.
type basis struct {
	version int64     // of the database; 0: nothing is known
	nextRun time.Time // of the schedule
	wrong   string    // the troubles, in the watcher's language
	until   time.Time // as in report
}

// basisNow is what a report would be made from now. While messages are sent it is nothing:
// every report differs from the one before.
func (r *reports) basisNow(ctx context.Context, s talk.Speaker) (now basis) {
	if _, busy := r.Broadcaster.Tally(); busy {
		return basis{}
	}
	version, err := r.Store.Version(ctx)
	if err != nil {
		return basis{} // making the report meets the same error
	}
	now.version, now.wrong = version, r.troubleText(s, "")
	now.nextRun = r.NextBroadcast()
	return now
}

// isUpToDate reports whether a watcher's message would say the same if made anew.
func (r *reports) isUpToDate(ctx context.Context, w watcher) bool {
	if w.basis.version == 0 || !w.basis.until.IsZero() && !time.Now().Before(w.basis.until) {
		return false
	}
	now := r.basisNow(ctx, w.Speaker)
	return now.version == w.basis.version && now.nextRun.Equal(w.basis.nextRun) && now.wrong == w.basis.wrong
}

// sooner is the earlier of two times; a zero one is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// updateAll brings live reports up to date and returns after how long to do so again;
// 0: when something happens.
func (r *reports) updateAll(ctx context.Context, watchers []watcher) (again time.Duration) {
	if len(watchers) == 0 {
		return 0
	}
	waits := make([]time.Duration, len(watchers))
	var updates sync.WaitGroup // each waits for its own turn
	for i, w := range watchers {
		updates.Go(func() { waits[i] = r.update(ctx, w) })
	}
	updates.Wait()
	again = r.reportInterval()
	for _, wait := range waits {
		if wait > 0 {
			again = min(again, wait)
		}
	}
	return again
}

// idleReportEvery is how often live reports are brought up to date while nothing is
// sent: a broadcast may wait for days for readers' own times.
const idleReportEvery = time.Minute

// reportInterval is how often live reports are brought up to date now.
func (r *reports) reportInterval() time.Duration {
	if _, busy := r.Broadcaster.Tally(); busy {
		return talk.ReportEvery
	}
	return idleReportEvery
}

// tooEarly is how long a live report must wait for its next change: talk.ReportEvery
// after the last one, or talk.EditEvery if it is the end.
func (r *reports) tooEarly(w watcher, over bool) time.Duration {
	gap := talk.ReportEvery
	if over {
		gap = talk.EditEvery
	}
	return max(r.Screens.Delay(w.Place, gap), time.Until(w.since.Add(gap)))
}

// update brings one live report up to date, or returns how long it is too early for
// that. When all its broadcasts are over the report is shown once more and then stays.
func (r *reports) update(ctx context.Context, w watcher) (wait time.Duration) {
	if !r.IsBotAdmin(w.Place.Chat) { // an editor who was removed
		r.outbox.unwatch(w.Place)
		return 0
	}
	ctx, done, ok := r.outbox.edit(ctx, w.Place)
	defer done()
	if !ok || r.isUpToDate(ctx, w) {
		return 0
	}
	now := r.basisNow(ctx, w.Speaker)
	made, err := r.render(ctx, w)
	if err == nil && made.text != w.shown {
		if wait := r.tooEarly(w, made.over); wait > 0 {
			return wait
		}
		err = r.Sender.EditInBackground(ctx, w.Place.Chat, func() *tg.EditMessageTextParams {
			r.Screens.NoteEdit(w.Place)
			// It may have waited for long: show what is true now.
			if fresh, err := r.render(ctx, w); err == nil {
				made = fresh
			}
			return talk.EditParams(w.Place, made.text, r.keysFor(w.Place.Chat, made))
		})
		r.Screens.NoteEdit(w.Place)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, sender.ErrNoRoom): // the next round tries again
	case err != nil && sender.Classify(err).Kind != sender.Sent:
		r.Log.Warn("a live report ends", "broadcasts", w.broadcasts, "err", err)
		r.outbox.unwatch(w.Place)
	case made.text != w.shown:
		r.outbox.noteText(w, made.text)
	case made.over: // and it has been shown
		r.outbox.unwatch(w.Place)
	default:
		now.until = made.until
		r.outbox.noteBasis(w, now)
	}
	return 0
}
