package desk

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// maxAhead bounds the issues dated ahead that a message names.
const maxAhead = 3

// tellUndecided tells admins of issues that wait for a decision, if they have not been
// told: those dated more than a week ahead, and withdrawn ones with a new document.
func (r *reports) tellUndecided(ctx context.Context) {
	news, err := r.Store.NewsForAdmins(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.Log.Error("admins are not told of issues", "err", err)
		}
		return
	}
	if len(news.Ahead)+len(news.Corrected) == 0 {
		return
	}
	told := false
	r.EachAdmin(ctx, func(v talk.Visit) { told = r.sayUndecided(ctx, v, news) || told })
	if !told {
		return // they have to write to the bot first
	}
	if err := r.Store.MarkNewsTold(ctx, news); err != nil {
		r.Log.Error("admins will be told of issues again", "err", err)
	}
}

// sayUndecided tells one admin; told is false when nothing arrived.
func (r *reports) sayUndecided(ctx context.Context, v talk.Visit, news archive.News) (told bool) {
	for _, issue := range news.Corrected[:min(len(news.Corrected), talk.MaxErrorLines)] {
		text := v.HTML("withdraw.corrected", talk.Values{"Issue": talk.IssueName(v.Speaker, issue)})
		told = r.Say(ctx, v, text, restoreKeyboard(v.Speaker, issue)) != 0 || told
	}
	if len(news.Ahead) == 0 {
		return told
	}
	if len(news.Ahead) > 1 {
		text := talk.Paragraphs(v.HTML("ahead.several", talk.Values{"Count": len(news.Ahead), "Today": v.Date(r.today())}),
			talk.Lines(archiveLines(v.Speaker, news.Ahead)...), v.HTML("ahead.several_hint"))
		return r.Say(ctx, v, text, nil) != 0 || told
	}
	issue := news.Ahead[0]
	return r.Say(ctx, v, v.HTML("ahead.ask", r.aheadValues(v.Speaker, issue)), talk.Keyboard{
		talk.Row(talk.Button(v.Plain("button.date_today"), talk.ActRedate, issue.ID, 0), talk.Button(v.Plain("button.ask_withdraw"), talk.ActAskWithdraw, issue.ID)),
		talk.Row(talk.Button(v.Plain("button.date_right"), talk.ActDateRight, issue.ID)),
	}) != 0 || told
}

// archiveLines names the first issues, at most maxAhead.
func archiveLines(s talk.Speaker, issues []archive.Issue) []string {
	var names []string
	for _, issue := range issues[:min(len(issues), maxAhead)] {
		names = append(names, talk.ArchiveLine(s, issue))
	}
	return names
}

// aheadValues fill the texts about an issue dated ahead.
func (r *reports) aheadValues(s talk.Speaker, issue archive.Issue) talk.Values {
	return talk.Values{
		"Issue": talk.IssueName(s, issue), "Today": s.Date(r.today()), "From": s.Date(digest.ShownFrom(issue.Date)),
	}
}

// aheadLine names the issues that are not sent because they are dated ahead; empty:
// there are none.
func (r *reports) aheadLine(ctx context.Context, s talk.Speaker) (string, error) {
	issues, err := r.Store.IssuesAhead(ctx, maxAhead)
	return r.aheadText(s, issues), err
}

// aheadText is aheadLine for the issues given.
func (r *reports) aheadText(s talk.Speaker, issues []archive.Issue) string {
	if len(issues) == 0 {
		return ""
	}
	heading := s.HTML("ahead.line", talk.Values{"Today": s.Date(r.today())})
	return talk.Lines(append([]string{heading}, archiveLines(s, issues)...)...)
}

// aheadOffer is aheadLine with a button for each issue, which asks whether to send it
// all the same.
func (r *reports) aheadOffer(ctx context.Context, s talk.Speaker) (string, talk.Keyboard, error) {
	issues, err := r.Store.IssuesAhead(ctx, maxAhead)
	var k talk.Keyboard
	for _, issue := range issues {
		text := s.Plain("button.ask_ahead", talk.Values{"Issue": talk.Label(talk.IssueLabel(issue), briefUnits)})
		k = append(k, talk.Row(talk.Button(text, talk.ActAskAhead, issue.ID)))
	}
	return r.aheadText(s, issues), k, err
}

// heldOffer names the issue that would be next if an admin approved it, with the button
// for that. Both are empty if there is none.
func (r *reports) heldOffer(ctx context.Context, s talk.Speaker) (string, talk.Keyboard, error) {
	issue, err := r.Store.HeldNewest(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	return s.HTML("hold.line", talk.Values{"Issue": talk.IssueName(s, issue.Issue)}), approveKeyboard(s, issue.Issue), nil
}

func approveKeyboard(s talk.Speaker, issue archive.Issue) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.approve"), talk.ActApprove, issue.ID, int64(issue.Edition)))}
}

// today is the date in the operator's time zone, as midnight UTC.
func (r *reports) today() time.Time {
	year, month, day := time.Now().In(r.Location).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
