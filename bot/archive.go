package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"digestbot/subscribers"
	"digestbot/subscribers/search"

	"github.com/go-telegram/bot/models"
)

// issues shows the archive, newest issues first.
func (b *Reader) issues(ctx context.Context, v visit, _ string) error {
	text, k, err := b.archive(ctx, v.speaker, 0)
	if err != nil {
		return err
	}
	b.say(ctx, v, text, k)
	return nil
}

// archive is the text and keyboard of one page of the archive: the issues by
// name, and a button for each.
func (b *Reader) archive(ctx context.Context, s speaker, page int64) (string, keyboard, error) {
	_, total, err := b.store.Issues(ctx, 0, 0)
	if err != nil {
		return "", nil, err
	}
	if total == 0 {
		return paragraphs(s.html("latest.none"), b.next(s)), nil, nil
	}
	at, pages := nearestPage(page, total, issuesPerPage)
	issues, _, err := b.store.Issues(ctx, issuesPerPage, at*issuesPerPage)
	if err != nil {
		return "", nil, err
	}
	var names []string
	var buttons []models.InlineKeyboardButton
	for _, issue := range issues {
		names = append(names, b.archiveLine(s, issue))
		buttons = append(buttons, button(issueLabel(issue), actIssue, issue.ID))
	}
	k := append(grid(buttons), pager(actIssues, at, pages)...)
	return paragraphs(s.html("issues.title", values{"Count": total}), lines(names...), s.html("issues.hint")), k, nil
}

func (b *Reader) pressIssues(_ context.Context, p press) (reply, error) {
	return reply{show: func(ctx context.Context) error {
		text, k, err := b.archive(ctx, b.speakerInSight(p.visit), p.numbers[0])
		if err != nil {
			return err
		}
		b.show(ctx, p, text, k)
		return nil
	}}, nil
}

func (b *Reader) pressIssue(ctx context.Context, p press) (reply, error) {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	if err != nil {
		return reply{}, err
	}
	h, err := b.deliver(ctx, p.visit, issue)
	if err != nil {
		return reply{}, err
	}
	return b.handoverReply(p, h), nil
}

// askIssue sends the issue that somebody names, or says how to name one.
func (b *Reader) askIssue(ctx context.Context, v visit, name string) error {
	if name != "" {
		return b.issue(ctx, v, name)
	}
	newest, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, paragraphs(v.html("latest.none"), b.next(v.speaker)), nil)
		return nil
	}
	if err != nil {
		return err
	}
	b.say(ctx, v, v.html("issue.which", values{"Example": issueLabel(newest)}), archiveKeyboard(v.speaker))
	return nil
}

// archiveKeyboard leads to the archive.
func archiveKeyboard(s speaker) keyboard {
	return keyboard{row(button(s.plain("button.issues"), actIssues, 0))}
}

// issue sends the issue with a number or key.
func (b *Reader) issue(ctx context.Context, v visit, name string) error {
	issues, err := b.store.IssuesNamed(ctx, name)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, v.html("issue.unknown", values{"Number": search.Cut(name, echoUnits)}), archiveKeyboard(v.speaker))
		return nil
	}
	if err != nil {
		return err
	}
	h, err := b.deliver(ctx, v, issues[0])
	if err == nil {
		b.sayHandover(ctx, v, h)
	}
	return err
}

// linkedIssue stands in deep links to issues, before the issue's number or its
// database id.
const linkedIssue = "issue_"

// issueLink returns a link that opens a private chat with the bot and has it
// send an issue. Of issues that share a number, only the newest goes by it.
func (b *Reader) issueLink(ctx context.Context, issue subscribers.Issue) (string, error) {
	name := subscribers.IDPrefix + strconv.FormatInt(issue.ID, 10)
	if issue.Number != 0 {
		namesake, err := b.store.IssueByNumber(ctx, issue.Number)
		if err != nil {
			return "", err
		}
		if namesake.ID == issue.ID {
			name = strconv.Itoa(issue.Number)
		}
	}
	return fmt.Sprintf("https://t.me/%s?start=%s", b.me.Load().Username, linkedIssue+name), nil
}
