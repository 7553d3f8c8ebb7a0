package bot

import (
	"context"
	"errors"

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
