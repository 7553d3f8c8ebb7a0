package corrections

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// PressAskRecall asks whether to delete what has arrived of an issue.
func (c *Corrections) PressAskRecall(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	if err := c.Store.AskAgain(ctx, p.Question(talk.ActRecall)); err != nil {
		return talk.Reply{}, err
	}
	return c.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return c.recallQuestion(ctx, p.Speaker, issue)
	}), nil
}

// PressOpenRecall is PressAskRecall in a new message: the report with the button stays.
func (c *Corrections) PressOpenRecall(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	readers, _, err := c.Store.CountArrived(ctx, issue.ID)
	if err == nil && readers == 0 {
		return talk.Reply{Popup: p.Plain("recall.nobody"), Alert: true}, nil
	}
	return talk.Reply{Then: func(ctx context.Context) error {
		return c.SayView(ctx, p.Visit, func(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
			return c.recallQuestion(ctx, v.Speaker, issue)
		})
	}}, err
}

// recallQuestion asks whether to delete what has arrived of an issue.
func (c *Corrections) recallQuestion(ctx context.Context, s talk.Speaker, issue archive.Issue) (string, talk.Keyboard, error) {
	readers, messages, err := c.Store.CountArrived(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	old := ""
	last, err := c.Store.BroadcastSince(ctx, issue.ID, time.Unix(0, 0))
	switch {
	case err == nil && !last.FinishedAt.IsZero() && time.Since(last.FinishedAt) >= sender.DeletableFor:
		old = s.HTML("recall.old")
	case err != nil && !errors.Is(err, subscribers.ErrNotFound):
		return "", nil, err
	}
	said := c.extent(s, readers, messages, readers) // one request deletes many messages of a chat
	said["Issue"] = talk.IssueName(s, issue)
	return talk.Paragraphs(s.HTML("recall.ask", said), old), talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.recall"), talk.ActRecall, issue.ID)),
		talk.Row(talk.Button(s.Plain("button.dont_recall"), talk.ActDontRecall, issue.ID)),
	}, nil
}

// PressRecall withdraws an issue and deletes what has arrived of it.
func (c *Corrections) PressRecall(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	if r, after, err := c.ReplyAfterNo(ctx, p, talk.ActRecall, c.notRecalled(p, issue)); after || err != nil {
		return r, err
	}
	r, started, err := c.Store.StartRecall(ctx, issue.ID, p.Actor())
	if errors.Is(err, subscribers.ErrNothingToRevise) {
		return talk.Reply{Popup: p.Plain("recall.nobody"), Alert: true}, nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	c.WakeBroadcasts()
	c.Reviser.Wake()
	popup := ""
	if !started {
		popup = p.Plain("correction.under_way")
	}
	return c.follow(p, r.ID, popup), nil
}

// PressDontRecall answers the question whether to recall an issue with no.
func (c *Corrections) PressDontRecall(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := c.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return c.notRecalled(p, issue), c.Store.DismissQuestion(ctx, p.Question(talk.ActRecall))
}

func (c *Corrections) notRecalled(p talk.Press, issue archive.Issue) talk.Reply {
	return c.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		return p.HTML("recall.not_recalled", talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), nil, nil
	})
}
