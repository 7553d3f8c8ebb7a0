package corrections

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// PressControl pauses, resumes or cancels a revision, or brings its report up to date. Only
// an owner does that with a recall.
func (c *Corrections) PressControl(ctx context.Context, p talk.Press) (talk.Reply, error) {
	r, err := c.Store.Revision(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	if r.Kind == subscribers.Recall && !c.IsOwner(p.User) {
		return talk.Reply{Popup: p.Plain("recall.only_owners"), Alert: true}, nil
	}
	switch p.Action {
	case talk.ActPauseRevision:
		_, err = c.Store.PauseRevision(ctx, r.ID, p.Actor())
	case talk.ActResumeRevision:
		_, err = c.Store.ResumeRevision(ctx, r.ID, p.Actor())
	case talk.ActCancelRevision:
		_, err = c.Store.CancelRevision(ctx, r.ID, p.Actor())
	}
	if err != nil {
		return talk.Reply{}, err
	}
	c.Reviser.Wake()
	return c.follow(p, r.ID, ""), nil
}

// follow makes the message with the button the live report of a revision.
func (c *Corrections) follow(p talk.Press, id int64, popup string) talk.Reply {
	c.note(p.Place(), watcher{Speaker: p.Speaker, revision: id}) // now, or its end may be told as well
	return talk.Reply{Popup: popup, Show: func(ctx context.Context) error {
		text, k, _, err := c.report(ctx, p.Speaker, id)
		if err != nil {
			return err
		}
		c.Show(ctx, p, text, k)
		c.watch(p.Place(), watcher{Speaker: p.Speaker, revision: id, shown: text})
		return nil
	}}
}

// Open sends an admin the live reports of the revisions that are not over.
func (c *Corrections) Open(ctx context.Context, v talk.Visit) error {
	open, err := c.Store.UnfinishedRevisions(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		c.sayReport(ctx, v, r.ID)
	}
	return nil
}
