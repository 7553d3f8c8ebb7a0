package bot

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// handover is what remains to be done about a request for an issue. The zero
// value: nothing, the issue speaks for itself.
type handover struct {
	answer string // what is to be said, HTML
	why    string // the visitor may not have it posted here, for this reason; plain text
	link   string // then: where they may have it; empty: nowhere
}

// deliverLatest sends the newest issue to the visitor's chat.
func (b *Reader) deliverLatest(ctx context.Context, v visit) (handover, error) {
	issue, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return handover{answer: paragraphs(v.html("latest.none"), b.next(v.speaker))}, nil
	}
	if err != nil {
		return handover{}, err
	}
	return b.deliver(ctx, v, issue)
}

// deliver sends an issue. Asking twice sends it twice to a reader; a whole
// group should not have to bear an issue from any of its members, who can have
// it in private.
func (b *Reader) deliver(ctx context.Context, v visit, issue subscribers.Issue) (handover, error) {
	if issue.Withdrawn {
		return handover{why: v.plain("issue.withdrawn")}, nil
	}
	admin, err := b.isChatAdmin(ctx, v)
	if err != nil {
		b.log.Warn("an admin's rights cannot be checked", "chat", v.sub.Chat.ID, "err", err)
		return handover{why: v.plain("rights.unchecked")}, nil
	}
	if !admin {
		return b.referral(ctx, v, issue)
	}
	became, err := b.broadcaster.Deliver(ctx, issue.ID, v.sub.ID)
	if errors.Is(err, subscribers.ErrWithdrawn) { // at this moment
		return handover{why: v.plain("issue.withdrawn")}, nil
	}
	if err != nil {
		return handover{}, err
	}
	if became == delivery.UnderWay {
		return handover{answer: v.html("latest.under_way")}, nil
	}
	return handover{}, nil
}

// referral sends a member of a group to the private chat for an issue.
func (b *Reader) referral(ctx context.Context, v visit, issue subscribers.Issue) (handover, error) {
	link, err := b.issueLink(ctx, issue)
	if err != nil {
		return handover{}, err
	}
	d, err := b.store.Delivery(ctx, issue.ID, v.sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return handover{}, err
	}
	why := v.plain("latest.for_admins")
	if err == nil && d.State == subscribers.Delivered {
		why = v.plain("latest.group_has_it")
	}
	return handover{why: why, link: link}, nil
}

// sayHandover answers who asked for an issue by a command.
func (b *Reader) sayHandover(ctx context.Context, v visit, h handover) {
	switch {
	case h.answer != "":
		b.say(ctx, v, h.answer, nil)
	case h.link != "":
		there := models.InlineKeyboardButton{Text: v.plain("button.in_private"), URL: h.link}
		b.say(ctx, v, escape(h.why), keyboard{row(there)})
	case h.why != "":
		b.say(ctx, v, escape(h.why), nil)
	}
}

// handoverReply answers who asked for an issue by a button: who may not have it
// posted gets it where the link leads.
func (b *Reader) handoverReply(p press, h handover) reply {
	switch {
	case h.answer != "":
		return reply{then: func(ctx context.Context) error {
			b.say(ctx, p.visit, h.answer, nil)
			return nil
		}}
	case h.link != "":
		return reply{link: h.link}
	case h.why != "":
		return reply{notice: h.why, alert: true}
	}
	return reply{notice: p.plain("press.on_its_way")}
}

func (b *Reader) pressLatest(ctx context.Context, p press) (reply, error) {
	h, err := b.deliverLatest(ctx, p.visit)
	if err != nil {
		return reply{}, err
	}
	return b.handoverReply(p, h), nil
}

func (b *Reader) latest(ctx context.Context, v visit, section string) error {
	if section != "" {
		return b.latestSection(ctx, v, section)
	}
	h, err := b.deliverLatest(ctx, v)
	if err == nil {
		b.sayHandover(ctx, v, h)
	}
	return err
}
