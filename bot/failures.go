package bot

import (
	"context"
	"digestbot/bot/delivery"
	"digestbot/subscribers"
	"errors"
	"strings"
)

// maxMissing bounds the sections that are named to a reader.
const maxMissing = 10

// deliveryFailed tells of a delivery that failed.
func (b *Desk) deliveryFailed(ctx context.Context, e delivery.Event) {
	issue, err := b.store.Issue(ctx, e.Issue)
	if err != nil {
		b.log.Warn("nobody is told of a refusal", "issue", e.Issue, "err", err)
		return
	}
	if e.Asked {
		b.outbox.telling.Go(func() { b.sayUndelivered(ctx, e, issue) }) // there may be many, and each waits for its turn
	}
	if e.News {
		b.eachAdmin(ctx, func(v visit) { b.sayFailed(ctx, v, e, issue) })
	}
}

// sayUndelivered tells a reader that an issue they asked for did not arrive, or what
// of it.
func (b *Desk) sayUndelivered(ctx context.Context, e delivery.Event, issue subscribers.Issue) {
	ctx = delivery.ForReader(ctx) // there may be thousands
	v := visit{sub: e.Chat, thread: e.Chat.Chat.Thread, speaker: b.speakerTo(e.Chat, "")}
	text := v.html("undelivered.all", values{"Issue": markup(b.issueName(v.speaker, issue))})
	if e.Partly && len(e.Missing) > 0 {
		text = v.html("undelivered.part", values{
			"Issue": markup(b.issueName(v.speaker, issue)), "Sections": sectionList(v.speaker, e.Missing),
		})
	}
	b.apologise(ctx, v, text, keyboard{row(button(v.plain("button.try_again"), actIssue, issue.ID))})
}

// sectionList names the sections of messages.
func sectionList(s speaker, messages []subscribers.Message) string {
	var names []string
	for _, m := range messages[:min(len(messages), maxMissing)] {
		names = append(names, "• "+messageName(s, m))
	}
	if len(messages) > maxMissing {
		names = append(names, "…")
	}
	return strings.Join(names, "\n")
}

// sayFailed tells an admin what Telegram refuses, and how to try again.
func (b *Desk) sayFailed(ctx context.Context, v visit, e delivery.Event, issue subscribers.Issue) {
	said := values{
		"Issue": markup(b.issueName(v.speaker, issue)), "Message": e.Message, "Reason": b.inShort(errors.New(e.Reason)),
	}
	if !e.Kept {
		b.say(ctx, v, v.html("notice.refused", said), nil)
		return
	}
	again := button(v.plain("button.retry"), actRetryIssue, issue.ID)
	if e.Broadcast.ID != 0 {
		again = button(v.plain("button.retry"), actRetry, e.Broadcast.ID)
	}
	b.say(ctx, v, v.html("notice.failed", said), keyboard{row(again)})
}
