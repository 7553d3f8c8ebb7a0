package reader

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest/numerals"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Issues shows the archive, newest issues first.
func (i *issues) Issues(ctx context.Context, v talk.Visit, _ string) error {
	text, k, err := i.archivePage(ctx, v, v.Speaker, 0)
	if err == nil {
		i.Say(ctx, v, text, k)
	}
	return err
}

// archivePage is the text and keyboard of one page of the archive: the issues by
// name, and a button for each. The names are links that work for everybody, also where
// only admins may press the buttons.
func (i *issues) archivePage(ctx context.Context, v talk.Visit, s talk.Speaker, page int64) (string, talk.Keyboard, error) {
	_, total, err := i.Store.Issues(ctx, 0, 0)
	if err != nil {
		return "", nil, err
	}
	if total == 0 {
		return i.noIssueText(s), nil, nil
	}
	at, pages := talk.NearestPage(page, total, talk.IssuesPerPage)
	issues, _, err := i.Store.Issues(ctx, talk.IssuesPerPage, at*talk.IssuesPerPage)
	if err != nil {
		return "", nil, err
	}
	var names []string
	var buttons []models.InlineKeyboardButton
	for _, issue := range issues {
		link, err := i.issueLink(ctx, issue)
		if err != nil {
			return "", nil, err
		}
		names = append(names, talk.LinkedLine(s, issue, link))
		buttons = append(buttons, talk.Button(talk.IssueLabel(issue), talk.ActIssue, issue.ID))
	}
	k := append(talk.Grid(buttons), talk.Pager(at, pages, talk.ActIssues)...)
	return talk.Paragraphs(s.HTML("issues.title", talk.Values{"Count": total}), talk.Lines(names...), tapHint(v, s)), k, nil
}

// tapHint says what a tap on an issue brings. Members of a group get it in private, and
// readers of a channel not at all, see talk.IsOffered.
func tapHint(v talk.Visit, s talk.Speaker) string {
	switch {
	case v.Private():
		return s.HTML("issues.hint")
	case v.Sub.Kind == subscribers.Channel:
		return s.HTML("issues.hint_channel")
	}
	return s.HTML("issues.hint_group")
}

// noIssueText says that there is no issue yet.
func (i *issues) noIssueText(s talk.Speaker) string {
	return talk.Paragraphs(s.HTML("latest.none"), i.NextLine(s))
}

// PressIssues turns to a page of the archive.
func (i *issues) PressIssues(_ context.Context, p talk.Press) (talk.Reply, error) {
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.archivePage(ctx, p.Visit, i.SpeakerToAll(p.Visit), p.Numbers[0])
	}), nil
}

// PressIssue sends an issue of the archive.
func (i *issues) PressIssue(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := i.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	h, err := i.deliver(ctx, p.Visit, issue)
	return i.handoverReply(p, h), err
}

// AskIssue sends the issue of that name, or says how to name one.
func (i *issues) AskIssue(ctx context.Context, v talk.Visit, name string) error {
	if name != "" {
		return i.sendNamed(ctx, v, name)
	}
	newest, ok, err := i.newestFor(ctx, v)
	if err != nil || !ok {
		return err
	}
	i.Say(ctx, v, v.HTML("issue.which", talk.Values{"Example": talk.IssueLabel(newest)}), archiveKeyboard(v.Speaker))
	return nil
}

// newestFor returns the newest issue. If there is none it tells the visitor, and ok is
// false.
func (i *issues) newestFor(ctx context.Context, v talk.Visit) (newest archive.Issue, ok bool, err error) {
	newest, err = i.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		i.Say(ctx, v, i.noIssueText(v.Speaker), nil)
		return archive.Issue{}, false, nil
	}
	return newest, err == nil, err
}

// archiveKeyboard leads to the archive.
func archiveKeyboard(s talk.Speaker) talk.Keyboard {
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.issues"), talk.ActIssues, 0))}
}

// numberStart is what may stand before the number of an issue, besides what
// numerals.ReadNumber knows.
var numberStart = regexp.MustCompile(`(?i)^(?:issue|no|nr|vol)[ ._#№]*`)

// IssueNumber returns the number of an issue if that is all a text has, such as "12",
// "#12", "Issue 12" or "第12期".
func IssueNumber(text string) (number string, ok bool) {
	text = strings.TrimRight(text[len(numberStart.FindString(text)):], " .!?。！？")
	n, ok := numerals.ReadNumber(text)
	return strconv.Itoa(n), ok
}

// sendNamed sends the issue with a number or key. If there is none, the name may be words
// to search for, such as a year.
func (i *issues) sendNamed(ctx context.Context, v talk.Visit, name string) error {
	issues, err := i.Store.IssuesNamed(ctx, name)
	if errors.Is(err, subscribers.ErrNotFound) || err == nil && issues[0].Held {
		if _, ok, err := i.newestFor(ctx, v); err != nil || !ok {
			return err
		}
		f, err := i.lookFor(ctx, name)
		if err != nil {
			return err
		}
		offer, k := f.offer(v.Speaker)
		text := talk.Paragraphs(v.HTML("issue.unknown", talk.Values{"Number": talk.Echo(name)}), offer)
		i.Say(ctx, v, text, append(k, archiveKeyboard(v.Speaker)...))
		return nil
	}
	if err != nil {
		return err
	}
	h, err := i.deliver(ctx, v, issues[0])
	if err == nil {
		i.sayHandover(ctx, v, h)
	}
	return err
}
