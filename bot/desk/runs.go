package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// RunSchedule does what is due at a time of the schedule: it broadcasts the newest
// issue, unless that was done before. When nothing is sent, admins are told why. After
// an error it has done nothing.
func (n *notices) RunSchedule(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.RunSchedule(ctx, due))
}

// CatchUp is RunSchedule for a time that was missed. It does nothing if that run is on
// record.
func (n *notices) CatchUp(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.CatchUpSchedule(ctx, due))
}

// RunMissed tells admins of a run that came too late to be made up for, with a button
// that asks whether to send all the same. It does nothing if the run would have sent
// nothing or is on record.
func (n *notices) RunMissed(ctx context.Context, due time.Time) error {
	return n.concludeRun(n.Store.GiveUpSchedule(ctx, due))
}

// concludeRun starts what a run has decided, and has admins told of it.
func (n *notices) concludeRun(r subscribers.ScheduleRun, err error) error {
	if err != nil {
		return err
	}
	n.Broadcaster.Wake()
	if r.Outcome != subscribers.RunStarted {
		n.Log.Info("the schedule sends nothing", "scheduled", r.Due, "outcome", r.Outcome, "issue", r.IssueID)
	}
	if !r.Told {
		n.outbox.enqueue(n.tellRuns)
	}
	return nil
}

// maxPassedOver bounds the issues that one notice names.
const maxPassedOver = 20

// tellPassedOver tells admins of issues that never went out before a newer one did.
func (n *notices) tellPassedOver(ctx context.Context, issue int64) {
	over, err := n.Store.PassedOver(ctx, issue, maxPassedOver)
	if err != nil && ctx.Err() == nil { // else the bot ends
		n.Log.Error("admins cannot be told of issues that were passed over", "err", err)
	}
	if len(over) == 0 {
		return
	}
	n.EachAdmin(ctx, func(v talk.Visit) {
		names := make([]string, len(over))
		for i, one := range over {
			names[i] = string(talk.IssueName(v.Speaker, one))
		}
		n.Say(ctx, v, v.HTML("run.passed_over", talk.Values{"Issues": talk.SafeHTML(talk.Lines(names...))}), nil)
	})
}

// maxRunsTold bounds the runs that admins are told of when Telegram is back after a
// long time.
const maxRunsTold = 3

// tellRuns tells admins of the runs that sent nothing or passed issues over, also of
// those before a stop or crash. Only Serve runs it, so none is told twice.
func (n *notices) tellRuns(ctx context.Context) {
	runs, err := n.Store.TakeUntoldRuns(ctx, maxRunsTold)
	if ctx.Err() != nil {
		return // at a stop; the next start tells them
	}
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
		n.Log.Warn("it is not known why the schedule sent nothing", "scheduled", r.Due, "outcome", r.Outcome, "err", err)
	}
	heading := v.HTML("run.nothing", talk.Values{"When": v.Moment(r.Due)})
	var k talk.Keyboard
	switch r.Outcome {
	case subscribers.RunRestored:
		heading = v.HTML("run.restored", talk.Values{"When": v.Moment(r.Due), "AsOf": v.Moment(r.AsOf)})
		if r.IssueID != 0 {
			k = talk.Keyboard{talk.Row(talk.Button(v.Plain("button.ask_send"), talk.ActAskSend))}
		}
	case subscribers.RunMissed, subscribers.RunUnsure, subscribers.RunAfterRestore:
		heading = v.HTML("run.missed", talk.Values{"When": v.Moment(r.Due)})
		k = talk.Keyboard{talk.Row(talk.Button(v.Plain("button.ask_send"), talk.ActAskSend))}
	case subscribers.RunHeld:
		if issue, err := n.Store.Issue(ctx, r.IssueID); err == nil && issue.Held {
			k = approveKeyboard(v.Speaker, issue)
		}
	case subscribers.RunNoIssue, subscribers.RunNothingNew:
		ahead, err := n.aheadLine(ctx, v.Speaker)
		if err != nil {
			n.Log.Error("issues dated ahead cannot be read", "err", err)
		}
		why = talk.Paragraphs(why, ahead, n.troubleText(v.Speaker, troubleSource)) // which may be why
	}
	n.Say(ctx, v, talk.Paragraphs(heading, why), k)
}

// whyNothing says why a run sent nothing.
func (n *notices) whyNothing(ctx context.Context, s talk.Speaker, r subscribers.ScheduleRun) (string, error) {
	switch {
	case r.IssueID == 0 && r.Outcome == subscribers.RunRestored:
		return "", nil
	case r.IssueID == 0:
		return s.HTML("run.no_issue"), nil
	}
	issue, err := n.Store.Issue(ctx, r.IssueID)
	if err != nil {
		return "", err
	}
	said := talk.Values{"Issue": talk.IssueName(s, issue)}
	switch r.Outcome {
	case subscribers.RunMissed:
		return s.HTML("run.too_late", said), nil
	case subscribers.RunUnsure:
		return s.HTML("run.unsure", said), nil
	case subscribers.RunRestored, subscribers.RunAfterRestore:
		return s.HTML("run.maybe_sent", said), nil
	case subscribers.RunHeld:
		return s.HTML("hold.run", said), nil
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

// broadcastBefore is the key of the text that says why an issue is not sent again.
func broadcastBefore(last subscribers.Broadcast) string {
	switch {
	case last.State == subscribers.Paused:
		return "run.is_paused"
	case last.State == subscribers.Cancelled:
		return "run.was_cancelled"
	case last.State == subscribers.Running:
		return "run.is_running"
	case last.Trigger == subscribers.Admin:
		return "run.sent_by_admin"
	}
	return "run.was_sent"
}
