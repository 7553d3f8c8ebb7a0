package desk

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// Withdraw asks an admin whether to withdraw an issue, or which one.
func (d *Desk) Withdraw(ctx context.Context, v talk.Visit, name string) error {
	if name == "" {
		return d.listIssues(ctx, v)
	}
	issue, ok, err := d.adminsIssue(ctx, v, name, withdrawButton)
	if err != nil || !ok {
		return err
	}
	text, k, err := d.withdrawView(ctx, v.Speaker, issue)
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
		names = append(names, d.ArchiveLine(v.Speaker, issue)+d.hidden(v.Speaker, issue))
	}
	d.Say(ctx, v, talk.Paragraphs(v.HTML("withdraw.which"), talk.Lines(names...)), issueButtons(v.Speaker, issues, withdrawButton))
	return nil
}

// hidden says, behind the name of an issue, why readers are not shown it; empty:
// they are.
func (d *Desk) hidden(s talk.Speaker, issue subscribers.Issue) string {
	switch {
	case issue.Withdrawn:
		return " · " + s.HTML("withdraw.mark")
	case issue.IsAhead():
		return " · " + s.HTML("ahead.mark")
	}
	return ""
}

func withdrawButton(text string, issue subscribers.Issue) models.InlineKeyboardButton {
	return talk.Button(text, talk.ActAskWithdraw, issue.ID)
}

// issueButtons has a button made by do for each issue, with its name and date.
func issueButtons(s talk.Speaker, issues []subscribers.Issue, do func(text string, issue subscribers.Issue) models.InlineKeyboardButton) talk.Keyboard {
	var k talk.Keyboard
	for _, issue := range issues {
		text := talk.Label(talk.IssueLabel(issue), talk.ButtonUnits) + " · " + s.Date(issue.Date)
		if issue.Withdrawn {
			text = "🚫 " + text
		}
		k = append(k, talk.Row(do(text, issue)))
	}
	return k
}

// shownInstead is how many issues are offered to who names one that is not there.
const shownInstead = 3

// adminsIssue finds the issue that an admin names, also one that readers are not
// shown. When there is none, or several have that number, it offers others with
// buttons made by do, and ok is false.
func (d *Desk) adminsIssue(ctx context.Context, v talk.Visit, name string, do func(string, subscribers.Issue) models.InlineKeyboardButton) (issue subscribers.Issue, ok bool, err error) {
	issues, err := d.Store.IssuesNamed(ctx, name)
	said := talk.Values{"Name": digest.ShortenUnits(name, talk.EchoUnits)}
	text := v.HTML("withdraw.several", said)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		text = v.HTML("withdraw.unknown", said)
		issues, err = d.Store.RecentIssues(ctx, shownInstead)
	case err == nil && len(issues) == 1:
		return issues[0], true, nil
	}
	if err != nil {
		return subscribers.Issue{}, false, err
	}
	issues = issues[:min(len(issues), talk.IssuesPerPage)]
	d.Say(ctx, v, text, issueButtons(v.Speaker, issues, do))
	return subscribers.Issue{}, false, nil
}

// withdrawView is the question whether to withdraw an issue; of one that is
// withdrawn, what there is to say of it.
func (d *Desk) withdrawView(ctx context.Context, s talk.Speaker, issue subscribers.Issue) (string, talk.Keyboard, error) {
	reached, err := d.Store.CountReached(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	name := talk.Values{"Issue": talk.Markup(d.IssueName(s, issue))}
	if issue.Withdrawn {
		return talk.Paragraphs(s.HTML("withdraw.is", name), has(s, reached)), restoreKeyboard(s, issue), nil
	}
	open, err := d.Store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return "", nil, err
	}
	underWay := ""
	for _, bc := range open {
		if bc.IssueID == issue.ID {
			underWay = s.HTML("withdraw.under_way")
		}
	}
	return talk.Paragraphs(s.HTML("withdraw.ask", name), talk.Lines(underWay, has(s, reached))), talk.Keyboard{
		talk.Row(talk.Button(s.Plain("button.withdraw"), talk.ActWithdraw, issue.ID)),
		talk.Row(talk.Button(s.Plain("button.keep_issue"), talk.ActKeepIssue, issue.ID)),
	}, nil
}

// has says how many subscribers have something of an issue; empty: nobody.
func has(s talk.Speaker, reached int) string {
	if reached == 0 {
		return ""
	}
	return s.HTML("withdraw.reached", talk.Values{"Count": reached})
}

func restoreKeyboard(s talk.Speaker, issue subscribers.Issue) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.restore"), talk.ActRestore, issue.ID))}
}

// PressAskWithdraw asks about one of the issues listed, in place of the list.
func (d *Desk) PressAskWithdraw(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if err := d.Store.AskAgain(ctx, p.Question(talk.ActWithdraw)); err != nil {
		return talk.Reply{}, err
	}
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		text, k, err := d.withdrawView(ctx, p.Speaker, issue)
		if err == nil {
			d.Show(ctx, p, text, k)
		}
		return err
	}}, nil
}

// unknownIssue is the reply to a press about an issue that is not there.
func unknownIssue(p talk.Press, err error) (talk.Reply, error) {
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.OutOfDate(p), nil
	}
	return talk.Reply{}, err
}

// PressWithdraw withdraws an issue.
func (d *Desk) PressWithdraw(ctx context.Context, p talk.Press) (talk.Reply, error) {
	dismissed, err := d.Store.IsDismissed(ctx, p.Question(talk.ActWithdraw))
	if err != nil {
		return talk.Reply{}, err
	}
	if dismissed {
		return p.AnsweredNo(func(ctx context.Context) error { return d.showKept(ctx, p) }), nil
	}
	w, err := d.Store.WithdrawIssue(ctx, p.Numbers[0], p.User)
	if err != nil {
		return unknownIssue(p, err)
	}
	d.Broadcaster.Wake()
	return talk.Reply{Notice: p.Plain("withdraw.notice"), Show: func(ctx context.Context) error {
		cancelled := ""
		if w.Cancelled > 0 {
			cancelled = p.HTML("withdraw.cancelled")
		}
		done := p.HTML("withdraw.done", talk.Values{"Issue": talk.Markup(d.IssueName(p.Speaker, w.Issue))})
		d.Show(ctx, p, talk.Paragraphs(done, talk.Lines(cancelled, has(p.Speaker, w.Reached)), p.HTML("withdraw.stays")),
			restoreKeyboard(p.Speaker, w.Issue))
		return nil
	}}, nil
}

// PressKeepIssue answers the question whether to withdraw an issue with no.
func (d *Desk) PressKeepIssue(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	if issue.Withdrawn { // by a press just before
		return talk.Withdrawn(p), nil
	}
	err = d.Store.DismissQuestion(ctx, p.Question(talk.ActWithdraw))
	return talk.Reply{Show: func(ctx context.Context) error { return d.showKept(ctx, p) }}, err
}

func (d *Desk) showKept(ctx context.Context, p talk.Press) error {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return err
	}
	d.Show(ctx, p, p.HTML("withdraw.kept", talk.Values{"Issue": talk.Markup(d.IssueName(p.Speaker, issue))}), nil)
	return nil
}

// PressRestore takes the withdrawal of an issue back.
func (d *Desk) PressRestore(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, _, err := d.Store.RestoreIssue(ctx, p.Numbers[0], p.User)
	if err != nil {
		return unknownIssue(p, err)
	}
	return talk.Reply{Notice: p.Plain("withdraw.restored_notice"), Show: func(ctx context.Context) error {
		d.Show(ctx, p, p.HTML("withdraw.restored", talk.Values{"Issue": talk.Markup(d.IssueName(p.Speaker, issue))}), nil)
		return nil
	}}, nil
}
