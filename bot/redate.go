package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/digest"
	"digestbot/subscribers"
)

// redate gives an issue that an admin names another date: "12 2026-11-27".
func (b *Desk) redate(ctx context.Context, v visit, args string) error {
	fields := strings.Fields(args)
	var date time.Time
	err := errors.New("nothing is named")
	if len(fields) > 1 {
		date, err = time.Parse(time.DateOnly, fields[len(fields)-1])
	}
	if err != nil {
		return b.sayHowToRedate(ctx, v)
	}
	name := strings.Join(fields[:len(fields)-1], " ")
	issue, ok, err := b.adminsIssue(ctx, v, name, func(text string, issue subscribers.Issue) models.InlineKeyboardButton {
		return button(text, actRedate, issue.ID, dayNumber(date))
	})
	if err != nil || !ok {
		return err
	}
	before, after, err := b.store.RedateIssue(ctx, issue.ID, date, v.user)
	if err != nil {
		return err
	}
	text, k, err := b.redated(ctx, v.speaker, before, after)
	if err == nil {
		b.say(ctx, v, text, k)
	}
	return err
}

func (b *Desk) sayHowToRedate(ctx context.Context, v visit) error {
	example := "12"
	if newest, err := b.store.RecentIssues(ctx, 1); err != nil {
		return err
	} else if len(newest) > 0 {
		example = issueLabel(newest[0])
		if newest[0].Number == 0 {
			example = label(newest[0].Key, buttonUnits)
		}
	}
	b.say(ctx, v, v.html("redate.how", values{"Example": example + " " + b.today().Format(time.DateOnly)}), nil)
	return nil
}

// today is the date where the operator is, as midnight UTC.
func (b *Desk) today() time.Time {
	year, month, day := time.Now().In(b.location).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Buttons name dates by the days since 1 January 1970; 0 is today.
const secondsPerDay = 24 * 60 * 60

// lastDay is 31 December 9999: beyond, dates do not compare as text.
const lastDay = 2932896

// dayNumber is what a button names a date by. What is before 1970 is none.
func dayNumber(date time.Time) int64 { return max(date.Unix()/secondsPerDay, 0) }

// redated says what became of an issue that was given a date, with a button that
// takes it back.
func (b *Desk) redated(ctx context.Context, s speaker, before, after subscribers.Issue) (string, keyboard, error) {
	name := values{"Issue": markup(b.issueName(s, after)), "Before": s.date(before.Date)}
	consequence, err := b.consequence(ctx, s, after)
	if err != nil {
		return "", nil, err
	}
	if before.Date.Equal(after.Date) {
		return paragraphs(s.html("redate.same", name), consequence), nil, nil
	}
	reached, err := b.store.Reached(ctx, after.ID)
	if err != nil {
		return "", nil, err
	}
	sent := ""
	if reached > 0 {
		sent = s.html("redate.sent")
	}
	var k keyboard
	if back := dayNumber(before.Date); back > 0 {
		k = keyboard{row(button(s.plain("button.undo"), actRedate, after.ID, back))}
	}
	return paragraphs(s.html("redate.done", name), lines(consequence, sent)), k, nil
}

// consequence says what the date of an issue leads to; empty: nothing worth saying.
func (b *Desk) consequence(ctx context.Context, s speaker, issue subscribers.Issue) (string, error) {
	switch {
	case issue.Withdrawn:
		return s.html("redate.withdrawn"), nil
	case issue.IsAhead():
		return s.html("ahead.from", values{"From": s.date(digest.ShownFrom(issue.Date))}), nil
	}
	newest, err := b.store.NewestIssue(ctx)
	if err != nil || newest.ID != issue.ID {
		return "", err
	}
	_, err = b.store.BroadcastSince(ctx, issue.ID, time.Unix(0, 0))
	if errors.Is(err, subscribers.ErrNotFound) {
		return s.html("redate.newest"), nil
	}
	return "", err
}

// pressRedate gives an issue the date the button names.
func (b *Desk) pressRedate(ctx context.Context, p press) (reply, error) {
	date := b.today()
	if day := p.numbers[1]; day > lastDay {
		return outOfDate(p), nil
	} else if day > 0 {
		date = time.Unix(day*secondsPerDay, 0).UTC()
	}
	before, after, err := b.store.RedateIssue(ctx, p.numbers[0], date, p.user)
	if err != nil {
		return unknownIssue(p, err)
	}
	return reply{notice: p.plain("redate.notice", values{"Date": p.date(after.Date)}), show: func(ctx context.Context) error {
		text, k, err := b.redated(ctx, p.speaker, before, after)
		if err == nil {
			b.show(ctx, p, text, k)
		}
		return err
	}}, nil
}
