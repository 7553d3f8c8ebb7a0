package bot

import (
	"context"
	"errors"
	"time"

	"digestbot/subscribers"
)

const (
	// refreshTimeout is how long an admin waits for the sources.
	refreshTimeout = time.Minute
	// questionLife is how long a question whether to broadcast can be
	// answered: what it says is no longer true after that.
	questionLife = time.Hour
	// canaries is to how many an issue goes first when an admin wants to see it
	// arrive before everybody gets it.
	canaries = 20
)

// askBroadcast asks an admin whether to send the newest issue.
func (b *Bot) askBroadcast(ctx context.Context, v visit, _ string) error {
	warning := b.refresh(ctx, v)
	issue, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, paragraphs(warning, v.html("broadcast.none")), nil)
		return nil
	}
	if err != nil {
		return err
	}
	running, err := b.store.UnfinishedBroadcast(ctx)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return err
	}
	if err == nil && running.IssueID == issue.ID {
		b.say(ctx, v, v.html("broadcast.under_way"), nil)
		return b.status(ctx, v, "")
	}
	audience, err := b.store.Audience(ctx, issue.ID)
	if err != nil {
		return err
	}
	if audience == 0 {
		return b.sayNobody(ctx, v, warning)
	}
	question, err := b.question(ctx, v, issue, audience)
	if err != nil {
		return err
	}
	k := keyboard{
		row(button(v.plain("button.send"), actSend, issue.ID)),
		row(button(v.plain("button.back_out"), actBackOut, issue.ID)),
	}
	if audience > canaries {
		k = append(k, row(button(v.plain("button.canary", values{"Count": canaries}), actCanary, issue.ID)))
	}
	b.say(ctx, v, paragraphs(warning, question), k)
	return nil
}

// sayNobody says why there is nobody to send to.
func (b *Bot) sayNobody(ctx context.Context, v visit, warning string) error {
	counts, err := b.store.CountSubscribers(ctx)
	if err != nil {
		return err
	}
	text := v.html("broadcast.nobody")
	if counts[subscribers.On] > 0 {
		text = v.html("broadcast.everybody_has_it")
	}
	b.say(ctx, v, paragraphs(warning, text), nil)
	return nil
}

// refresh looks for new issues. The warning says that it did not work.
func (b *Bot) refresh(ctx context.Context, v visit) (warning string) {
	if b.config.Refresh == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	if err := b.config.Refresh(ctx); err != nil {
		return v.html("broadcast.source_trouble", values{"Error": b.redacted(err).Error()})
	}
	return ""
}

// question says what would be sent, to how many, how long it would take (the
// budget of the whole bot, or a message per second for each chat), and what it
// would cost.
func (b *Bot) question(ctx context.Context, v visit, issue subscribers.Issue, audience int) (string, error) {
	messages, err := b.store.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return "", err
	}
	seconds := max(audience*len(messages)/b.config.Rate, len(messages))
	text := v.html("broadcast.ask", values{
		"Issue":       markup(b.issueName(v.speaker, issue)),
		"Subscribers": v.plain("count.subscribers", values{"Count": audience}),
		"Messages":    v.plain("count.messages", values{"Count": len(messages)}),
		"Duration":    v.duration(time.Duration(seconds) * time.Second),
		"Rate":        b.config.Rate,
	})
	return paragraphs(text, b.cost(v, audience*len(messages)), v.html("broadcast.once")), nil
}

// messagesPerStar is the price of paid broadcasting: 0.1 Star for each message
// beyond the free ones (core.telegram.org/bots/api#sendmessage).
const messagesPerStar = 10

// cost says what so many messages cost; empty: they are free. Of each second's,
// those beyond defaultRate have a price. How Telegram counts a second is not
// known, so the most it can be, a price for every message, is said as well.
func (b *Bot) cost(v visit, messages int) string {
	if !b.config.Paid {
		return ""
	}
	paid := max(b.config.Rate-defaultRate, 0)
	if paid == 0 {
		return v.html("broadcast.free")
	}
	unit := b.config.Rate * messagesPerStar
	return v.html("broadcast.cost", values{
		"Stars": v.plain("count.stars", values{"Count": (messages*paid + unit - 1) / unit}),
		"Most":  (messages + messagesPerStar - 1) / messagesPerStar,
	})
}

// pressAdmin does what admins' buttons do.
func (b *Bot) pressAdmin(ctx context.Context, p press) (reply, error) {
	switch p.action {
	case actSend, actCanary:
		return b.pressSend(ctx, p)
	case actBackOut:
		return reply{show: func(ctx context.Context) error { return b.backOut(ctx, p) }}, nil
	case actRefresh:
		return reply{show: func(ctx context.Context) error { return b.showReport(ctx, p, true) }}, nil
	case actAskStop:
		return b.pressAskStop(ctx, p)
	case actRetry:
		return b.pressRetry(ctx, p)
	default:
		return b.pressTurn(ctx, p)
	}
}

// pressSend starts the broadcast that a question was about. Pressed twice, by
// two admins, or long after, it does not start another one.
func (b *Bot) pressSend(ctx context.Context, p press) (reply, error) {
	issue := p.numbers[0]
	if time.Since(p.published) > questionLife {
		return reply{notice: p.plain("broadcast.old_question"), alert: true}, nil
	}
	last, err := b.store.LastBroadcast(ctx)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return reply{}, err
	}
	if err == nil && last.IssueID == issue && !last.CreatedAt.Before(p.published) {
		// The question was asked before that one started, so it is answered.
		return b.follow(p, last, p.plain("broadcast.under_way")), nil
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
func (b *Bot) notStarted(ctx context.Context, p press, err error) (reply, error) {
	switch {
	case errors.Is(err, subscribers.ErrNothingToSend):
		return reply{notice: p.plain("broadcast.everybody_has_it"), alert: true}, nil
	case errors.Is(err, subscribers.ErrRunning): // another admin was faster, by a moment
		running, err := b.store.LastBroadcast(ctx)
		if err != nil || running.IssueID != p.numbers[0] {
			return reply{notice: p.plain("broadcast.under_way"), alert: true}, err
		}
		return b.follow(p, running, p.plain("broadcast.under_way")), nil
	case errors.Is(err, subscribers.ErrFolded):
		return reply{notice: p.plain("broadcast.too_old"), alert: true}, nil
	case errors.Is(err, subscribers.ErrNotFound):
		return reply{notice: p.plain("broadcast.old_question"), alert: true}, nil
	}
	return reply{}, err
}

func (b *Bot) startBroadcast(ctx context.Context, p press) (subscribers.Broadcast, error) {
	if p.action == actCanary {
		return b.store.StartCanary(ctx, p.numbers[0], p.user, canaries, b.config.Admins)
	}
	return b.store.StartBroadcast(ctx, p.numbers[0], p.user)
}

// follow makes the message the live report of a broadcast.
func (b *Bot) follow(p press, bc subscribers.Broadcast, notice string) reply {
	b.desk.watch(watcher{place: p.place(), broadcast: bc.ID, speaker: p.speaker})
	return reply{notice: notice, show: func(ctx context.Context) error { return b.showReport(ctx, p, false) }}
}

func (b *Bot) backOut(ctx context.Context, p press) error {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return err
	}
	b.show(ctx, p, p.html("broadcast.dropped", values{"Issue": markup(b.issueName(p.speaker, issue))}), nil)
	return nil
}

// pressTurn pauses, resumes or cancels a broadcast.
func (b *Bot) pressTurn(ctx context.Context, p press) (reply, error) {
	id := p.numbers[0]
	var changed bool
	var err error
	var notice string
	switch p.action {
	case actPause:
		changed, err = b.store.PauseBroadcast(ctx, id, p.user, "")
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

func (b *Bot) pressRetry(ctx context.Context, p press) (reply, error) {
	n, err := b.store.RetryFailed(ctx, p.numbers[0], p.user)
	if err != nil {
		return reply{}, err
	}
	if n > 0 {
		// Before it starts, or its start would be reported once more.
		b.desk.watch(watcher{place: p.place(), broadcast: p.numbers[0], speaker: p.speaker, full: b.desk.isFull(p.place())})
		b.broadcaster.Wake()
		return b.report(p, p.plain("status.retried", values{"Count": n})), nil
	}
	open, err := b.isOpen(ctx, p.numbers[0])
	if open {
		return b.report(p, p.plain("status.too_late")), err
	}
	return b.report(p, p.plain("status.nothing_failed")), err
}

// isOpen tells whether a broadcast is running or paused.
func (b *Bot) isOpen(ctx context.Context, id int64) (bool, error) {
	bc, err := b.store.Broadcast(ctx, id)
	if errors.Is(err, subscribers.ErrNotFound) {
		return false, nil
	}
	return err == nil && (bc.State == subscribers.Running || bc.State == subscribers.Paused), err
}

// report is the reply that brings the message with the button up to date.
func (b *Bot) report(p press, notice string) reply {
	full := b.desk.isFull(p.place())
	return reply{notice: notice, show: func(ctx context.Context) error { return b.showReport(ctx, p, full) }}
}

// pressAskStop asks whether to cancel: it cannot be undone.
func (b *Bot) pressAskStop(ctx context.Context, p press) (reply, error) {
	open, err := b.isOpen(ctx, p.numbers[0])
	if err != nil {
		return reply{}, err
	}
	if !open {
		return b.report(p, p.plain("status.too_late")), nil
	}
	return reply{show: func(ctx context.Context) error {
		b.desk.unwatch(p.place()) // or the question would be overwritten
		b.show(ctx, p, p.html("progress.really_stop"), keyboard{
			row(button(p.plain("button.really_stop"), actStop, p.numbers[0])),
			row(button(p.plain("button.keep_going"), actRefresh)),
		})
		return nil
	}}, nil
}
