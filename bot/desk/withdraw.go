package desk

import (
	"context"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers/archive"
)

// Withdraw asks whether to withdraw the issue of that name, or without a name which one.
func (d *Desk) Withdraw(ctx context.Context, v talk.Visit, name string) error {
	if name == "" {
		return d.listIssues(ctx, v)
	}
	issue, ok, err := d.findIssue(ctx, v, name, withdrawButton)
	if err != nil || !ok {
		return err
	}
	text, k, err := d.withdrawView(ctx, v, issue)
	if err == nil {
		d.Say(ctx, v, text, k)
	}
	return err
}

// listIssues shows the newest issues, each with a button that asks whether to
// withdraw or restore it.
func (d *Desk) listIssues(ctx context.Context, v talk.Visit) error {
	issues, err := d.Store.RecentIssues(ctx, talk.IssuesPerPage)
	if err != nil {
		return err
	}
	if len(issues) == 0 {
		d.Say(ctx, v, v.HTML("status.no_issue"), nil)
		return nil
	}
	var names []string
	for _, issue := range issues {
		names = append(names, talk.ArchiveLine(v.Speaker, issue)+hidden(v.Speaker, issue))
	}
	d.Say(ctx, v, talk.Paragraphs(v.HTML("withdraw.which"), talk.Lines(names...)), issueButtons(v.Speaker, issues, withdrawButton))
	return nil
}

// withdrawButton asks whether to withdraw an issue.
func withdrawButton(text string, issue archive.Issue) models.InlineKeyboardButton {
	return talk.Button(text, talk.ActAskWithdraw, issue.ID)
}

// withdrawView asks whether to withdraw an issue; if it is withdrawn, it offers to
// restore it.
func (d *Desk) withdrawView(ctx context.Context, v talk.Visit, issue archive.Issue) (string, talk.Keyboard, error) {
	s := v.Speaker
	reached, err := d.Store.CountReached(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	name := talk.Values{"Issue": talk.IssueName(s, issue)}
	if issue.Withdrawn {
		return talk.Paragraphs(s.HTML("withdraw.is", name), reachedLine(s, reached)), append(restoreKeyboard(s, issue), d.recallRow(v, issue, reached)...), nil
	}
	sending, err := d.isBeingSent(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	underWay := ""
	if sending {
		underWay = s.HTML("withdraw.under_way")
	}
	k := talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.withdraw"), talk.ActWithdraw, issue.ID)),
		talk.Row(talk.Button(s.Plain("button.dont_withdraw"), talk.ActDontWithdraw, issue.ID)),
	}
	older, correct, err := d.correctRow(ctx, v, issue)
	return talk.Paragraphs(s.HTML("withdraw.ask", name), talk.Lines(underWay, reachedLine(s, reached), older)),
		append(append(k, correct...), d.recallRow(v, issue, reached)...), err
}

// correctRow says that readers have an older text of an issue and offers to correct it, if
// that is so. The question that came with the new text may be far up in the chat.
func (d *Desk) correctRow(ctx context.Context, v talk.Visit, issue archive.Issue) (older string, k talk.Keyboard, err error) {
	sent, err := d.Store.OutdatedEdition(ctx, issue)
	if err != nil || sent == 0 {
		return "", nil, err
	}
	return v.HTML("withdraw.older"), talk.Keyboard{talk.Row(talk.Button(v.Plain("button.correct"), talk.ActCorrect, issue.ID, int64(issue.Edition)))}, nil
}

// recallRow offers an owner to delete what has arrived of an issue, if anything has.
func (d *Desk) recallRow(v talk.Visit, issue archive.Issue, reached int) talk.Keyboard {
	if reached == 0 || !d.IsOwner(v.User) {
		return nil
	}
	return talk.Keyboard{talk.Row(talk.Button(v.Plain("button.ask_recall"), talk.ActAskRecall, issue.ID))}
}

// reachedLine says how many subscribers have got something of an issue; empty: nobody.
func reachedLine(s talk.Speaker, reached int) string {
	if reached == 0 {
		return ""
	}
	return s.HTML("withdraw.reached", talk.Values{"Count": reached})
}

// restoreKeyboard restores an issue that was withdrawn.
func restoreKeyboard(s talk.Speaker, issue archive.Issue) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.restore"), talk.ActRestore, issue.ID))}
}

// PressAskWithdraw asks about one of the issues listed, in place of the list.
func (d *Desk) PressAskWithdraw(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if err := d.Store.AskAgain(ctx, p.Question(talk.ActWithdraw)); err != nil {
		return talk.Reply{}, err
	}
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return d.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return d.withdrawView(ctx, p.Visit, issue)
	}), nil
}

// PressWithdraw withdraws an issue.
func (d *Desk) PressWithdraw(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if r, after, err := d.ReplyAfterNo(ctx, p, talk.ActWithdraw, d.notWithdrawnReply(p)); after || err != nil {
		return r, err
	}
	w, err := d.Store.WithdrawIssue(ctx, p.Numbers[0], p.Actor())
	if err != nil {
		return talk.MissingReply(p, err)
	}
	d.Broadcaster.Wake()
	return talk.Reply{Popup: p.Plain("withdraw.popup"), Show: func(ctx context.Context) error {
		cancelled := ""
		if w.Cancelled > 0 {
			cancelled = p.HTML("withdraw.cancelled")
		}
		done := p.HTML("withdraw.done", talk.Values{"Issue": talk.IssueName(p.Speaker, w.Issue)})
		d.Show(ctx, p, talk.Paragraphs(done, talk.Lines(cancelled, reachedLine(p.Speaker, w.Reached)), p.HTML("withdraw.stays")),
			append(restoreKeyboard(p.Speaker, w.Issue), d.recallRow(p.Visit, w.Issue, w.Reached)...))
		return nil
	}}, nil
}

// PressDontWithdraw answers the question whether to withdraw an issue with no, unless it
// was answered with yes.
func (d *Desk) PressDontWithdraw(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	if issue.Withdrawn { // by a press just before
		return talk.WithdrawnReply(p), nil
	}
	err = d.Store.DismissQuestion(ctx, p.Question(talk.ActWithdraw))
	return d.notWithdrawnReply(p), err
}

// notWithdrawnReply is the reply that says that the issue is not withdrawn.
func (d *Desk) notWithdrawnReply(p talk.Press) talk.Reply {
	return d.issueReply(p, func(name talk.Values) string { return p.HTML("withdraw.not_withdrawn", name) })
}

// PressRestore restores an issue that was withdrawn.
func (d *Desk) PressRestore(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, _, err := d.Store.RestoreIssue(ctx, p.Numbers[0], p.Actor())
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return talk.Reply{Popup: p.Plain("withdraw.restored_popup"), Show: func(ctx context.Context) error {
		d.Show(ctx, p, p.HTML("withdraw.restored", talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), nil)
		return nil
	}}, nil
}
