package reader

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// sayMessages sends messages of an issue in their order. Only the first makes a
// sound; when one does not arrive, those after it stay away.
func (a *archive) sayMessages(ctx context.Context, v talk.Visit, issue subscribers.Issue, messages []subscribers.Message) error {
	talk.PassTurn(ctx)
	for i, m := range messages {
		params := a.messageParams(v, m)
		params.DisableNotification = i > 0
		_, err := a.Sender.SendMessage(ctx, params)
		if o := delivery.Classify(err); o.Kind == delivery.ContentFault && m.Refused == "" {
			if err := a.refuseMarkup(ctx, issue.ID, issue.Edition, m, err); err != nil {
				return err
			}
			params.Text, params.ParseMode = m.Plain, ""
			_, err = a.Sender.SendMessage(ctx, params)
		}
		if err != nil {
			a.partRefused(ctx, v, issue.ID, m, err)
			return nil
		}
	}
	return nil
}

func (a *archive) messageParams(v talk.Visit, m subscribers.Message) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:             v.Sub.Chat.ID,
		MessageThreadID:    v.Thread,
		Text:               m.HTML,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		AllowPaidBroadcast: a.Paid, // see say
	}
	if m.Refused != "" {
		params.Text, params.ParseMode = m.Plain, ""
	}
	return params
}

// refuseMarkup makes a message go out as plain text from now on, to everybody, and
// tells admins if it is the first of its issue.
func (a *archive) refuseMarkup(ctx context.Context, issue int64, edition int, m subscribers.Message, cause error) error {
	news, err := a.Store.RefuseMessage(ctx, issue, edition, m.Position, subscribers.Simpler{Plain: true}, string(delivery.Classify(cause).Reason))
	if err == nil && news {
		a.notice(ctx, delivery.Event{Kind: delivery.EventSimpler, Issue: issue, Message: m.Position + 1, Reason: cause.Error()})
	}
	return err
}

// partRefused deals with a message of an issue that was to be the answer to a visitor
// and did not arrive.
func (a *archive) partRefused(ctx context.Context, v talk.Visit, issue int64, m subscribers.Message, err error) {
	a.NoteUnsent(ctx, v.Sub.Chat.ID, err)
	if ctx.Err() != nil || !talk.IsRefusal(err) {
		return
	}
	text := v.HTML("undelivered.answer")
	if m.SectionID != 0 {
		text = v.HTML("undelivered.section", talk.Values{"Section": talk.MessageName(v.Speaker, m)})
	}
	a.Apologise(ctx, v, text, nil)
	a.Broadcaster.NoteRefusal(ctx, issue, m.Position+1, err)
}
