package drafts

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// summary says what a subject is and what is to be looked at, with buttons for what can be
// done with it now.
func (d *Drafts) summary(ctx context.Context, s talk.Speaker, of subject) (string, talk.Keyboard, error) {
	figures, err := d.figures(ctx, s, of)
	if err != nil {
		return "", nil, err
	}
	name := talk.Values{"Issue": talk.IssueName(s, of.row), "Name": of.draft.Name}
	if of.draft.ID == 0 {
		state, err := d.standing(ctx, s, of.row)
		return talk.Paragraphs(s.HTML("draft.issue", name), figures, talk.WarningLines(s, of.warnings), state), issueKeyboard(s, of.row), err
	}
	text := talk.Paragraphs(s.HTML("draft.title", name), figures, talk.WarningLines(s, of.warnings), replacing(s, of))
	return text, d.draftKeyboard(s, of), nil
}

// figures say how large an issue is, and what its broadcast would be.
func (d *Drafts) figures(ctx context.Context, s talk.Speaker, of subject) (string, error) {
	readers, err := d.Store.CountSubscribers(ctx)
	if err != nil {
		return "", err
	}
	audience := readers[subscribers.On]
	each := rendition.CountMessages(of.messages, subscribers.Recipient{}, digest.LayoutSections)
	size := s.HTML("draft.size", talk.Values{
		"Sections": s.Plain("count.sections", talk.Values{"Count": len(of.issue.Sections)}),
		"Items":    s.Plain("count.items", talk.Values{"Count": items(of.issue)}),
		"Links":    s.Plain("count.links", talk.Values{"Count": links(of.issue)}),
	})
	if audience == 0 {
		return talk.Lines(size, s.HTML("draft.nobody", talk.Values{"Messages": s.Plain("count.messages", talk.Values{"Count": each})})), nil
	}
	seconds := max(audience*each/d.config.Rate, each)
	return talk.Lines(size, s.HTML("draft.effort", talk.Values{
		"Messages":    s.Plain("count.messages", talk.Values{"Count": each}),
		"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": audience}),
		"Duration":    s.Duration(time.Duration(seconds) * time.Second),
		"Rate":        d.config.Rate,
	})), nil
}

// replacing says what a draft would take the place of; empty: nothing.
func replacing(s talk.Speaker, of subject) string {
	switch {
	case of.taken:
		return s.HTML("draft.taken", talk.Values{"Key": of.issue.Key, "Issue": talk.IssueName(s, *of.instead)})
	case of.saved == archive.Corrected:
		return s.HTML("draft.corrects", talk.Values{"Issue": talk.IssueName(s, *of.instead)})
	}
	return ""
}

// draftKeyboard has what can be done with a draft.
func (d *Drafts) draftKeyboard(s talk.Speaker, of subject) talk.Keyboard {
	id := of.draft.ID
	var k talk.Keyboard
	if of.saved == archive.Added {
		k = append(k,
			talk.Row(talk.Button(s.Plain("button.draft_send"), talk.ActDraftSend, id)),
			talk.Row(talk.Button(d.keepText(s), talk.ActDraftKeep, id)))
	}
	if of.instead != nil {
		k = append(k, replaceRow(s, of))
	}
	return append(k,
		talk.Row(talk.Button(s.Plain("button.try"), talk.ActTry, aDraft, id, 0, 0)),
		talk.Row(talk.Button(s.Plain("button.draft_discard"), talk.ActDraftDiscard, id)))
}

// replaceRow has the button by which a draft takes the place of an issue. Of another issue
// than that which the draft is of, it only asks.
func replaceRow(s talk.Speaker, of subject) []models.InlineKeyboardButton {
	said := talk.Values{"Issue": talk.Label(talk.IssueShort(s, *of.instead), talk.ButtonUnits)}
	if of.saved == archive.Added {
		return talk.Row(talk.Button(s.Plain("button.draft_ask_replace", said), talk.ActAskReplace, of.draft.ID, of.instead.ID))
	}
	return talk.Row(talk.Button(s.Plain("button.draft_replace", said), talk.ActDraftReplace, of.draft.ID, of.instead.ID))
}

// keepText names the run for which a draft is kept.
func (d *Drafts) keepText(s talk.Speaker) string {
	at := d.NextBroadcast()
	if at.IsZero() {
		return s.Plain("button.draft_keep")
	}
	if s.Zone != nil {
		at = at.In(s.Zone)
	}
	const week = 7 * 24 * time.Hour
	if time.Until(at) < week {
		return s.Plain("button.draft_keep_for", talk.Values{"Day": s.Day(at.Weekday())})
	}
	return s.Plain("button.draft_keep_for", talk.Values{"Day": s.Date(at)})
}

// standing says what will become of an issue of the archive.
func (d *Drafts) standing(ctx context.Context, s talk.Speaker, issue archive.Issue) (string, error) {
	switch {
	case issue.Withdrawn:
		return s.HTML("draft.withdrawn"), nil
	case issue.Held:
		return s.HTML("draft.held"), nil
	}
	return d.prospect(ctx, s, issue)
}

// issueKeyboard has what can be done with an issue of the archive.
func issueKeyboard(s talk.Speaker, issue archive.Issue) talk.Keyboard {
	var k talk.Keyboard
	switch {
	case issue.Withdrawn:
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.restore"), talk.ActRestore, issue.ID))}
	case issue.Held:
		k = append(k, talk.Row(talk.Button(s.Plain("button.approve"), talk.ActApprove, issue.ID, int64(issue.Edition))))
	default:
		k = sendKeyboard(s, issue)
	}
	return append(k,
		talk.Row(talk.Button(s.Plain("button.try"), talk.ActTry, anIssue, issue.ID, 0, 0)),
		talk.Row(talk.Button(s.Plain("button.ask_withdraw"), talk.ActAskWithdraw, issue.ID)))
}

// view is what the message about a subject shows now: its summary or what became of it.
func (d *Drafts) view(ctx context.Context, s talk.Speaker, kind, id int64) (string, talk.Keyboard, error) {
	if kind == anIssue {
		of, err := d.ofIssue(ctx, id)
		if err != nil {
			return "", nil, err
		}
		return d.summary(ctx, s, of)
	}
	draft, err := d.Store.Draft(ctx, id)
	if err != nil {
		return "", nil, err
	}
	switch draft.State {
	case subscribers.DraftDiscarded:
		return s.HTML("draft.discarded", talk.Values{"Name": draft.Name}), nil, nil
	case subscribers.DraftSaved:
		return d.savedView(ctx, s, draft.Issue)
	}
	of, err := d.ofDraft(ctx, draft)
	if err != nil {
		return "", nil, err
	}
	return d.summary(ctx, s, of)
}

// savedView says that a draft is in the archive.
func (d *Drafts) savedView(ctx context.Context, s talk.Speaker, id int64) (string, talk.Keyboard, error) {
	issue, err := d.Store.Issue(ctx, id)
	if err != nil {
		return "", nil, err
	}
	state, err := d.standing(ctx, s, issue)
	return talk.Paragraphs(s.HTML("draft.saved", talk.Values{"Issue": talk.IssueName(s, issue)}), state), issueKeyboard(s, issue), err
}

// viewReply shows what a subject has become in the message with the button.
func (d *Drafts) viewReply(p talk.Press, kind, id int64, popup string) talk.Reply {
	r := d.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) { return d.view(ctx, p.Speaker, kind, id) })
	r.Popup = popup
	return r
}
