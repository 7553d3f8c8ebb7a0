package bot

import (
	"context"
	"errors"

	"digestbot/digest"
	"digestbot/subscribers"
)

// maxAhead bounds the issues dated too far ahead that a message names.
const maxAhead = 3

// tellNews tells admins what they have not been told of the archive: which issues
// are dated more than a week ahead, and which withdrawn ones have new documents.
func (b *Desk) tellNews(ctx context.Context) {
	news, err := b.store.NewsForAdmins(ctx)
	if err != nil {
		if ctx.Err() == nil {
			b.log.Error("admins are not told of issues", "err", err)
		}
		return
	}
	if len(news.Ahead)+len(news.Corrected) == 0 {
		return
	}
	told := false
	b.eachAdmin(ctx, func(v visit) { told = b.sayNews(ctx, v, news) || told })
	if !told {
		return // they have to write to the bot first
	}
	if err := b.store.NewsTold(ctx, news); err != nil {
		b.log.Error("admins will be told of issues again", "err", err)
	}
}

// sayNews tells one admin; told is false when nothing arrived.
func (b *Desk) sayNews(ctx context.Context, v visit, news subscribers.News) (told bool) {
	for _, issue := range news.Corrected[:min(len(news.Corrected), maxErrors)] {
		text := v.html("withdraw.corrected", values{"Issue": markup(b.issueName(v.speaker, issue))})
		told = b.say(ctx, v, text, restoreKeyboard(v.speaker, issue)) != 0 || told
	}
	if len(news.Ahead) == 0 {
		return told
	}
	if len(news.Ahead) > 1 {
		text := paragraphs(v.html("ahead.several", values{"Count": len(news.Ahead), "Today": v.date(b.today())}),
			lines(b.archiveLines(v.speaker, news.Ahead)...), v.html("ahead.several_hint"))
		return b.say(ctx, v, text, nil) != 0 || told
	}
	issue := news.Ahead[0]
	return b.say(ctx, v, v.html("ahead.ask", b.aheadValues(v.speaker, issue)), keyboard{
		row(button(v.plain("button.date_today"), actRedate, issue.ID, 0), button(v.plain("button.withdraw_ask"), actAskWithdraw, issue.ID)),
		row(button(v.plain("button.date_right"), actDateRight, issue.ID)),
	}) != 0 || told
}

// archiveLines names the first of some issues.
func (b *Desk) archiveLines(s speaker, issues []subscribers.Issue) []string {
	var names []string
	for _, issue := range issues[:min(len(issues), maxAhead)] {
		names = append(names, b.archiveLine(s, issue))
	}
	return names
}

// aheadValues fill the texts about an issue dated too far ahead.
func (b *Desk) aheadValues(s speaker, issue subscribers.Issue) values {
	return values{
		"Issue": markup(b.issueName(s, issue)), "Today": s.date(b.today()), "From": s.date(digest.ShownFrom(issue.Date)),
	}
}

// aheadLine names the issues that are not sent because they are dated too far ahead;
// empty: there are none.
func (b *Desk) aheadLine(ctx context.Context, s speaker) (string, error) {
	issues, err := b.store.IssuesAhead(ctx, maxAhead)
	if err != nil || len(issues) == 0 {
		return "", err
	}
	return lines(append([]string{s.html("ahead.line", values{"Today": s.date(b.today())})}, b.archiveLines(s, issues)...)...), nil
}

// aheadOffer is the line, and for each of the issues a button that asks whether to
// send it all the same.
func (b *Desk) aheadOffer(ctx context.Context, s speaker) (string, keyboard, error) {
	line, err := b.aheadLine(ctx, s)
	if err != nil || line == "" {
		return "", nil, err
	}
	issues, err := b.store.IssuesAhead(ctx, maxAhead)
	var k keyboard
	for _, issue := range issues {
		text := s.plain("button.ask_ahead", values{"Issue": label(issueLabel(issue), briefUnits)})
		k = append(k, row(button(text, actAskAhead, issue.ID)))
	}
	return line, k, err
}

// pressAskAhead asks whether to send an issue whose date is too far ahead.
func (b *Desk) pressAskAhead(ctx context.Context, p press) (reply, error) {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if err != nil {
		return unknownIssue(p, err)
	}
	audience, err := b.store.Audience(ctx, issue.ID)
	if err != nil {
		return reply{}, err
	}
	switch {
	case issue.Withdrawn:
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	case audience == 0:
		return reply{notice: p.plain("broadcast.everybody_has_it"), alert: true}, nil
	}
	question, err := b.question(ctx, p.visit, issue, audience)
	if err != nil {
		return reply{}, err
	}
	return reply{then: func(ctx context.Context) error { // a message of its own: the answer has an hour from now
		warning := ""
		if issue.IsAhead() {
			warning = p.html("ahead.anyway", b.aheadValues(p.speaker, issue))
		}
		b.say(ctx, p.visit, paragraphs(warning, question), broadcastKeyboard(p.speaker, issue, audience))
		return nil
	}}, nil
}

// pressDateRight takes note that the date of an issue is right.
func (b *Desk) pressDateRight(ctx context.Context, p press) (reply, error) {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) {
		return outOfDate(p), nil
	}
	return reply{show: func(ctx context.Context) error {
		b.show(ctx, p, p.html("ahead.right", b.aheadValues(p.speaker, issue)), nil)
		return nil
	}}, err
}
