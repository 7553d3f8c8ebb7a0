package drafts

import (
	"context"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// Found has admins told of an issue that a source has added or corrected. What the readers
// of a corrected issue have is somebody else's matter.
func (d *Drafts) Found(ctx context.Context, source string, one intake.Saved) {
	err := d.Store.NoteUntold(ctx, subscribers.Untold{Issue: one.Issue.ID, Source: source, Outcome: one.Outcome})
	if err != nil {
		d.Log.Error("admins are not told of an issue", "issue", one.Issue.Key, "err", err)
	}
	d.look()
}

// tellFound tells admins of the issues that sources have added or corrected, also of those
// before a stop or crash. Only Serve runs it, so none is told twice.
func (d *Drafts) tellFound(ctx context.Context) error {
	untold, err := d.Store.UntoldIssues(ctx)
	if err != nil {
		return err
	}
	for _, u := range untold {
		err := d.tellOne(sender.ForAdmin(ctx), u)
		if ctx.Err() != nil {
			return nil // the next start tells it
		}
		if err != nil { // the others can be told all the same
			d.Log.Error("admins are not told of an issue", "issue", u.Issue, "err", err)
		}
		if err := d.Store.MarkIssueTold(ctx, u.Issue); err != nil {
			return err
		}
	}
	return nil
}

func (d *Drafts) tellOne(ctx context.Context, u subscribers.Untold) error {
	of, err := d.ofIssue(ctx, u.Issue)
	if err != nil {
		return err
	}
	if of.row.Withdrawn { // desk tells of that
		return nil
	}
	had, err := d.Store.WasBroadcast(ctx, u.Issue)
	if err != nil {
		return err
	}
	if u.Outcome == archive.Corrected && d.config.Corrected != nil {
		defer d.config.Corrected(ctx, u.Issue) // readers may have asked for it before its broadcast
		if had {
			return nil
		}
	}
	d.config.EachAdmin(ctx, func(v talk.Visit) {
		text, k, problem := d.summary(ctx, v.Speaker, of)
		if problem != nil {
			err = problem
			return
		}
		from := talk.Values{"Source": u.Source}
		heading := v.HTML("draft.found", from)
		if u.Outcome == archive.Corrected {
			heading = v.HTML("draft.changed", from)
		}
		d.Say(ctx, v, talk.Paragraphs(heading, text), k)
	})
	return err
}
