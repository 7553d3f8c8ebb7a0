package reader

import (
	"context"
	"errors"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// deliverLatest sends the newest issue to the visitor's chat.
func (a *archive) deliverLatest(ctx context.Context, v talk.Visit) (handover, error) {
	issue, err := a.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return handover{answer: a.noIssueText(v.Speaker)}, nil
	}
	if err != nil {
		return handover{}, err
	}
	return a.deliver(ctx, v, issue)
}

// PressLatest sends the newest issue.
func (a *archive) PressLatest(ctx context.Context, p talk.Press) (talk.Reply, error) {
	h, err := a.deliverLatest(ctx, p.Visit)
	if err != nil {
		return talk.Reply{}, err
	}
	return a.handoverReply(p, h), nil
}

// Latest sends the newest issue, or only one of its sections.
func (a *archive) Latest(ctx context.Context, v talk.Visit, section string) error {
	if section != "" {
		return a.latestSection(ctx, v, section)
	}
	h, err := a.deliverLatest(ctx, v)
	if err == nil {
		a.sayHandover(ctx, v, h)
	}
	return err
}

// latestSection sends the one section of the newest issue that has the name. It is an
// answer and no delivery: the schedule still sends all of the issue.
func (a *archive) latestSection(ctx context.Context, v talk.Visit, name string) error {
	issue, ok, err := a.newestFor(ctx, v)
	if err != nil || !ok {
		return err
	}
	sections, err := a.Store.IssueSections(ctx, issue)
	if err != nil {
		return err
	}
	said := talk.Values{"Name": digest.ShortenUnits(name, talk.EchoUnits)}
	switch fit := matchSections(sections, name); {
	case len(fit) == 1:
		return a.saySection(ctx, v, issue, fit[0].ID)
	case len(fit) > 1:
		a.Say(ctx, v, v.HTML("latest.which_section", said), partKeyboard(v.Speaker, issue, fit))
	default:
		a.Say(ctx, v, v.HTML("latest.no_section", said), partKeyboard(v.Speaker, issue, sections))
	}
	return nil
}
