package bot

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// withdraw asks an admin whether to withdraw an issue, or which one.
func (b *Desk) withdraw(ctx context.Context, v visit, name string) error {
	if name == "" {
		return b.listIssues(ctx, v)
	}
	issue, ok, err := b.adminsIssue(ctx, v, name, withdrawButton)
	if err != nil || !ok {
		return err
	}
	text, k, err := b.withdrawView(ctx, v.speaker, issue)
	if err == nil {
		b.say(ctx, v, text, k)
	}
	return err
}

// listIssues shows the newest issues, each with a button that asks whether to
// withdraw or restore it.
func (b *Desk) listIssues(ctx context.Context, v visit) error {
	issues, err := b.store.RecentIssues(ctx, issuesPerPage)
	if err != nil {
		return err
	}
	if len(issues) == 0 {
		b.say(ctx, v, v.html("status.no_issue"), nil)
		return nil
	}
	var names []string
	for _, issue := range issues {
		names = append(names, b.archiveLine(v.speaker, issue)+b.hidden(v.speaker, issue))
	}
	b.say(ctx, v, paragraphs(v.html("withdraw.which"), lines(names...)), issueButtons(v.speaker, issues, withdrawButton))
	return nil
}

// hidden says, behind the name of an issue, why readers are not shown it; empty:
// they are.
func (b *Desk) hidden(s speaker, issue subscribers.Issue) string {
	switch {
	case issue.Withdrawn:
		return " · " + s.html("withdraw.mark")
	case issue.IsAhead():
		return " · " + s.html("ahead.mark")
	}
	return ""
}

func withdrawButton(text string, issue subscribers.Issue) models.InlineKeyboardButton {
	return button(text, actAskWithdraw, issue.ID)
}

// issueButtons has a button made by do for each issue, with its name and date.
func issueButtons(s speaker, issues []subscribers.Issue, do func(text string, issue subscribers.Issue) models.InlineKeyboardButton) keyboard {
	var k keyboard
	for _, issue := range issues {
		text := label(issueLabel(issue), buttonUnits) + " · " + s.date(issue.Date)
		if issue.Withdrawn {
			text = "🚫 " + text
		}
		k = append(k, row(do(text, issue)))
	}
	return k
}

// shownInstead is how many issues are offered to who names one that is not there.
const shownInstead = 3

// adminsIssue finds the issue that an admin names, also one that readers are not
// shown. When there is none, or several have that number, it offers others with
// buttons made by do, and ok is false.
func (b *Desk) adminsIssue(ctx context.Context, v visit, name string, do func(string, subscribers.Issue) models.InlineKeyboardButton) (issue subscribers.Issue, ok bool, err error) {
	issues, err := b.store.IssuesNamed(ctx, name)
	said := values{"Name": search.Cut(name, echoUnits)}
	text := v.html("withdraw.several", said)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		text = v.html("withdraw.unknown", said)
		issues, err = b.store.RecentIssues(ctx, shownInstead)
	case err == nil && len(issues) == 1:
		return issues[0], true, nil
	}
	if err != nil {
		return subscribers.Issue{}, false, err
	}
	issues = issues[:min(len(issues), issuesPerPage)]
	b.say(ctx, v, text, issueButtons(v.speaker, issues, do))
	return subscribers.Issue{}, false, nil
}

// withdrawView is the question whether to withdraw an issue; of one that is
// withdrawn, what there is to say of it.
func (b *Desk) withdrawView(ctx context.Context, s speaker, issue subscribers.Issue) (string, keyboard, error) {
	reached, err := b.store.Reached(ctx, issue.ID)
	if err != nil {
		return "", nil, err
	}
	name := values{"Issue": markup(b.issueName(s, issue))}
	if issue.Withdrawn {
		return paragraphs(s.html("withdraw.is", name), has(s, reached)), restoreKeyboard(s, issue), nil
	}
	open, err := b.store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return "", nil, err
	}
	underWay := ""
	for _, bc := range open {
		if bc.IssueID == issue.ID {
			underWay = s.html("withdraw.under_way")
		}
	}
	return paragraphs(s.html("withdraw.ask", name), lines(underWay, has(s, reached))), keyboard{
		row(button(s.plain("button.withdraw"), actWithdraw, issue.ID)),
		row(button(s.plain("button.keep_issue"), actKeepIssue, issue.ID)),
	}, nil
}

// has says how many subscribers have something of an issue; empty: nobody.
func has(s speaker, reached int) string {
	if reached == 0 {
		return ""
	}
	return s.html("withdraw.reached", values{"Count": reached})
}

func restoreKeyboard(s speaker, issue subscribers.Issue) keyboard {
	return keyboard{row(button(s.plain("button.restore"), actRestore, issue.ID))}
}

// pressAskWithdraw asks about one of the issues listed, in place of the list.
func (b *Desk) pressAskWithdraw(ctx context.Context, p press) (reply, error) {
	if err := b.store.AskAgain(ctx, p.question(actWithdraw)); err != nil {
		return reply{}, err
	}
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	return reply{show: func(ctx context.Context) error {
		text, k, err := b.withdrawView(ctx, p.speaker, issue)
		if err == nil {
			b.show(ctx, p, text, k)
		}
		return err
	}}, nil
}

// unknownIssue is the reply to a press about an issue that is not there.
func unknownIssue(p press, err error) (reply, error) {
	if errors.Is(err, subscribers.ErrNotFound) {
		return outOfDate(p), nil
	}
	return reply{}, err
}

func (b *Desk) pressWithdraw(ctx context.Context, p press) (reply, error) {
	dismissed, err := b.store.IsDismissed(ctx, p.question(actWithdraw))
	if err != nil {
		return reply{}, err
	}
	if dismissed {
		return p.answered(func(ctx context.Context) error { return b.showKept(ctx, p) }), nil
	}
	w, err := b.store.WithdrawIssue(ctx, p.numbers[0], p.user)
	if err != nil {
		return unknownIssue(p, err)
	}
	b.broadcaster.Wake()
	return reply{notice: p.plain("withdraw.notice"), show: func(ctx context.Context) error {
		cancelled := ""
		if w.Cancelled > 0 {
			cancelled = p.html("withdraw.cancelled")
		}
		done := p.html("withdraw.done", values{"Issue": markup(b.issueName(p.speaker, w.Issue))})
		b.show(ctx, p, paragraphs(done, lines(cancelled, has(p.speaker, w.Reached)), p.html("withdraw.stays")),
			restoreKeyboard(p.speaker, w.Issue))
		return nil
	}}, nil
}

// pressKeepIssue answers the question whether to withdraw an issue with no.
func (b *Desk) pressKeepIssue(ctx context.Context, p press) (reply, error) {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	if issue.Withdrawn { // by a press just before
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	}
	err = b.store.DismissQuestion(ctx, p.question(actWithdraw))
	return reply{show: func(ctx context.Context) error { return b.showKept(ctx, p) }}, err
}

func (b *Desk) showKept(ctx context.Context, p press) error {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return err
	}
	b.show(ctx, p, p.html("withdraw.kept", values{"Issue": markup(b.issueName(p.speaker, issue))}), nil)
	return nil
}

func (b *Desk) pressRestore(ctx context.Context, p press) (reply, error) {
	issue, _, err := b.store.RestoreIssue(ctx, p.numbers[0], p.user)
	if err != nil {
		return unknownIssue(p, err)
	}
	return reply{notice: p.plain("withdraw.restored_notice"), show: func(ctx context.Context) error {
		b.show(ctx, p, p.html("withdraw.restored", values{"Issue": markup(b.issueName(p.speaker, issue))}), nil)
		return nil
	}}, nil
}
