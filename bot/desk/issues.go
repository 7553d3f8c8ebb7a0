package desk

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// shownInstead is how many issues are offered to an admin who names one that is not
// there.
const shownInstead = 3

// findIssue finds the issue that an admin names, also one that readers are not shown.
// When there is none, or several have that number, it offers issues with buttons made
// by do, and ok is false.
func (d *Desk) findIssue(ctx context.Context, v talk.Visit, name string, do func(string, archive.Issue) models.InlineKeyboardButton) (issue archive.Issue, ok bool, err error) {
	issues, err := d.Store.IssuesNamed(ctx, name)
	said := talk.Values{"Name": talk.Echo(name)}
	text := v.HTML("withdraw.several", said)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		text = v.HTML("withdraw.unknown", said)
		issues, err = d.Store.RecentIssues(ctx, shownInstead)
	case err == nil && len(issues) == 1:
		return issues[0], true, nil
	}
	if err != nil {
		return archive.Issue{}, false, err
	}
	issues = issues[:min(len(issues), talk.IssuesPerPage)]
	d.Say(ctx, v, text, issueButtons(v.Speaker, issues, do))
	return archive.Issue{}, false, nil
}

// issueButtons has a button for each issue, made by do, with its name and date.
func issueButtons(s talk.Speaker, issues []archive.Issue, do func(text string, issue archive.Issue) models.InlineKeyboardButton) talk.Keyboard {
	var k talk.Keyboard
	for _, issue := range issues {
		text := talk.Label(talk.IssueLabel(issue), talk.ButtonUnits) + " · " + s.Date(issue.Date)
		if issue.Withdrawn {
			text = "🚫 " + text
		} else if issue.Held {
			text = "⏳ " + text
		}
		k = append(k, talk.Row(do(text, issue)))
	}
	return k
}

// hidden says why readers are not shown an issue, to stand behind its name; empty: they
// are shown it.
func hidden(s talk.Speaker, issue archive.Issue) string {
	switch {
	case issue.Withdrawn:
		return " · " + s.HTML("withdraw.mark")
	case issue.Held:
		return " · " + s.HTML("hold.mark")
	case issue.IsAhead():
		return " · " + s.HTML("ahead.mark")
	}
	return ""
}

// issueReply is the reply that replaces the question about an issue by a text that names
// it. text is given the name.
func (d *Desk) issueReply(p talk.Press, text func(talk.Values) string) talk.Reply {
	return d.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		issue, err := d.Store.Issue(ctx, p.Numbers[0])
		if err != nil {
			return "", nil, err
		}
		return text(talk.Values{"Issue": talk.IssueName(p.Speaker, issue)}), nil, nil
	})
}
