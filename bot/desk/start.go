package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// questionLife is how long a question whether to broadcast can be answered: after that
// it may no longer be true.
const questionLife = time.Hour

// PressSend starts the broadcast that a question is about. The second press, a press
// long after the question, and one after the answer was no do not start one.
func (d *Desk) PressSend(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue := p.Numbers[0]
	if time.Since(p.Published) > questionLife {
		return alertReply(p.Plain("broadcast.old_question")), nil
	}
	if r, after, err := d.ReplyAfterNo(ctx, p, talk.ActSend, d.notSentReply(p)); after || err != nil {
		return r, err
	}
	last, err := d.Store.BroadcastSince(ctx, issue, p.Published)
	if err == nil { // it started after the question was asked, so that is answered
		return d.followReply(p, last, startedText(p.Speaker, last)), nil
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return talk.Reply{}, err
	}
	started, err := d.startBroadcast(ctx, p)
	if err != nil {
		return d.notStartedReply(ctx, p, err)
	}
	r := d.followReply(p, started, "")
	d.Broadcaster.Wake()
	return r, nil
}

// startedText says that a question was answered with yes before.
func startedText(s talk.Speaker, bc subscribers.Broadcast) string {
	if bc.State == subscribers.Running || bc.State == subscribers.Paused {
		return s.Plain("broadcast.under_way")
	}
	return s.Plain("broadcast.is_over")
}

// alertReply is the reply with a popup that the admin has to close.
func alertReply(text string) talk.Reply { return talk.Reply{Popup: text, Alert: true} }

// notStartedReply is the reply that says why a broadcast did not start.
func (d *Desk) notStartedReply(ctx context.Context, p talk.Press, err error) (talk.Reply, error) {
	switch {
	case errors.Is(err, subscribers.ErrNothingToSend):
		return alertReply(p.Plain("broadcast.everybody_has_it")), nil
	case errors.Is(err, subscribers.ErrRunning): // another admin was a moment faster
		running, err := d.Store.LastBroadcast(ctx)
		if err != nil || running.IssueID != p.Numbers[0] {
			return alertReply(p.Plain("broadcast.under_way")), err
		}
		return d.followReply(p, running, p.Plain("broadcast.under_way")), nil
	case errors.Is(err, archive.ErrWithdrawn):
		return talk.WithdrawnReply(p), nil
	case errors.Is(err, archive.ErrHeld): // it was found anew, or the press is made up
		return alertReply(p.Plain("hold.first")), nil
	case errors.Is(err, subscribers.ErrAggregated):
		return alertReply(p.Plain("broadcast.too_old")), nil
	case errors.Is(err, subscribers.ErrNotFound):
		return alertReply(p.Plain("broadcast.old_question")), nil
	}
	return talk.Reply{}, err
}

// startBroadcast starts the broadcast that a press asks for. The admin who asks for a canary
// is the first in it. One to whom the broadcast would not bring the issue gets it besides the
// books, in place of one of the others.
func (d *Desk) startBroadcast(ctx context.Context, p talk.Press) (bc subscribers.Broadcast, err error) {
	issue := p.Numbers[0]
	if p.Action != talk.ActCanary {
		return d.Store.StartBroadcast(ctx, issue, p.Actor())
	}
	first, err := d.BotAdmins(ctx)
	if err != nil {
		return bc, err
	}
	bc, included, err := d.Store.StartCanary(ctx, issue, p.Actor(), canaries, first)
	if err != nil || included {
		return bc, err
	}
	if _, err := d.Broadcaster.Try(ctx, delivery.Trial{Issue: issue, Subscriber: p.Sub.ID, As: asReader}); err != nil {
		d.Log.Error("an admin does not get the issue of a canary", "chat", p.User, "issue", issue, "err", err)
	}
	return bc, nil
}

// asReader has somebody who is not subscribed get an issue as a new reader does.
func asReader(to *subscribers.Recipient) {
	if to.State != subscribers.On {
		*to = subscribers.Recipient{Subscriber: to.Subscriber}
		to.Choices = subscribers.Choices{ChosenLanguage: to.ChosenLanguage}
	}
}

// PressTrial sends an issue to the admin who asks whether to broadcast it, and asks again
// below it.
func (d *Desk) PressTrial(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	if issue.Withdrawn {
		return talk.WithdrawnReply(p), nil
	}
	started, err := d.Broadcaster.Try(ctx, delivery.Trial{Issue: issue.ID, Subscriber: p.Sub.ID, As: asReader, Over: func(whole bool) {
		d.Enqueue(func(ctx context.Context) {
			if err := d.askAfterTrial(ctx, p.Visit, issue.ID, whole); err != nil {
				d.SayFailure(ctx, p.Visit, err)
			}
		})
	}})
	if err != nil || !started {
		return talk.Reply{Popup: p.Plain("press.on_its_way")}, err
	}
	err = d.Store.Audit(ctx, subscribers.AuditEntry{By: p.Actor(), Deed: subscribers.DeedTrial, On: subscribers.Subject{Issue: issue.ID}})
	return talk.Reply{Popup: p.Plain("press.on_its_way")}, err
}

// askAfterTrial says what the messages above are, and asks whether to broadcast the issue.
func (d *Desk) askAfterTrial(ctx context.Context, v talk.Visit, id int64, whole bool) error {
	if !d.IsBotAdmin(v.User) { // an editor who was removed
		return nil
	}
	v, err := d.Refreshed(ctx, v)
	if err != nil {
		return err
	}
	issue, err := d.Store.Issue(ctx, id)
	if err != nil {
		return err
	}
	said := v.HTML("trial.stranger")
	switch {
	case !whole:
		said = v.HTML("trial.failed")
	case v.Sub.State == subscribers.On:
		said = v.HTML("trial.subscriber")
	}
	if issue.Withdrawn { // meanwhile
		d.Say(ctx, v, talk.Paragraphs(said, v.HTML("issue.withdrawn")), nil)
		return nil
	}
	if issue.IsAhead() {
		said = talk.Paragraphs(said, v.HTML("ahead.anyway", d.aheadValues(v.Speaker, issue)))
	}
	return d.askAbout(ctx, v, issue, said, nil)
}

// PressDontSend answers the question whether to broadcast with no, unless it was
// answered with yes.
func (d *Desk) PressDontSend(ctx context.Context, p talk.Press) (talk.Reply, error) {
	started, err := d.Store.BroadcastSince(ctx, p.Numbers[0], p.Published)
	if err == nil {
		return d.followReply(p, started, startedText(p.Speaker, started)), nil
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return talk.Reply{}, err
	}
	err = d.Store.DismissQuestion(ctx, p.Question(talk.ActSend))
	return d.notSentReply(p), err
}

// notSentReply is the reply that says that nothing is sent.
func (d *Desk) notSentReply(p talk.Press) talk.Reply {
	return d.issueReply(p, func(name talk.Values) string { return p.HTML("broadcast.not_sent", name) })
}
