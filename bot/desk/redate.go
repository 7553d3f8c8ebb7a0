package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Redate gives an issue that an admin names another date. args are such as
// "12 2026-11-27".
func (d *Desk) Redate(ctx context.Context, v talk.Visit, args string) error {
	fields := strings.Fields(args)
	var date time.Time
	err := errors.New("nothing is named")
	if len(fields) > 1 {
		date, err = time.Parse(time.DateOnly, fields[len(fields)-1])
	}
	if err != nil {
		return d.sayHowToRedate(ctx, v)
	}
	name := strings.Join(fields[:len(fields)-1], " ")
	issue, ok, err := d.findIssue(ctx, v, name, func(text string, issue archive.Issue) models.InlineKeyboardButton {
		return talk.Button(text, talk.ActRedate, issue.ID, dayNumber(date))
	})
	if err != nil || !ok {
		return err
	}
	before, after, err := d.Store.RedateIssue(ctx, issue.ID, date, v.Actor())
	if err != nil {
		return err
	}
	text, k, err := d.redatedView(ctx, v.Speaker, before, after)
	if err == nil {
		d.Say(ctx, v, text, k)
	}
	return err
}

// sayHowToRedate says how to give an issue another date, with an example.
func (d *Desk) sayHowToRedate(ctx context.Context, v talk.Visit) error {
	example := "12"
	if newest, err := d.Store.RecentIssues(ctx, 1); err != nil {
		return err
	} else if len(newest) > 0 {
		example = talk.IssueLabel(newest[0])
		if newest[0].Number == 0 {
			example = talk.Label(newest[0].Key, talk.ButtonUnits)
		}
	}
	d.Say(ctx, v, v.HTML("redate.how", talk.Values{"Example": example + " " + d.today().Format(time.DateOnly)}), nil)
	return nil
}

// secondsPerDay is for the dates in buttons, which are days since 1 January 1970; 0 is
// today.
const secondsPerDay = 24 * 60 * 60

// lastDay is 31 December 9999: later dates do not compare as text.
const lastDay = 2932896

// dayNumber writes a date for a button; a date before 1970 becomes 0.
func dayNumber(date time.Time) int64 { return max(date.Unix()/secondsPerDay, 0) }

// redatedView says what the new date of an issue leads to, with a button that takes it
// back.
func (d *Desk) redatedView(ctx context.Context, s talk.Speaker, before, after archive.Issue) (string, talk.Keyboard, error) {
	name := talk.Values{"Issue": talk.IssueName(s, after), "Before": s.Date(before.Date)}
	consequence, err := d.consequence(ctx, s, after)
	if err != nil {
		return "", nil, err
	}
	if before.Date.Equal(after.Date) {
		return talk.Paragraphs(s.HTML("redate.same", name), consequence), nil, nil
	}
	reached, err := d.Store.CountReached(ctx, after.ID)
	if err != nil {
		return "", nil, err
	}
	sent := ""
	if reached > 0 {
		sent = s.HTML("redate.sent")
	}
	var k talk.Keyboard
	if back := dayNumber(before.Date); back > 0 {
		k = talk.Keyboard{talk.Row(talk.Button(s.Plain("button.undo"), talk.ActRedate, after.ID, back))}
	}
	return talk.Paragraphs(s.HTML("redate.done", name), talk.Lines(consequence, sent)), k, nil
}

// consequence says what the date of an issue leads to; empty: nothing.
func (d *Desk) consequence(ctx context.Context, s talk.Speaker, issue archive.Issue) (string, error) {
	switch {
	case issue.Withdrawn:
		return s.HTML("redate.withdrawn"), nil
	case issue.IsAhead():
		return s.HTML("ahead.from", talk.Values{"From": s.Date(digest.ShownFrom(issue.Date))}), nil
	}
	newest, err := d.Store.NewestIssue(ctx)
	if err != nil || newest.ID != issue.ID {
		return "", err
	}
	_, err = d.Store.BroadcastSince(ctx, issue.ID, time.Unix(0, 0))
	if errors.Is(err, subscribers.ErrNotFound) {
		return s.HTML("redate.newest"), nil
	}
	return "", err
}

// PressRedate gives an issue the date the button names.
func (d *Desk) PressRedate(ctx context.Context, p talk.Press) (talk.Reply, error) {
	date := d.today()
	if day := p.Numbers[1]; day > lastDay {
		return talk.OutOfDateReply(p), nil
	} else if day > 0 {
		date = time.Unix(day*secondsPerDay, 0).UTC()
	}
	before, after, err := d.Store.RedateIssue(ctx, p.Numbers[0], date, p.Actor())
	if err != nil {
		return talk.MissingReply(p, err)
	}
	answer := d.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return d.redatedView(ctx, p.Speaker, before, after)
	})
	answer.Popup = p.Plain("redate.popup", talk.Values{"Date": p.Date(after.Date)})
	return answer, nil
}

// PressDateRight says that the date of an issue stays as it is.
func (d *Desk) PressDateRight(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := d.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		d.Show(ctx, p, p.HTML("ahead.right", d.aheadValues(p.Speaker, issue)), nil)
		return nil
	}}, nil
}
