package bot

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// press is one press of a button, with what its data says.
type press struct {
	visit
	message int // that the button is under
	under   *models.Message
	action  action
	numbers []int64

	ephemeral int // the message, if only the visitor sees it; then message is 0
}

// place is where the message with the button is.
func (p press) place() place {
	at := place{chat: p.sub.Chat.ID, message: p.message, ephemeral: p.ephemeral}
	if p.ephemeral != 0 {
		at.receiver = p.user
	}
	return at
}

// question is the one that the message with the button asks, named by the action
// that answers it with yes. No is an answer too, and stays one: the button may be
// pressed again before it has gone, or by an app that still shows it.
func (p press) question(yes action) subscribers.Question {
	q := subscribers.Question{Chat: p.sub.Chat.ID, Message: p.message, About: callbackData(yes, p.numbers...)}
	if p.ephemeral != 0 {
		q.Message = -p.ephemeral
	}
	return q
}

// answered is the reply to a yes that comes after a no.
func (p press) answered(show func(ctx context.Context) error) reply {
	return reply{notice: p.plain("press.answered"), alert: true, show: show}
}

// reply is what a press leads to: a notice that appears at once, and then a
// message or an edit, which have to wait for their turn.
type reply struct {
	notice string                          // empty: none
	alert  bool                            // the notice has to be closed
	link   string                          // to a chat with the bot that opens, in the place of a notice; empty: none
	then   func(ctx context.Context) error // sends; nil: nothing
	show   func(ctx context.Context) error // edits the message with the button; nil: it stays
}

// offered tells whether a button that anybody may press is really there. Apps
// can be made to press any button under any message, and in groups and channels
// that would let everybody overwrite what the bot wrote. The readers of a
// channel turn the pages of an issue, which has its own check; what is posted
// there is up to the admins.
func offered(p press) bool {
	switch {
	case p.private(), p.ephemeral != 0: // nobody else sees the message
		return true
	case p.action == actUnfold, p.action == actFoldUp:
		return true
	case p.sub.Kind == subscribers.Channel:
		return false
	}
	return offers(p.under, p.action)
}

// offers tells whether a message has a button for an action.
func offers(m *models.Message, act action) bool {
	if m.ReplyMarkup == nil {
		return false
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, button := range row {
			if a, _, ok := parseCallback(button.CallbackData); ok && a == act {
				return true
			}
		}
	}
	return false
}

// answer tells Telegram what to show to who pressed, unless they have been
// answered. It is no message, and none of the limits for those applies.
func (b *Talker) answer(ctx context.Context, q *models.CallbackQuery, r reply) {
	if isAnswered(ctx) {
		return
	}
	pass(ctx)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := b.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: q.ID, Text: r.notice, ShowAlert: r.alert, URL: r.link,
	})
	switch {
	case err == nil:
	case delivery.Classify(err).Kind == delivery.Refused: // too late for an answer
		b.log.Debug("a press was not answered", "err", err)
	default:
		b.log.Warn("a press was not answered", "err", err)
	}
}

// outOfDate is the reply to data that no keyboard has, or has any more.
func outOfDate(p press) reply { return reply{notice: p.plain("press.old"), alert: true} }
