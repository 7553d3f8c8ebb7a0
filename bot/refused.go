package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// What Telegram refuses nobody would hear of: the log does, with Telegram's words,
// then who asked for it, and the admins, once for an issue and a reason.

// maxMissing bounds the sections that are named to a reader.
const maxMissing = 10

// deliveryFailed tells of a delivery that failed.
func (b *Bot) deliveryFailed(ctx context.Context, e delivery.Event) {
	issue, err := b.store.Issue(ctx, e.Issue)
	if err != nil {
		b.log.Warn("nobody is told of a refusal", "issue", e.Issue, "err", err)
		return
	}
	if e.Asked {
		b.desk.telling.Go(func() { b.sayUndelivered(ctx, e, issue) }) // there may be many, and each waits for its turn
	}
	if e.News {
		b.eachAdmin(ctx, func(v visit) { b.sayFailed(ctx, v, e, issue) })
	}
}

// sayUndelivered tells a reader that an issue they asked for did not arrive, or what
// of it.
func (b *Bot) sayUndelivered(ctx context.Context, e delivery.Event, issue subscribers.Issue) {
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
func (b *Bot) sayFailed(ctx context.Context, v visit, e delivery.Event, issue subscribers.Issue) {
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

// apologise tells a visitor that Telegram refuses what they asked for. That may be
// refused as well.
func (b *Bot) apologise(ctx context.Context, v visit, text string, k keyboard) {
	if v.quiet && v.user != 0 && !b.whispers.disproved() {
		if _, answered := b.whisper(ctx, v, text, k); answered {
			return
		}
	}
	if _, err := b.trySay(ctx, v, text, k); err != nil && ctx.Err() == nil {
		b.log.Warn("a reader does not hear of a refusal", "chat", v.sub.Chat.ID, "err", err)
	}
}

// isRefusal tells whether it is the message that Telegram refuses, and not the chat.
func isRefusal(err error) bool {
	return slices.Contains([]delivery.Kind{delivery.Refused, delivery.ContentFault}, delivery.Classify(err).Kind)
}

// partRefused deals with a message of an issue that was to be the answer to a visitor
// and did not arrive.
func (b *Bot) partRefused(ctx context.Context, v visit, issue int64, m subscribers.Message, err error) {
	b.unsent(ctx, v.sub.Chat.ID, err)
	if ctx.Err() != nil || !isRefusal(err) {
		return
	}
	text := v.html("undelivered.answer")
	if m.SectionID != 0 {
		text = v.html("undelivered.section", values{"Section": messageName(v.speaker, m)})
	}
	b.apologise(ctx, v, text, nil)
	b.broadcaster.NoteRefusal(ctx, issue, m.Position+1, err)
}

// answerRefused is unsent for an answer to a visitor who would wait for it in vain.
func (b *Bot) answerRefused(ctx context.Context, v visit, err error) {
	b.unsent(ctx, v.sub.Chat.ID, err)
	if ctx.Err() == nil && isRefusal(err) {
		b.apologise(ctx, v, v.html("undelivered.answer"), nil)
	}
}
