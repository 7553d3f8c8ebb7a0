package bot

import (
	"context"
	"errors"
	"strconv"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// deliverLatest sends the newest issue to the visitor's chat. answer is what
// remains to be said; empty: the issue speaks for itself.
func (b *Bot) deliverLatest(ctx context.Context, v visit) (answer string, err error) {
	issue, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return paragraphs(v.html("latest.none"), b.next(v.speaker)), nil
	}
	if err != nil {
		return "", err
	}
	return b.deliver(ctx, v, issue)
}

// deliver sends an issue. Asking twice sends it twice to a reader; a whole
// group should not have to bear that from any of its members.
func (b *Bot) deliver(ctx context.Context, v visit, issue subscribers.Issue) (answer string, err error) {
	if !v.private() {
		d, err := b.store.Delivery(ctx, issue.ID, v.sub.ID)
		if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
			return "", err
		}
		if err == nil && d.State == subscribers.Delivered {
			if admin, err := b.isChatAdmin(ctx, v); err != nil || !admin {
				return v.html("latest.group_has_it"), err
			}
		}
	}
	became, err := b.broadcaster.Deliver(ctx, issue.ID, v.sub.ID)
	if err != nil {
		return "", err
	}
	if became == delivery.UnderWay {
		return v.html("latest.under_way"), nil
	}
	return "", nil
}

// issue sends the issue with a number, as a link asked for.
func (b *Bot) issue(ctx context.Context, v visit, number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n <= 0 {
		b.say(ctx, v, v.html("issue.unknown", values{"Number": number}), nil)
		return nil
	}
	issue, err := b.store.IssueByNumber(ctx, n)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, v.html("issue.unknown", values{"Number": number}), nil)
		return nil
	}
	if err != nil {
		return err
	}
	answer, err := b.deliver(ctx, v, issue)
	if err == nil && answer != "" {
		b.say(ctx, v, answer, nil)
	}
	return err
}
