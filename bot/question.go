package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"digestbot/subscribers"
)

// refreshTimeout is how long an admin waits for the sources.
const refreshTimeout = time.Minute

// askBroadcast asks an admin whether to send the newest issue.
func (b *Desk) askBroadcast(ctx context.Context, v visit, _ string) error {
	warning := b.refresh(ctx, v)
	notOffered, ahead, err := b.aheadOffer(ctx, v.speaker)
	if err != nil {
		return err
	}
	warning = paragraphs(warning, notOffered)
	issue, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, paragraphs(warning, v.html("broadcast.none")), ahead)
		return nil
	}
	if err != nil {
		return err
	}
	open, err := b.store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(bc subscribers.Broadcast) bool { return bc.IssueID == issue.ID }) {
		b.say(ctx, v, v.html("broadcast.under_way"), nil)
		return b.status(ctx, v, "")
	}
	audience, err := b.store.Audience(ctx, issue.ID)
	if err != nil {
		return err
	}
	if audience == 0 {
		return b.sayNobody(ctx, v, issue, warning, ahead)
	}
	question, err := b.question(ctx, v, issue, audience)
	if err != nil {
		return err
	}
	b.say(ctx, v, paragraphs(warning, question), append(broadcastKeyboard(v.speaker, issue, audience), ahead...))
	return nil
}

// broadcastKeyboard answers the question whether to send an issue.
func broadcastKeyboard(s speaker, issue subscribers.Issue, audience int) keyboard {
	k := keyboard{
		row(button(s.plain("button.send"), actSend, issue.ID)),
		row(button(s.plain("button.back_out"), actBackOut, issue.ID)),
	}
	if audience > canaries {
		k = append(k, row(button(s.plain("button.canary", values{"Count": canaries}), actCanary, issue.ID)))
	}
	return k
}

// sayNobody says why there is nobody to send to.
func (b *Desk) sayNobody(ctx context.Context, v visit, issue subscribers.Issue, warning string, k keyboard) error {
	counts, err := b.store.CountSubscribers(ctx)
	if err != nil {
		return err
	}
	f, err := b.failuresOf(ctx, issue.ID, 0)
	if err != nil {
		return err
	}
	text := v.html("broadcast.nobody")
	if counts[subscribers.On] > 0 {
		text = v.html("broadcast.everybody_has_it")
	}
	if f.asked > 0 {
		text = lines(v.html("broadcast.nobody_new"), askedInVain(v.speaker, f))
		k = append(keyboard{row(button(v.plain("button.retry"), actRetryIssue, issue.ID))}, k...)
	}
	b.say(ctx, v, paragraphs(warning, text), k)
	return nil
}

// refresh looks for new issues. The warning says that it did not work.
func (b *Desk) refresh(ctx context.Context, v visit) (warning string) {
	if b.refreshSources == nil {
		return ""
	}
	pass(ctx) // nobody is to wait for a source
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	if err := b.refreshSources(ctx); err != nil {
		return v.html("broadcast.source_trouble", values{"Error": b.inShort(err)})
	}
	return ""
}

// question says what would be sent, to how many, how long it would take (the
// budget of the whole bot, or a message per second for each chat), and what it
// would cost.
func (b *Desk) question(ctx context.Context, v visit, issue subscribers.Issue, audience int) (string, error) {
	messages, err := b.store.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return "", err
	}
	seconds := max(audience*len(messages)/b.rate, len(messages))
	failed, err := b.store.FailedBefore(ctx, issue.ID)
	if err != nil {
		return "", err
	}
	before := ""
	if failed > 0 {
		before = v.html("broadcast.failed_before", values{"Count": failed})
	}
	text := v.html("broadcast.ask", values{
		"Issue":       markup(b.issueName(v.speaker, issue)),
		"Subscribers": v.plain("count.subscribers", values{"Count": audience}),
		"Messages":    v.plain("count.messages", values{"Count": len(messages)}),
		"Duration":    v.duration(time.Duration(seconds) * time.Second),
		"Rate":        b.rate,
	})
	return paragraphs(text, before, b.cost(v, audience*len(messages)), v.html("broadcast.once")), nil
}

// defaultRate is Telegram's limit for a bot, in messages per second
// (core.telegram.org/bots/faq).
const defaultRate = 30

// messagesPerStar is the price of paid broadcasting: 0.1 Star for each message
// beyond the free ones (core.telegram.org/bots/api#sendmessage).
const messagesPerStar = 10

// cost says what so many messages cost; empty: they are free. Of each second's,
// those beyond defaultRate have a price. How Telegram counts a second is not
// known, so the most it can be, a price for every message, is said as well.
func (b *Desk) cost(v visit, messages int) string {
	if !b.paid {
		return ""
	}
	paid := max(b.rate-defaultRate, 0)
	if paid == 0 {
		return v.html("broadcast.free")
	}
	unit := b.rate * messagesPerStar
	return v.html("broadcast.cost", values{
		"Stars": v.plain("count.stars", values{"Count": (messages*paid + unit - 1) / unit}),
		"Most":  (messages + messagesPerStar - 1) / messagesPerStar,
	})
}
