package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"digestbot/subscribers"
)

// RunSchedule does what is due when the clock has come to a time of the
// schedule: the newest issue is broadcast, unless it was before. When nothing is
// sent, admins are told why. After an error it has done nothing.
func (b *Desk) RunSchedule(ctx context.Context, due time.Time) error {
	return b.decided(b.store.RunSchedule(ctx, due))
}

// CatchUp is RunSchedule for a time that was passed over. It does nothing when
// that run is on record.
func (b *Desk) CatchUp(ctx context.Context, due time.Time) error {
	return b.decided(b.store.CatchUpSchedule(ctx, due))
}

// RunMissed tells admins of a run that came too late, with a button to make up
// for it, if it would have sent something and is not on record.
func (b *Desk) RunMissed(ctx context.Context, due time.Time) error {
	return b.decided(b.store.GiveUpSchedule(ctx, due))
}

// decided sets off what a run has decided on.
func (b *Desk) decided(r subscribers.ScheduleRun, err error) error {
	if err != nil {
		return err
	}
	b.broadcaster.Wake()
	if r.Outcome != subscribers.RunStarted {
		b.log.Info("the schedule sends nothing", "scheduled", r.Due, "why", r.Outcome, "issue", r.IssueID)
	}
	if !r.Told {
		b.outbox.later(b.tellRuns)
	}
	return nil
}

// maxPassedOver bounds the issues that are named.
const maxPassedOver = 20

// tellPassedOver tells admins of issues that never went out, now that a newer one
// does.
func (b *Desk) tellPassedOver(ctx context.Context, issue int64) {
	over, err := b.store.PassedOver(ctx, issue, maxPassedOver)
	if err != nil {
		b.log.Error("issues that were passed over cannot be told of", "err", err)
	}
	if len(over) == 0 {
		return
	}
	b.eachAdmin(ctx, func(v visit) {
		names := make([]string, len(over))
		for i, one := range over {
			names[i] = b.issueName(v.speaker, one)
		}
		b.say(ctx, v, v.html("run.passed_over", values{"Issues": markup(lines(names...))}), nil)
	})
}

// maxRunsTold bounds what admins are told of runs when Telegram is back after a
// long time.
const maxRunsTold = 3

// tellRuns tells admins of the runs that sent nothing or passed issues over, also of
// those before a stop or crash. It is called by the desk alone, so none is told twice.
func (b *Desk) tellRuns(ctx context.Context) {
	runs, err := b.store.UntoldRuns(ctx, maxRunsTold)
	if err != nil {
		b.log.Error("admins cannot be told of the schedule", "err", err)
		return
	}
	for _, r := range runs {
		if r.Outcome == subscribers.RunStarted {
			b.tellPassedOver(ctx, r.IssueID)
		} else {
			b.eachAdmin(ctx, func(v visit) { b.sayRun(ctx, v, r) })
		}
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := b.store.RunTold(ctx, r.Due); err != nil {
			b.log.Error("admins may be told of the schedule again", "err", err)
		}
	}
}

// sayRun tells an admin why a run sent nothing.
func (b *Desk) sayRun(ctx context.Context, v visit, r subscribers.ScheduleRun) {
	why, err := b.whyNothing(ctx, v.speaker, r)
	if err != nil {
		b.log.Warn("a reason cannot be given", "scheduled", r.Due, "why", r.Outcome, "err", err)
	}
	heading := v.html("run.nothing", values{"When": v.moment(r.Due)})
	var k keyboard
	switch r.Outcome {
	case subscribers.RunMissed, subscribers.RunUnsure:
		heading = v.html("run.missed", values{"When": v.moment(r.Due)})
		k = keyboard{row(button(v.plain("button.ask_send"), actAskSend))}
	case subscribers.RunNoIssue, subscribers.RunNothingNew:
		ahead, err := b.aheadLine(ctx, v.speaker)
		if err != nil {
			b.log.Error("issues dated ahead cannot be read", "err", err)
		}
		why = paragraphs(why, ahead, b.sourceTroubles(v.speaker))
	}
	b.say(ctx, v, paragraphs(heading, why), k)
}

// sourceTroubles says what may be why there is no new issue; empty: nothing.
func (b *Desk) sourceTroubles(s speaker) string {
	var all []string
	for _, t := range b.troubles.all() {
		if strings.HasPrefix(t.key, ofSource) {
			all = append(all, t.begins(s))
		}
	}
	return paragraphs(all...)
}

// whyNothing is the reason for which a run sent nothing.
func (b *Desk) whyNothing(ctx context.Context, s speaker, r subscribers.ScheduleRun) (string, error) {
	if r.IssueID == 0 {
		return s.html("run.no_issue"), nil
	}
	issue, err := b.store.Issue(ctx, r.IssueID)
	if err != nil {
		return "", err
	}
	said := values{"Issue": markup(b.issueName(s, issue))}
	switch r.Outcome {
	case subscribers.RunMissed:
		return s.html("run.too_late", said), nil
	case subscribers.RunUnsure:
		return s.html("run.unsure", said), nil
	case subscribers.RunNobody:
		counts, err := b.store.CountSubscribers(ctx)
		if err == nil && counts[subscribers.On] > 0 {
			return s.html("run.nobody_left", said), nil
		}
		return s.html("run.nobody", said), err
	}
	last, err := b.store.BroadcastSince(ctx, issue.ID, time.Unix(0, 0))
	if errors.Is(err, subscribers.ErrNotFound) {
		return s.html("run.had_newer", said), nil
	}
	said["When"] = s.moment(last.CreatedAt)
	return s.html(broadcastBefore(last), said), err
}

// broadcastBefore is the key of what is said of an issue that is not sent again.
func broadcastBefore(last subscribers.Broadcast) string {
	switch {
	case last.State == subscribers.Paused:
		return "run.is_paused"
	case last.State == subscribers.Cancelled:
		return "run.was_cancelled"
	case last.State == subscribers.Running:
		return "run.is_running"
	case last.Source == subscribers.Admin:
		return "run.sent_by_admin"
	}
	return "run.was_sent"
}

// pressAskSend asks whether to broadcast, as /broadcast does: what the message
// with the button says may be long ago.
func (b *Desk) pressAskSend(_ context.Context, p press) (reply, error) {
	return reply{then: func(ctx context.Context) error { return b.askBroadcast(ctx, p.visit, "") }}, nil
}
