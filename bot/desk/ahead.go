package desk

import (
	"context"
	"errors"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// maxAhead bounds the issues dated too far ahead that a message names.
const maxAhead = 3

// tellNews tells admins what they have not been told of the archive: which issues
// are dated more than a week ahead, and which withdrawn ones have new documents.
func (d *Desk) tellNews(ctx context.Context) {
	news, err := d.Store.NewsForAdmins(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.Log.Error("admins are not told of issues", "err", err)
		}
		return
	}
	if len(news.Ahead)+len(news.Corrected) == 0 {
		return
	}
	told := false
	d.EachAdmin(ctx, func(v talk.Visit) { told = d.sayNews(ctx, v, news) || told })
	if !told {
		return // they have to write to the bot first
	}
	if err := d.Store.NewsTold(ctx, news); err != nil {
		d.Log.Error("admins will be told of issues again", "err", err)
	}
}

// sayNews tells one admin; told is false when nothing arrived.
func (d *Desk) sayNews(ctx context.Context, v talk.Visit, news subscribers.News) (told bool) {
	for _, issue := range news.Corrected[:min(len(news.Corrected), talk.MaxErrors)] {
		text := v.HTML("withdraw.corrected", talk.Values{"Issue": talk.Markup(d.IssueName(v.Speaker, issue))})
		told = d.Say(ctx, v, text, restoreKeyboard(v.Speaker, issue)) != 0 || told
	}
	if len(news.Ahead) == 0 {
		return told
	}
	if len(news.Ahead) > 1 {
		text := talk.Paragraphs(v.HTML("ahead.several", talk.Values{"Count": len(news.Ahead), "Today": v.Date(d.today())}),
			talk.Lines(d.archiveLines(v.Speaker, news.Ahead)...), v.HTML("ahead.several_hint"))
		return d.Say(ctx, v, text, nil) != 0 || told
	}
	issue := news.Ahead[0]
	return d.Say(ctx, v, v.HTML("ahead.ask", d.aheadValues(v.Speaker, issue)), talk.Keyboard{
		talk.Row(talk.Button(v.Plain("button.date_today"), talk.ActRedate, issue.ID, 0), talk.Button(v.Plain("button.withdraw_ask"), talk.ActAskWithdraw, issue.ID)),
		talk.Row(talk.Button(v.Plain("button.date_right"), talk.ActDateRight, issue.ID)),
	}) != 0 || told
}

// archiveLines names the first of some issues.
func (d *Desk) archiveLines(s talk.Speaker, issues []subscribers.Issue) []string {
	var names []string
	for _, issue := range issues[:min(len(issues), maxAhead)] {
		names = append(names, d.ArchiveLine(s, issue))
	}
	return names
}

// aheadValues fill the texts about an issue dated too far ahead.
func (d *Desk) aheadValues(s talk.Speaker, issue subscribers.Issue) talk.Values {
	return talk.Values{
		"Issue": talk.Markup(d.IssueName(s, issue)), "Today": s.Date(d.today()), "From": s.Date(digest.ShownFrom(issue.Date)),
	}
}

// aheadLine names the issues that are not sent because they are dated too far ahead;
// empty: there are none.
func (d *Desk) aheadLine(ctx context.Context, s talk.Speaker) (string, error) {
	issues, err := d.Store.IssuesAhead(ctx, maxAhead)
	if err != nil || len(issues) == 0 {
		return "", err
	}
	return talk.Lines(append([]string{s.HTML("ahead.line", talk.Values{"Today": s.Date(d.today())})}, d.archiveLines(s, issues)...)...), nil
}

// aheadOffer is the line, and for each of the issues a button that asks whether to
// send it all the same.
func (d *Desk) aheadOffer(ctx context.Context, s talk.Speaker) (string, talk.Keyboard, error) {
	line, err := d.aheadLine(ctx, s)
	if err != nil || line == "" {
		return "", nil, err
	}
	issues, err := d.Store.IssuesAhead(ctx, maxAhead)
	var k talk.Keyboard
	for _, issue := range issues {
		text := s.Plain("button.ask_ahead", talk.Values{"Issue": talk.Label(talk.IssueLabel(issue), briefUnits)})
		k = append(k, talk.Row(talk.Button(text, talk.ActAskAhead, issue.ID)))
	}
	return line, k, err
}

// PressAskAhead asks whether to send an issue whose date is too far ahead.
func (d *Desk) PressAskAhead(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	audience, err := d.Store.Audience(ctx, issue.ID)
	if err != nil {
		return talk.Reply{}, err
	}
	switch {
	case issue.Withdrawn:
		return talk.Reply{Notice: p.Plain("issue.withdrawn"), Alert: true}, nil
	case audience == 0:
		return talk.Reply{Notice: p.Plain("broadcast.everybody_has_it"), Alert: true}, nil
	}
	question, err := d.question(ctx, p.Visit, issue, audience)
	if err != nil {
		return talk.Reply{}, err
	}
	return talk.Reply{Then: func(ctx context.Context) error { // a message of its own: the answer has an hour from now
		warning := ""
		if issue.IsAhead() {
			warning = p.HTML("ahead.anyway", d.aheadValues(p.Speaker, issue))
		}
		d.Say(ctx, p.Visit, talk.Paragraphs(warning, question), broadcastKeyboard(p.Speaker, issue, audience))
		return nil
	}}, nil
}

// PressDateRight takes note that the date of an issue is right.
func (d *Desk) PressDateRight(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.OutOfDate(p), nil
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		d.Show(ctx, p, p.HTML("ahead.right", d.aheadValues(p.Speaker, issue)), nil)
		return nil
	}}, err
}
