package reader

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// handover is what remains to be done about a request for an issue. Zero: nothing, the
// issue arrives.
type handover struct {
	answer string // to say, HTML
	coming bool   // the issue is on its way already; a message would stand between its sections
	why    string // the issue is not posted here, plain text
	link   string // to where the visitor can have it then; empty: nowhere
}

// doubleTap is how long a second request for an issue is the same as the first. An issue
// of one message may have arrived by then.
const doubleTap = 2 * time.Second

// request is the request of a subscriber for an issue, or for one section of it.
type request struct {
	issue, subscriber int64
	section           int64 // 0: all of them
}

// maxAsked bounds the requests remembered.
const maxAsked = 10_000

// deliver sends an issue. A reader who asks twice gets it twice. In a group only admins
// may ask for it; other members can have it in private.
func (i *issues) deliver(ctx context.Context, v talk.Visit, issue archive.Issue) (handover, error) {
	if issue.IsHidden() {
		return handover{why: v.Plain("issue.withdrawn")}, nil
	}
	admin, err := i.IsChatAdmin(ctx, v)
	if err != nil {
		i.Log.Warn("an admin's rights cannot be checked", "chat", v.Sub.Chat.ID, "err", err)
		return handover{why: v.Plain("rights.unchecked")}, nil
	}
	if !admin {
		return i.referral(ctx, v, issue)
	}
	asked := request{issue: issue.ID, subscriber: v.Sub.ID}
	if !i.asked.Add(asked, struct{}{}, time.Now()) {
		return handover{coming: true}, nil
	}
	became, err := i.Broadcaster.Deliver(ctx, issue.ID, v.Sub.ID)
	if err != nil {
		i.asked.Forget(asked)
	}
	if errors.Is(err, archive.ErrWithdrawn) || errors.Is(err, archive.ErrHeld) { // since it was read
		return handover{why: v.Plain("issue.withdrawn")}, nil
	}
	if err != nil {
		return handover{}, err
	}
	if became == delivery.UnderWay {
		return handover{coming: true}, nil
	}
	return handover{}, nil
}

// referral sends a member of a group to the private chat for an issue.
func (i *issues) referral(ctx context.Context, v talk.Visit, issue archive.Issue) (handover, error) {
	link, err := i.issueLink(ctx, issue)
	if err != nil {
		return handover{}, err
	}
	d, err := i.Store.Delivery(ctx, issue.ID, v.Sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return handover{}, err
	}
	why := v.Plain("latest.for_admins")
	if err == nil && d.State == subscribers.Delivered {
		why = v.Plain("latest.group_has_it")
	}
	return handover{why: why, link: link}, nil
}

// sayHandover answers a visitor who asked for an issue by a command. Where Telegram offers
// that, only the visitor sees that the issue is in private.
func (i *issues) sayHandover(ctx context.Context, v talk.Visit, h handover) {
	switch {
	case h.coming:
		i.ShowTyping(ctx, v)
	case h.answer != "":
		i.Say(ctx, v, h.answer, nil)
	case h.link != "":
		v.Quiet = true
		i.Say(ctx, v, talk.Escape(h.why), talk.Keyboard{talk.Row(talk.LinkButton(v.Plain("button.in_private"), h.link))})
	case h.why != "":
		i.Say(ctx, v, talk.Escape(h.why), nil)
	}
}

// handoverReply answers a visitor who asked for an issue by a button. A visitor who may
// not have it posted is led to where the link leads.
func (i *issues) handoverReply(p talk.Press, h handover) talk.Reply {
	switch {
	case h.answer != "":
		return talk.Reply{Then: func(ctx context.Context) error {
			i.Say(ctx, p.Visit, h.answer, nil)
			return nil
		}}
	case h.link != "":
		return talk.Reply{Link: h.link}
	case h.why != "":
		return talk.Reply{Popup: h.why, Alert: true}
	}
	return talk.Reply{Popup: p.Plain("press.on_its_way")}
}

// deliverLatest sends the newest issue to the visitor's chat.
func (i *issues) deliverLatest(ctx context.Context, v talk.Visit) (handover, error) {
	issue, err := i.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return handover{answer: i.noIssueText(v.Speaker)}, nil
	}
	if err != nil {
		return handover{}, err
	}
	return i.deliver(ctx, v, issue)
}

// PressLatest sends the newest issue.
func (i *issues) PressLatest(ctx context.Context, p talk.Press) (talk.Reply, error) {
	h, err := i.deliverLatest(ctx, p.Visit)
	return i.handoverReply(p, h), err
}

// Latest sends the newest issue, or only one of its sections.
func (i *issues) Latest(ctx context.Context, v talk.Visit, section string) error {
	if section != "" {
		return i.latestSection(ctx, v, section)
	}
	h, err := i.deliverLatest(ctx, v)
	if err == nil {
		i.sayHandover(ctx, v, h)
	}
	return err
}

// latestSection sends the one section of the newest issue that has the name. It is an
// answer and no delivery: the schedule still sends all of the issue.
func (i *issues) latestSection(ctx context.Context, v talk.Visit, name string) error {
	issue, ok, err := i.newestFor(ctx, v)
	if err != nil || !ok {
		return err
	}
	sections, err := i.Store.IssueSections(ctx, issue)
	if err != nil {
		return err
	}
	said := talk.Values{"Name": talk.Echo(name)}
	switch fit := matchSections(sections, name); {
	case len(fit) == 1:
		return i.saySection(ctx, v, issue, fit[0].ID)
	case len(fit) > 1:
		i.Say(ctx, v, v.HTML("latest.which_section", said), partKeyboard(v.Speaker, issue, fit))
	default:
		i.Say(ctx, v, v.HTML("latest.no_section", said), partKeyboard(v.Speaker, issue, sections))
	}
	return nil
}
