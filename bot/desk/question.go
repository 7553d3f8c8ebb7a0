package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// refreshTimeout bounds how long an admin waits for the sources.
const refreshTimeout = time.Minute

// AskBroadcast asks whether to broadcast the newest issue.
func (d *Desk) AskBroadcast(ctx context.Context, v talk.Visit, _ string) error {
	warning := d.lookForIssues(ctx, v)
	notOffered, ahead, err := d.aheadOffer(ctx, v.Speaker)
	if err != nil {
		return err
	}
	waiting, approve, err := d.heldOffer(ctx, v.Speaker)
	if err != nil {
		return err
	}
	warning, ahead = talk.Paragraphs(warning, waiting, notOffered), append(approve, ahead...)
	issue, err := d.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		d.Say(ctx, v, talk.Paragraphs(warning, v.HTML("broadcast.none")), ahead)
		return nil
	}
	if err != nil {
		return err
	}
	return d.askAbout(ctx, v, issue, warning, ahead)
}

// askAbout asks whether to broadcast an issue, below a warning and with more buttons.
func (d *Desk) askAbout(ctx context.Context, v talk.Visit, issue archive.Issue, warning string, more talk.Keyboard) error {
	sending, err := d.isBeingSent(ctx, issue.ID)
	if err != nil {
		return err
	}
	if sending {
		d.Say(ctx, v, v.HTML("broadcast.under_way"), nil)
		return d.Status(ctx, v, "")
	}
	audience, err := d.Store.Audience(ctx, issue.ID)
	if err != nil {
		return err
	}
	if audience == 0 {
		return d.sayNobody(ctx, v, issue, warning, more)
	}
	question, err := d.question(ctx, v, issue, audience)
	if err != nil {
		return err
	}
	d.Say(ctx, v, talk.Paragraphs(warning, question), append(broadcastKeyboard(v.Speaker, issue, audience), more...))
	return nil
}

// canaries is how many subscribers an issue goes to first, when an admin wants to see
// it arrive before everybody gets it.
const canaries = 20

// broadcastKeyboard has the answers to the question whether to broadcast an issue.
func broadcastKeyboard(s talk.Speaker, issue archive.Issue, audience int) talk.Keyboard {
	k := talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.send"), talk.ActSend, issue.ID)),
		talk.Row(talk.Button(s.Plain("button.dont_send"), talk.ActDontSend, issue.ID)),
		talk.Row(talk.Button(s.Plain("button.trial"), talk.ActTrial, issue.ID)),
	}
	if audience > canaries {
		k = append(k, talk.Row(talk.Button(s.Plain("button.canary", talk.Values{"Count": canaries}), talk.ActCanary, issue.ID)))
	}
	return k
}

// sayNobody says why there is nobody to send to.
func (d *Desk) sayNobody(ctx context.Context, v talk.Visit, issue archive.Issue, warning string, k talk.Keyboard) error {
	counts, err := d.Store.CountSubscribers(ctx)
	if err != nil {
		return err
	}
	all, err := d.failedDeliveries(ctx)
	if err != nil {
		return err
	}
	failed := failuresAmong(all, issue.ID, 0)
	text := v.HTML("broadcast.nobody")
	if counts[subscribers.On] > 0 {
		text = v.HTML("broadcast.everybody_has_it")
	}
	if failed.asked > 0 {
		text = talk.Lines(v.HTML("broadcast.nobody_new"), askedInVain(v.Speaker, failed))
		k = append(talk.Keyboard{talk.Row(talk.Button(v.Plain("button.retry"), talk.ActRetryIssue, issue.ID))}, k...)
	}
	d.Say(ctx, v, talk.Paragraphs(warning, text), k)
	return nil
}

// lookForIssues looks for new issues. The warning says that it did not work.
func (d *Desk) lookForIssues(ctx context.Context, v talk.Visit) (warning string) {
	if d.refreshSources == nil {
		return ""
	}
	talk.PassTurn(ctx) // others do not wait for a source
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	if err := d.refreshSources(ctx); err != nil {
		return v.HTML("broadcast.source_trouble", talk.Values{"Error": d.InShort(err)})
	}
	return ""
}

// question says what would be sent, to how many subscribers, how long that would take
// at the rate of the whole bot or at a message per second for each chat, and what it
// would cost.
func (d *Desk) question(ctx context.Context, v talk.Visit, issue archive.Issue, audience int) (string, error) {
	messages, err := d.Store.Messages(ctx, issue.ID, issue.Edition)
	if err != nil {
		return "", err
	}
	each := rendition.CountMessages(messages, subscribers.Recipient{}, digest.LayoutSections)
	seconds := max(audience*each/d.rate, each)
	failed, err := d.Store.FailedBefore(ctx, issue.ID)
	if err != nil {
		return "", err
	}
	before := ""
	if failed > 0 {
		before = v.HTML("broadcast.failed_before", talk.Values{"Count": failed})
	}
	text := v.HTML("broadcast.ask", talk.Values{
		"Issue":       talk.IssueName(v.Speaker, issue),
		"Subscribers": v.Plain("count.subscribers", talk.Values{"Count": audience}),
		"Messages":    v.Plain("count.messages", talk.Values{"Count": each}),
		"Duration":    v.Duration(time.Duration(seconds) * time.Second),
		"Rate":        d.rate,
	})
	return talk.Paragraphs(text, before, d.cost(v, audience*each), v.HTML("broadcast.once")), nil
}

// messagesPerStar is the price of paid broadcasting: 0.1 Star for each message
// beyond the free ones (core.telegram.org/bots/api#sendmessage).
const messagesPerStar = 10

// cost says what so many messages cost; empty: paid broadcasting is not allowed. The
// messages of a second beyond DefaultRate have a price. It is not known how Telegram
// counts a second, so the highest cost, a price for every message, is said as well.
func (d *Desk) cost(v talk.Visit, messages int) string {
	if !d.Paid {
		return ""
	}
	paid := max(d.rate-DefaultRate, 0)
	if paid == 0 {
		return v.HTML("broadcast.free")
	}
	unit := d.rate * messagesPerStar
	return v.HTML("broadcast.cost", talk.Values{
		"Stars": v.Plain("count.stars", talk.Values{"Count": (messages*paid + unit - 1) / unit}),
		"Most":  (messages + messagesPerStar - 1) / messagesPerStar,
	})
}

// PressAskSend asks whether to broadcast, as /broadcast does: the message with the
// button may be old.
func (d *Desk) PressAskSend(_ context.Context, p talk.Press) (talk.Reply, error) {
	return talk.Reply{Then: func(ctx context.Context) error { return d.AskBroadcast(ctx, p.Visit, "") }}, nil
}

// PressAskAhead asks whether to send an issue that is dated ahead.
func (d *Desk) PressAskAhead(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	audience, err := d.Store.Audience(ctx, issue.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	switch {
	case issue.Withdrawn:
		return talk.WithdrawnReply(p), nil
	case issue.Held:
		return alertReply(p.Plain("hold.first")), nil
	case audience == 0:
		return alertReply(p.Plain("broadcast.everybody_has_it")), nil
	}
	question, err := d.question(ctx, p.Visit, issue, audience)
	if err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{Then: func(ctx context.Context) error { // a new message: questionLife begins now
		warning := ""
		if issue.IsAhead() {
			warning = p.HTML("ahead.anyway", d.aheadValues(p.Speaker, issue))
		}
		d.Say(ctx, p.Visit, talk.Paragraphs(warning, question), broadcastKeyboard(p.Speaker, issue, audience))
		return nil
	}}, nil
}
