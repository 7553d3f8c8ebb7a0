package desk

import (
	"context"
	"errors"
	"strings"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// maxMissing bounds the sections that a reader is told of.
const maxMissing = 10

// tellFailed tells people of a delivery that failed.
func (n *notices) tellFailed(ctx context.Context, e delivery.Event) {
	issue, err := n.Store.Issue(ctx, e.Issue)
	if err != nil {
		n.Log.Warn("nobody is told of a failed delivery", "issue", e.Issue, "err", err)
		return
	}
	if e.Asked {
		n.outbox.telling.Go(func() { n.sayUndelivered(ctx, e, issue) }) // there may be many, and each waits for its turn
	}
	if e.First {
		n.EachAdmin(ctx, func(v talk.Visit) { n.sayFailed(ctx, v, e, issue) })
	}
}

// sayUndelivered tells a reader that an issue they asked for did not arrive, or which
// sections of it.
func (n *notices) sayUndelivered(ctx context.Context, e delivery.Event, issue subscribers.Issue) {
	ctx = sender.ForReader(ctx) // there may be thousands
	v := talk.Visit{Sub: e.Chat, Thread: e.Chat.Chat.Thread, Speaker: n.SpeakerTo(e.Chat, "")}
	text := v.HTML("undelivered.all", talk.Values{"Issue": talk.IssueName(v.Speaker, issue)})
	if e.Partly && len(e.Missing) > 0 {
		text = v.HTML("undelivered.part", talk.Values{
			"Issue": talk.IssueName(v.Speaker, issue), "Sections": sectionList(v.Speaker, e.Missing),
		})
	}
	n.Apologise(ctx, v, text, talk.Keyboard{talk.Row(talk.Button(v.Plain("button.try_again"), talk.ActIssue, issue.ID))})
}

// sectionList names the sections of messages.
func sectionList(s talk.Speaker, messages []subscribers.Message) string {
	var names []string
	for _, m := range messages[:min(len(messages), maxMissing)] {
		names = append(names, "• "+talk.MessageName(s, m))
	}
	if len(messages) > maxMissing {
		names = append(names, "…")
	}
	return strings.Join(names, "\n")
}

// sayFailed tells an admin what Telegram refuses, with a button that tries again.
func (n *notices) sayFailed(ctx context.Context, v talk.Visit, e delivery.Event, issue subscribers.Issue) {
	said := talk.Values{
		"Issue": talk.IssueName(v.Speaker, issue), "Message": e.Message, "Reason": n.InShort(errors.New(e.Reason)),
	}
	if !e.Kept {
		n.Say(ctx, v, v.HTML("notice.refused", said), nil)
		return
	}
	again := talk.Button(v.Plain("button.retry"), talk.ActRetryIssue, issue.ID)
	if e.Broadcast.ID != 0 {
		again = talk.Button(v.Plain("button.retry"), talk.ActRetry, e.Broadcast.ID)
	}
	n.Say(ctx, v, v.HTML("notice.failed", said), talk.Keyboard{talk.Row(again)})
}
