package desk

import (
	"context"
	"errors"
	"slices"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// PressRefresh brings the status up to date.
func (d *Desk) PressRefresh(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Show: func(ctx context.Context) error { return d.showReport(ctx, p, 0) }}, nil
}

// followReply makes the message with the button the live report of a broadcast.
func (d *Desk) followReply(p talk.Press, bc subscribers.Broadcast, popup string) talk.Reply {
	d.outbox.watch(watcher{Place: p.Place(), broadcasts: []int64{bc.ID}, Speaker: p.Speaker})
	return talk.Reply{Popup: popup, Show: func(ctx context.Context) error { return d.showReport(ctx, p, bc.ID) }}
}

// PressCancel cancels a broadcast, unless the question whether to cancel it was answered
// with no.
func (d *Desk) PressCancel(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if r, after, err := d.ReplyAfterNo(ctx, p, talk.ActCancel, d.reportReply(p, "")); after || err != nil {
		return r, err
	}
	return d.PressControl(ctx, p)
}

// PressControl pauses, resumes or cancels a broadcast.
func (d *Desk) PressControl(ctx context.Context, p talk.Press) (talk.Reply, error) {
	id := p.Numbers[0]
	var changed bool
	var err error
	var popup string
	switch p.Action {
	case talk.ActPauseBroadcast:
		changed, err = d.Store.PauseBroadcast(ctx, id, p.Actor())
		popup = p.Plain("status.paused")
	case talk.ActResumeBroadcast:
		changed, err = d.Store.ResumeBroadcast(ctx, id, p.Actor())
		popup = p.Plain("status.resumed")
	default: // talk.ActCancel
		changed, err = d.Store.CancelBroadcast(ctx, id, p.Actor())
		popup = p.Plain("status.cancelled")
	}
	if err != nil {
		return talk.Reply{}, err
	}
	if !changed {
		popup = p.Plain("status.too_late")
	}
	d.Broadcaster.Wake()
	return d.reportReply(p, popup), nil
}

// PressRetry sends what failed in a broadcast again.
func (d *Desk) PressRetry(ctx context.Context, p talk.Press) (talk.Reply, error) {
	bc, err := d.Store.Broadcast(ctx, p.Numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) { // a press that was made up
		return d.reportReply(p, p.Plain("status.nothing_failed")), nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	n, err := d.Broadcaster.Retry(ctx, bc.IssueID, bc.ID, p.Actor())
	if errors.Is(err, archive.ErrWithdrawn) {
		return d.reportReply(p, p.Plain("issue.withdrawn")), nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	if n > 0 {
		// Before it starts, or admins would be told of the start once more.
		d.outbox.watch(watcher{Place: p.Place(), broadcasts: p.Numbers[:1], Speaker: p.Speaker, full: d.outbox.isFull(p.Place())})
		d.Broadcaster.Wake()
		return d.reportReply(p, p.Plain("status.retried", talk.Values{"Count": n})), nil
	}
	open, err := d.isOpen(ctx, p.Numbers[0])
	if open {
		return d.reportReply(p, p.Plain("status.too_late")), err
	}
	return d.reportReply(p, p.Plain("status.nothing_failed")), err
}

// PressRetryIssue sends an issue again to those who asked for it in vain.
func (d *Desk) PressRetryIssue(ctx context.Context, p talk.Press) (talk.Reply, error) {
	n, err := d.Broadcaster.Retry(ctx, p.Numbers[0], 0, p.Actor())
	if errors.Is(err, archive.ErrWithdrawn) {
		return talk.WithdrawnReply(p), nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	popup := p.Plain("status.nothing_failed")
	if n > 0 {
		popup = p.Plain("status.retried", talk.Values{"Count": n})
	}
	if !talk.HasButton(p.Under, talk.ActRefresh) { // the message is a notice, not a status
		return talk.Reply{Popup: popup}, nil
	}
	return talk.Reply{Popup: popup, Show: func(ctx context.Context) error { return d.showReport(ctx, p, 0) }}, nil
}

// isOpen reports whether a broadcast is running or paused.
func (d *Desk) isOpen(ctx context.Context, id int64) (bool, error) {
	bc, err := d.Store.Broadcast(ctx, id)
	if errors.Is(err, subscribers.ErrNotFound) {
		return false, nil
	}
	return err == nil && (bc.State == subscribers.Running || bc.State == subscribers.Paused), err
}

// isBeingSent reports whether an issue has a broadcast that is not over.
func (d *Desk) isBeingSent(ctx context.Context, issue int64) (bool, error) {
	open, err := d.Store.UnfinishedBroadcasts(ctx)
	return slices.ContainsFunc(open, func(bc subscribers.Broadcast) bool { return bc.IssueID == issue }), err
}

// reportReply is the reply that brings the message with the button up to date.
func (d *Desk) reportReply(p talk.Press, popup string) talk.Reply {
	about := p.Numbers[0]
	if d.outbox.isFull(p.Place()) {
		about = 0
	}
	return talk.Reply{Popup: popup, Show: func(ctx context.Context) error { return d.showReport(ctx, p, about) }}
}

// PressAskCancel asks whether to cancel a broadcast: that cannot be undone.
func (d *Desk) PressAskCancel(ctx context.Context, p talk.Press) (talk.Reply, error) {
	open, err := d.isOpen(ctx, p.Numbers[0])
	if err != nil {
		return talk.Reply{}, err
	}
	if !open {
		return d.reportReply(p, p.Plain("status.too_late")), nil
	}
	err = d.Store.AskAgain(ctx, p.Question(talk.ActCancel))
	return talk.Reply{Show: func(ctx context.Context) error {
		d.outbox.hush(p.Place()) // or a report would replace the question
		return d.showAskCancel(ctx, p)
	}}, err
}

// PressDontCancel answers the question whether to cancel a broadcast with no.
func (d *Desk) PressDontCancel(ctx context.Context, p talk.Press) (talk.Reply, error) {
	err := d.Store.DismissQuestion(ctx, p.Question(talk.ActCancel))
	return d.reportReply(p, ""), err
}

// showAskCancel asks in place of the report whether to cancel a broadcast.
func (d *Desk) showAskCancel(ctx context.Context, p talk.Press) error {
	bc, err := d.Store.Broadcast(ctx, p.Numbers[0])
	if err != nil {
		return err
	}
	issue, err := d.Store.Issue(ctx, bc.IssueID)
	if err != nil {
		return err
	}
	d.Show(ctx, p, p.HTML("progress.ask_cancel", talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), talk.Keyboard{
		talk.Row(talk.Button(p.Plain("button.really_cancel"), talk.ActCancel, bc.ID)),
		talk.Row(talk.Button(p.Plain("button.dont_cancel"), talk.ActDontCancel, bc.ID)),
	})
	return nil
}
