package drafts

import (
	"context"
	"errors"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// draftOf returns the draft that a press is about. A reply that is final says that it is not
// there any more.
func (d *Drafts) draftOf(ctx context.Context, p talk.Press) (subscribers.Draft, talk.Reply, error) {
	draft, err := d.Store.Draft(ctx, p.Numbers[0])
	if err != nil {
		why, err := talk.MissingReply(p, err)
		return draft, why, err
	}
	if draft.State == subscribers.DraftOpen { // no button leads to it
		return draft, talk.OutOfDateReply(p), nil
	}
	return draft, talk.Reply{}, nil
}

// save puts the issue of a draft into the archive, in place of another one unless that is 0.
func (d *Drafts) save(ctx context.Context, p talk.Press, draft subscribers.Draft, replaced int64) (row archive.Issue, saved archive.Saved, err error) {
	if draft.State != subscribers.DraftReady {
		return row, "", subscribers.ErrDecided
	}
	batch, err := parse(draft.Name, draft.Document)
	if err != nil {
		return row, "", err
	}
	issue, from := batch.Issues[0], originOf(draft)
	if replaced != 0 {
		old, err := d.Store.Issue(ctx, replaced)
		if err != nil {
			return row, "", err
		}
		issue, from.Replaces = inPlaceOf(issue, old), true
	}
	return d.Store.SaveDraft(ctx, draft.ID, issue, from, p.Actor())
}

// notSaved is the reply that says why a draft was not saved, and shows how it stands.
func (d *Drafts) notSaved(p talk.Press, draft int64, err error) (talk.Reply, error) {
	var why string
	switch {
	case errors.Is(err, subscribers.ErrDecided):
		why = p.Plain("draft.decided")
	case errors.Is(err, subscribers.ErrExists), errors.Is(err, archive.ErrKeyTaken):
		why = p.Plain("draft.exists")
	case errors.Is(err, subscribers.ErrNotFound): // the issue that it was to replace
		return talk.OutOfDateReply(p), nil
	default:
		return talk.Reply{}, err
	}
	r := d.viewReply(p, aDraft, draft, why)
	r.Alert = true
	return r, nil
}

// PressDraftKeep puts a draft into the archive, from where the next run sends it.
func (d *Drafts) PressDraftKeep(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.draftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	if _, _, err := d.save(ctx, p, draft, 0); err != nil {
		return d.notSaved(p, draft.ID, err)
	}
	return d.viewReply(p, aDraft, draft.ID, p.Plain("draft.kept")), nil
}

// PressDraftSend puts a draft into the archive and asks whether to send it. If it is there
// already it only asks.
func (d *Drafts) PressDraftSend(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.draftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	row, _, err := d.save(ctx, p, draft, 0)
	if errors.Is(err, subscribers.ErrDecided) && d.nowSaved(ctx, &draft) {
		row.ID, err = draft.Issue, nil
	}
	if err != nil {
		return d.notSaved(p, draft.ID, err)
	}
	about := p
	about.Numbers = []int64{row.ID}
	r, err := d.config.AskSend(ctx, about)
	if err != nil {
		return r, err
	}
	r.Show = d.viewReply(p, aDraft, draft.ID, "").Show
	return r, nil
}

// nowSaved reads a draft again and reports whether it is saved.
func (d *Drafts) nowSaved(ctx context.Context, draft *subscribers.Draft) bool {
	again, err := d.Store.Draft(ctx, draft.ID)
	if err != nil {
		return false
	}
	*draft = again
	return again.State == subscribers.DraftSaved
}

// PressAskReplace asks whether a draft is to take the place of an issue that it is no other
// text of: the text of that issue would be lost.
func (d *Drafts) PressAskReplace(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.draftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	if draft.State != subscribers.DraftReady {
		return d.notSaved(p, draft.ID, subscribers.ErrDecided)
	}
	old, err := d.Store.Issue(ctx, p.Numbers[1])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	of, err := d.ofDraft(ctx, draft)
	if err != nil {
		return talk.Reply{}, err
	}
	return d.ShowReply(p, func(context.Context) (string, talk.Keyboard, error) {
		text := p.HTML("draft.ask_replace", talk.Values{"Issue": talk.IssueName(p.Speaker, of.row), "Old": talk.IssueName(p.Speaker, old)})
		button := p.Plain("button.draft_replace", talk.Values{"Issue": talk.Label(talk.IssueShort(p.Speaker, old), talk.ButtonUnits)})
		return text, talk.Keyboard{
			talk.Row(talk.Button(button, talk.ActDraftReplace, draft.ID, old.ID)),
			talk.Row(talk.Button(p.Plain("button.back"), talk.ActLookBack, aDraft, draft.ID)),
		}, nil
	}), nil
}

// PressDraftReplace has a draft take the place of an issue. Of one that was broadcast, admins
// are asked what to do with what its readers have.
func (d *Drafts) PressDraftReplace(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.draftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	row, saved, err := d.save(ctx, p, draft, p.Numbers[1])
	if err != nil {
		return d.notSaved(p, draft.ID, err)
	}
	if saved == archive.Corrected && d.config.Corrected != nil {
		d.config.Corrected(ctx, row.ID)
	}
	return d.viewReply(p, aDraft, draft.ID, p.Plain("draft.replaced")), nil
}

// PressDraftDiscard forgets a draft.
func (d *Drafts) PressDraftDiscard(ctx context.Context, p talk.Press) (talk.Reply, error) {
	draft, why, err := d.draftOf(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	if draft.State == subscribers.DraftDiscarded {
		return d.viewReply(p, aDraft, draft.ID, ""), nil
	}
	if _, err := d.Store.DiscardDraft(ctx, draft.ID, p.Actor()); err != nil {
		return d.notSaved(p, draft.ID, err)
	}
	return d.viewReply(p, aDraft, draft.ID, p.Plain("draft.discarded_popup")), nil
}
