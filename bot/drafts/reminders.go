package drafts

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// Admins are reminded of an issue that waits for approval a day and an hour before the
// run of the schedule that would send it. A reminder is left out if it would come within
// so short a time after the issue or the run before that it says nothing new: where the
// schedule runs daily nobody is reminded a day before, and where it runs every hour not at
// all.

// reminder is how long before a run admins are reminded, and how far apart runs have to be
// for that.
type reminder struct{ before, apart time.Duration }

var reminders = [...]reminder{{24 * time.Hour, 48 * time.Hour}, {time.Hour, 3 * time.Hour}}

const (
	// lookEvery is how often the clock is compared with the schedule: it may be set.
	lookEvery = 10 * time.Minute
	// againAfter is how long Serve leaves a failing database alone.
	againAfter = time.Minute
)

// forgetEvery is how often old drafts are forgotten.
const forgetEvery = 24 * time.Hour

// Serve tells admins of issues that were found, reminds them, and forgets old drafts, until
// ctx is done.
func (d *Drafts) Serve(ctx context.Context) {
	var forgotten time.Time // when old drafts were
	for {
		if now := time.Now(); now.Sub(forgotten) >= forgetEvery {
			if err := d.Store.ForgetDrafts(ctx); err != nil && ctx.Err() == nil {
				d.Log.Error("old drafts are not forgotten", "err", err)
			}
			forgotten = now
		}
		again := lookEvery
		if err := d.tellFound(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("admins are not told of an issue", "err", err)
			again = againAfter
		}
		wait, err := d.remind(sender.ForAdmin(ctx), time.Now())
		if err != nil && ctx.Err() == nil {
			d.Log.Error("admins cannot be reminded of an issue that waits for approval", "err", err)
			again = againAfter
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-time.After(min(wait, again)):
		}
	}
}

// remind gives the reminder that is due, if there is one, and returns how long there is
// none.
func (d *Drafts) remind(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	if d.NextRun == nil {
		return lookEvery, nil
	}
	run := d.NextRun(now)
	if run.IsZero() {
		return lookEvery, nil
	}
	held, err := d.Store.HeldNewest(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return lookEvery, nil
	}
	if err != nil {
		return lookEvery, err
	}
	given := 0
	if held.RemindedFor.Equal(run) {
		given = held.Reminders
	}
	due := dueReminders(held.Since, now, run, d.NextRun(run).Sub(run))
	if due <= given {
		return untilNext(now, run), nil
	}
	if err := d.Store.NoteReminder(ctx, held.ID, run, due); err != nil {
		return lookEvery, err
	}
	d.config.EachAdmin(ctx, func(v talk.Visit) {
		what := talk.Values{"Issue": talk.IssueName(v.Speaker, held.Issue), "When": v.Moment(run)}
		text := v.HTML("hold.reminder", what)
		if due == len(reminders) {
			text = v.HTML("hold.soon", what)
		}
		d.Say(ctx, v, text, talk.Keyboard{
			talk.Row(talk.Button(v.Plain("button.approve"), talk.ActApprove, held.ID, int64(held.Edition))),
			talk.Row(talk.Button(v.Plain("button.ask_withdraw"), talk.ActAskWithdraw, held.ID)),
		})
	})
	return lookEvery, nil
}

// dueReminders returns how many of the reminders before a run are due by now, for an issue
// that waits since a time: the last one counts, and those before it are not made up for.
// Runs are so far apart.
func dueReminders(since, now, run time.Time, apart time.Duration) (due int) {
	for i, r := range reminders {
		at := run.Add(-r.before)
		if apart >= r.apart && !at.After(now) && since.Before(at) {
			due = i + 1
		}
	}
	return due
}

// untilNext returns how long it takes until the next reminder before a run may be due.
func untilNext(now, run time.Time) time.Duration {
	for _, r := range reminders {
		if at := run.Add(-r.before); at.After(now) {
			return at.Sub(now)
		}
	}
	return lookEvery
}
