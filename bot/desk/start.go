package desk

import (
	"context"
	"errors"
	"time"

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
		return d.followReply(p, last, p.Plain("broadcast.under_way")), nil
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
	case errors.Is(err, subscribers.ErrAggregated):
		return alertReply(p.Plain("broadcast.too_old")), nil
	case errors.Is(err, subscribers.ErrNotFound):
		return alertReply(p.Plain("broadcast.old_question")), nil
	}
	return talk.Reply{}, err
}

// startBroadcast starts the broadcast that a press asks for.
func (d *Desk) startBroadcast(ctx context.Context, p talk.Press) (subscribers.Broadcast, error) {
	if p.Action == talk.ActCanary {
		return d.Store.StartCanary(ctx, p.Numbers[0], p.User, canaries, d.Admins)
	}
	return d.Store.StartBroadcast(ctx, p.Numbers[0], p.User)
}

// PressDontSend answers the question whether to broadcast with no, unless it was
// answered with yes.
func (d *Desk) PressDontSend(ctx context.Context, p talk.Press) (talk.Reply, error) {
	started, err := d.Store.BroadcastSince(ctx, p.Numbers[0], p.Published)
	if err == nil {
		return d.followReply(p, started, p.Plain("broadcast.under_way")), nil
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
