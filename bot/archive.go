package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/subscribers"
	"digestbot/subscribers/search"
	"github.com/go-telegram/bot/models"
)

const (
	issuesPerPage = 10
	// buttonsPerRow is how many short buttons stand side by side on a phone.
	buttonsPerRow = 5

	// Lengths in UTF-16 code units, so that texts from documents and people
	// never make a message too long.
	titleUnits  = 120
	buttonUnits = 40
	echoUnits   = 60 // of what somebody wrote, said back
)

// issues shows the archive, newest issues first.
func (b *Bot) issues(ctx context.Context, v visit, _ string) error {
	text, k, err := b.archive(ctx, v.speaker, 0)
	if err != nil {
		return err
	}
	b.say(ctx, v, text, k)
	return nil
}

// archive is the text and keyboard of one page of the archive: the issues by
// name, and a button for each.
func (b *Bot) archive(ctx context.Context, s speaker, page int64) (string, keyboard, error) {
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

// archiveLine names an issue, by its number as well if its title does not.
func (b *Bot) archiveLine(s speaker, issue subscribers.Issue) string {
	name := b.issueName(s, issue)
	if issue.Number == 0 || strings.Contains(issue.Title, strconv.Itoa(issue.Number)) || issue.Title == "" && issue.Key == strconv.Itoa(issue.Number) {
		return name
	}
	return fmt.Sprintf("%d · %s", issue.Number, name)
}

// issueLabel is what a button calls an issue.
func issueLabel(issue subscribers.Issue) string {
	switch {
	case issue.Number != 0:
		return strconv.Itoa(issue.Number)
	case issue.Title != "":
		return label(issue.Title, buttonUnits)
	}
	return label(issue.Key, buttonUnits)
}

// label shortens a text to where Telegram insists on something to see.
func label(text string, units int) string {
	text = search.Cut(text, units)
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && !unicode.IsSpace(r) }) {
		return "…"
	}
	return text
}

// grid arranges buttons row by row: short ones side by side, a long one alone.
func grid(buttons []models.InlineKeyboardButton) keyboard {
	const short = 6 // characters: "📰 1234"
	var k keyboard
	room := 0
	for _, b := range buttons {
		if utf8.RuneCountInString(b.Text) > short {
			k, room = append(k, row(b)), 0
			continue
		}
		if room == 0 {
			k, room = append(k, nil), buttonsPerRow
		}
		last := len(k) - 1
		k[last] = append(k[last], b)
		room--
	}
	return k
}

// nearestPage returns the page, counted from 0, that is nearest to the one
// asked for, and how many there are: a button may be older than what it pages
// through, or forged.
func nearestPage(page int64, total, perPage int) (at, pages int) {
	pages = max((total+perPage-1)/perPage, 1)
	return int(min(page, int64(pages-1))), pages
}

// pager is the row that turns pages; there is none for a single page.
func pager(a action, page, pages int) keyboard {
	if pages <= 1 {
		return nil
	}
	return keyboard{row(
		button("◀️", a, int64(max(page-1, 0))),
		button(fmt.Sprintf("%d/%d", page+1, pages), a, int64(page)),
		button("▶️", a, int64(min(page+1, pages-1))),
	)}
}

func (b *Bot) pressIssues(_ context.Context, p press) (reply, error) {
	return reply{show: func(ctx context.Context) error {
		text, k, err := b.archive(ctx, b.speakerInSight(p.visit), p.numbers[0])
		if err != nil {
			return err
		}
		b.show(ctx, p, text, k)
		return nil
	}}, nil
}

func (b *Bot) pressIssue(ctx context.Context, p press) (reply, error) {
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
func (b *Bot) askIssue(ctx context.Context, v visit, name string) error {
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
func (b *Bot) issue(ctx context.Context, v visit, name string) error {
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
func (b *Bot) issueLink(ctx context.Context, issue subscribers.Issue) (string, error) {
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
