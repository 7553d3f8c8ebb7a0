package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// RunSchedule does what is due when the clock has come to a time of the
// schedule: the newest issue is broadcast, unless it was before. When nothing is
// sent, admins are told why. After an error it has done nothing.
func (n *notices) RunSchedule(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.RunSchedule(ctx, due))
}

// CatchUp is RunSchedule for a time that was passed over. It does nothing when
// that run is on record.
func (n *notices) CatchUp(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.CatchUpSchedule(ctx, due))
}

// RunMissed tells admins of a run that came too late, with a button to make up
// for it, if it would have sent something and is not on record.
func (n *notices) RunMissed(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.GiveUpSchedule(ctx, due))
}

// decided sets off what a run has decided on.
func (n *notices) concludeRun(r subscribers.ScheduleRun, err error) error {
	if err != nil {
		return err
	}
	n.Broadcaster.Wake()
	if r.Outcome != subscribers.RunStarted {
		n.Log.Info("the schedule sends nothing", "scheduled", r.Due, "why", r.Outcome, "issue", r.IssueID)
	}
	if !r.Told {
		n.outbox.later(n.tellRuns)
	}
	return nil
}

// maxPassedOver bounds the issues that are named.
const maxPassedOver = 20

// tellPassedOver tells admins of issues that never went out, now that a newer one
// does.
func (n *notices) tellPassedOver(ctx context.Context, issue int64) {
	over, err := n.Store.PassedOver(ctx, issue, maxPassedOver)
	if err != nil {
		n.Log.Error("issues that were passed over cannot be told of", "err", err)
	}
	if len(over) == 0 {
		return
	}
	n.EachAdmin(ctx, func(v talk.Visit) {
		names := make([]string, len(over))
		for i, one := range over {
			names[i] = n.IssueName(v.Speaker, one)
		}
		n.Say(ctx, v, v.HTML("run.passed_over", talk.Values{"Issues": talk.Markup(talk.Lines(names...))}), nil)
	})
}

// maxRunsTold bounds what admins are told of runs when Telegram is back after a
// long time.
const maxRunsTold = 3

// tellRuns tells admins of the runs that sent nothing or passed issues over, also of
// those before a stop or crash. It is called by the desk alone, so none is told twice.
func (n *notices) tellRuns(ctx context.Context) {
	runs, err := n.Store.TakeUntoldRuns(ctx, maxRunsTold)
	if err != nil {
		n.Log.Error("admins cannot be told of the schedule", "err", err)
		return
	}
	for _, r := range runs {
		if r.Outcome == subscribers.RunStarted {
			n.tellPassedOver(ctx, r.IssueID)
		} else {
			n.EachAdmin(ctx, func(v talk.Visit) { n.sayRun(ctx, v, r) })
		}
		if ctx.Err() != nil {
			return // the next start tells it
		}
		if err := n.Store.MarkRunTold(ctx, r.Due); err != nil {
			n.Log.Error("admins may be told of the schedule again", "err", err)
		}
	}
}

// sayRun tells an admin why a run sent nothing.
func (n *notices) sayRun(ctx context.Context, v talk.Visit, r subscribers.ScheduleRun) {
	why, err := n.whyNothing(ctx, v.Speaker, r)
	if err != nil {
		n.Log.Warn("a reason cannot be given", "scheduled", r.Due, "why", r.Outcome, "err", err)
	}
	heading := v.HTML("run.nothing", talk.Values{"When": v.Moment(r.Due)})
	var k talk.Keyboard
	switch r.Outcome {
	case subscribers.RunMissed, subscribers.RunUnsure:
		heading = v.HTML("run.missed", talk.Values{"When": v.Moment(r.Due)})
		k = talk.Keyboard{talk.Row(talk.Button(v.Plain("button.ask_send"), talk.ActAskSend))}
	case subscribers.RunNoIssue, subscribers.RunNothingNew:
		ahead, err := n.aheadLine(ctx, v.Speaker)
		if err != nil {
			n.Log.Error("issues dated ahead cannot be read", "err", err)
		}
		why = talk.Paragraphs(why, ahead, n.sourceTroubles(v.Speaker))
	}
	n.Say(ctx, v, talk.Paragraphs(heading, why), k)
}

// sourceTroubles says what may be why there is no new issue; empty: nothing.
func (n *notices) sourceTroubles(s talk.Speaker) string {
	var all []string
	for _, t := range n.Troubles.all() {
		if strings.HasPrefix(t.key, ofSource) {
			all = append(all, t.Begins(s))
		}
	}
	return talk.Paragraphs(all...)
}

// whyNothing is the reason for which a run sent nothing.
func (n *notices) whyNothing(ctx context.Context, s talk.Speaker, r subscribers.ScheduleRun) (string, error) {
	if r.IssueID == 0 {
		return s.HTML("run.no_issue"), nil
	}
	issue, err := n.Store.Issue(ctx, r.IssueID)
	if err != nil {
		return "", err
	}
	said := talk.Values{"Issue": talk.Markup(n.IssueName(s, issue))}
	switch r.Outcome {
	case subscribers.RunMissed:
		return s.HTML("run.too_late", said), nil
	case subscribers.RunUnsure:
		return s.HTML("run.unsure", said), nil
	case subscribers.RunNobody:
		counts, err := n.Store.CountSubscribers(ctx)
		if err == nil && counts[subscribers.On] > 0 {
			return s.HTML("run.nobody_left", said), nil
		}
		return s.HTML("run.nobody", said), err
	}
	last, err := n.Store.BroadcastSince(ctx, issue.ID, time.Unix(0, 0))
	if errors.Is(err, subscribers.ErrNotFound) {
		return s.HTML("run.had_newer", said), nil
	}
	said["When"] = s.Moment(last.CreatedAt)
	return s.HTML(broadcastBefore(last), said), err
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
