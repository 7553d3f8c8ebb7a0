package bot

import (
	"context"
	"errors"
	"time"

	"digestbot/subscribers"
)

const (
	// questionLife is how long a question whether to broadcast can be
	// answered: what it says is no longer true after that.
	questionLife = time.Hour
	// canaries is to how many an issue goes first when an admin wants to see it
	// arrive before everybody gets it.
	canaries = 20
)

// pressBackOut answers the question whether to broadcast with no, unless it was
// answered with yes.
func (b *Desk) pressBackOut(ctx context.Context, p press) (reply, error) {
	started, err := b.store.BroadcastSince(ctx, p.numbers[0], p.published)
	if err == nil {
		return b.follow(p, started, p.plain("broadcast.under_way")), nil
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return reply{}, err
	}
	err = b.store.DismissQuestion(ctx, p.question(actSend))
	return reply{show: func(ctx context.Context) error { return b.backOut(ctx, p) }}, err
}

func (b *Desk) pressRefresh(_ context.Context, p press) (reply, error) {
	return reply{show: func(ctx context.Context) error { return b.showReport(ctx, p, 0) }}, nil
}

// pressSend starts the broadcast that a question was about. Pressed twice, by
// two admins, long after, or after the answer was no, it does not start one.
func (b *Desk) pressSend(ctx context.Context, p press) (reply, error) {
	issue := p.numbers[0]
	if time.Since(p.published) > questionLife {
		return reply{notice: p.plain("broadcast.old_question"), alert: true}, nil
	}
	dismissed, err := b.store.IsDismissed(ctx, p.question(actSend))
	if err != nil {
		return reply{}, err
	}
	if dismissed {
		return p.answered(func(ctx context.Context) error { return b.backOut(ctx, p) }), nil
	}
	last, err := b.store.BroadcastSince(ctx, issue, p.published)
	if err == nil { // the question was asked before that one started, so it is answered
		return b.follow(p, last, p.plain("broadcast.under_way")), nil
	}
	if !errors.Is(err, subscribers.ErrNotFound) {
		return reply{}, err
	}
	started, err := b.startBroadcast(ctx, p)
	if err != nil {
		return b.notStarted(ctx, p, err)
	}
	r := b.follow(p, started, "")
	b.broadcaster.Wake()
	return r, nil
}

// notStarted says why a broadcast did not start.
func (b *Desk) notStarted(ctx context.Context, p press, err error) (reply, error) {
	switch {
	case errors.Is(err, subscribers.ErrNothingToSend):
		return reply{notice: p.plain("broadcast.everybody_has_it"), alert: true}, nil
	case errors.Is(err, subscribers.ErrRunning): // another admin was faster, by a moment
		running, err := b.store.LastBroadcast(ctx)
		if err != nil || running.IssueID != p.numbers[0] {
			return reply{notice: p.plain("broadcast.under_way"), alert: true}, err
		}
		return b.follow(p, running, p.plain("broadcast.under_way")), nil
	case errors.Is(err, subscribers.ErrWithdrawn):
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	case errors.Is(err, subscribers.ErrFolded):
		return reply{notice: p.plain("broadcast.too_old"), alert: true}, nil
	case errors.Is(err, subscribers.ErrNotFound):
		return reply{notice: p.plain("broadcast.old_question"), alert: true}, nil
	}
	return reply{}, err
}

func (b *Desk) startBroadcast(ctx context.Context, p press) (subscribers.Broadcast, error) {
	if p.action == actCanary {
		return b.store.StartCanary(ctx, p.numbers[0], p.user, canaries, b.admins)
	}
	return b.store.StartBroadcast(ctx, p.numbers[0], p.user)
}

// follow makes the message the live report of a broadcast.
func (b *Desk) follow(p press, bc subscribers.Broadcast, notice string) reply {
	b.outbox.watch(watcher{place: p.place(), broadcasts: []int64{bc.ID}, speaker: p.speaker})
	return reply{notice: notice, show: func(ctx context.Context) error { return b.showReport(ctx, p, bc.ID) }}
}

func (b *Desk) backOut(ctx context.Context, p press) error {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return err
	}
	b.show(ctx, p, p.html("broadcast.dropped", values{"Issue": markup(b.issueName(p.speaker, issue))}), nil)
	return nil
}

// pressStop cancels a broadcast, unless the question whether to was answered
// with no.
func (b *Desk) pressStop(ctx context.Context, p press) (reply, error) {
	dismissed, err := b.store.IsDismissed(ctx, p.question(actStop))
	if err != nil {
		return reply{}, err
	}
	if dismissed {
		return p.answered(b.report(p, "").show), nil
	}
	return b.pressTurn(ctx, p)
}

// pressTurn pauses, resumes or cancels a broadcast.
func (b *Desk) pressTurn(ctx context.Context, p press) (reply, error) {
	id := p.numbers[0]
	var changed bool
	var err error
	var notice string
	switch p.action {
	case actPause:
		changed, err = b.store.PauseBroadcast(ctx, id, p.user)
		notice = p.plain("status.paused")
	case actResume:
		changed, err = b.store.ResumeBroadcast(ctx, id, p.user)
		notice = p.plain("status.resumed")
	default: // actStop
		changed, err = b.store.CancelBroadcast(ctx, id, p.user)
		notice = p.plain("status.stopped")
	}
	if err != nil {
		return reply{}, err
	}
	if !changed {
		notice = p.plain("status.too_late")
	}
	b.broadcaster.Wake()
	return b.report(p, notice), nil
}

func (b *Desk) pressRetry(ctx context.Context, p press) (reply, error) {
	bc, err := b.store.Broadcast(ctx, p.numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) { // a press that was made up
		return b.report(p, p.plain("status.nothing_failed")), nil
	}
	if err != nil {
		return reply{}, err
	}
	n, err := b.broadcaster.Retry(ctx, bc.IssueID, bc.ID, p.user)
	if errors.Is(err, subscribers.ErrWithdrawn) {
		return b.report(p, p.plain("issue.withdrawn")), nil
	}
	if err != nil {
		return reply{}, err
	}
	if n > 0 {
		// Before it starts, or its start would be reported once more.
		b.outbox.watch(watcher{place: p.place(), broadcasts: p.numbers[:1], speaker: p.speaker, full: b.outbox.isFull(p.place())})
		b.broadcaster.Wake()
		return b.report(p, p.plain("status.retried", values{"Count": n})), nil
	}
	open, err := b.isOpen(ctx, p.numbers[0])
	if open {
		return b.report(p, p.plain("status.too_late")), err
	}
	return b.report(p, p.plain("status.nothing_failed")), err
}

// pressRetryIssue tries again for those who asked for an issue.
func (b *Desk) pressRetryIssue(ctx context.Context, p press) (reply, error) {
	n, err := b.broadcaster.Retry(ctx, p.numbers[0], 0, p.user)
	if errors.Is(err, subscribers.ErrWithdrawn) {
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	}
	if err != nil {
		return reply{}, err
	}
	notice := p.plain("status.nothing_failed")
	if n > 0 {
		notice = p.plain("status.retried", values{"Count": n})
	}
	if !offers(p.under, actRefresh) { // it is a notice
		return reply{notice: notice}, nil
	}
	return reply{notice: notice, show: func(ctx context.Context) error { return b.showReport(ctx, p, 0) }}, nil
}

// isOpen tells whether a broadcast is running or paused.
func (b *Desk) isOpen(ctx context.Context, id int64) (bool, error) {
	bc, err := b.store.Broadcast(ctx, id)
	if errors.Is(err, subscribers.ErrNotFound) {
		return false, nil
	}
	return err == nil && (bc.State == subscribers.Running || bc.State == subscribers.Paused), err
}

// report is the reply that brings the message with the button up to date.
func (b *Desk) report(p press, notice string) reply {
	about := p.numbers[0]
	if b.outbox.isFull(p.place()) {
		about = 0
	}
	return reply{notice: notice, show: func(ctx context.Context) error { return b.showReport(ctx, p, about) }}
}

// pressAskStop asks whether to cancel: it cannot be undone.
func (b *Desk) pressAskStop(ctx context.Context, p press) (reply, error) {
	open, err := b.isOpen(ctx, p.numbers[0])
	if err != nil {
		return reply{}, err
	}
	if !open {
		return b.report(p, p.plain("status.too_late")), nil
	}
	err = b.store.AskAgain(ctx, p.question(actStop))
	return reply{show: func(ctx context.Context) error {
		b.outbox.hush(p.place()) // or the question would be overwritten
		return b.showAskStop(ctx, p)
	}}, err
}

// pressGoOn answers the question whether to cancel with no.
func (b *Desk) pressGoOn(ctx context.Context, p press) (reply, error) {
	err := b.store.DismissQuestion(ctx, p.question(actStop))
	return b.report(p, ""), err
}

func (b *Desk) showAskStop(ctx context.Context, p press) error {
	bc, err := b.store.Broadcast(ctx, p.numbers[0])
	if err != nil {
		return err
	}
	issue, err := b.store.Issue(ctx, bc.IssueID)
	if err != nil {
		return err
	}
	b.show(ctx, p, p.html("progress.really_stop", values{"Issue": markup(b.issueName(p.speaker, issue))}), keyboard{
		row(button(p.plain("button.really_stop"), actStop, bc.ID)),
		row(button(p.plain("button.keep_going"), actGoOn, bc.ID)),
	})
	return nil
}
