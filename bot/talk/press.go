package talk

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// Press is one press of a button, with what its data says.
type Press struct {
	Visit
	Message int // that the button is under
	Under   *models.Message
	Action  Action
	Numbers []int64

	Ephemeral int // the message, if only the visitor sees it; then message is 0
}

// Place is where the message with the button is.
func (p Press) Place() Place {
	at := Place{Chat: p.Sub.Chat.ID, Message: p.Message, ephemeral: p.Ephemeral}
	if p.Ephemeral != 0 {
		at.Receiver = p.User
	}
	return at
}

// Question is the one that the message with the button asks, named by the action
// that answers it with yes. No is an answer too, and stays one: the button may be
// pressed again before it has gone, or by an app that still shows it.
func (p Press) Question(yes Action) subscribers.Question {
	q := subscribers.Question{Chat: p.Sub.Chat.ID, Message: p.Message, About: callbackData(yes, p.Numbers...)}
	if p.Ephemeral != 0 {
		q.Message = -p.Ephemeral
	}
	return q
}

// Answered is the reply to a yes that comes after a no.
func (p Press) Answered(show func(ctx context.Context) error) Reply {
	return Reply{Notice: p.Plain("press.answered"), Alert: true, Show: show}
}

// Reply is what a press leads to: a notice that appears at once, and then a
// message or an edit, which have to wait for their turn.
type Reply struct {
	Notice string                          // empty: none
	Alert  bool                            // the notice has to be closed
	Link   string                          // to a chat with the bot that opens, in the place of a notice; empty: none
	Then   func(ctx context.Context) error // sends; nil: nothing
	Show   func(ctx context.Context) error // edits the message with the button; nil: it stays
}

// Offered tells whether a button that anybody may press is really there. Apps
// can be made to press any button under any message, and in groups and channels
// that would let everybody overwrite what the bot wrote. The readers of a
// channel turn the pages of an issue, which has its own check; what is posted
// there is up to the admins.
func Offered(p Press) bool {
	switch {
	case p.Private(), p.Ephemeral != 0: // nobody else sees the message
		return true
	case p.Action == ActUnfold, p.Action == ActFoldUp:
		return true
	case p.Sub.Kind == subscribers.Channel:
		return false
	}
	return Offers(p.Under, p.Action)
}

// Offers tells whether a message has a button for an action.
func Offers(m *models.Message, act Action) bool {
	if m.ReplyMarkup == nil {
		return false
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, button := range row {
			if a, _, ok := ParseCallback(button.CallbackData); ok && a == act {
				return true
			}
		}
	}
	return false
}

// Answer tells Telegram what to show to who pressed, unless they have been
// answered. It is no message, and none of the limits for those applies.
func (t *Talker) Answer(ctx context.Context, q *models.CallbackQuery, r Reply) {
	if IsAnswered(ctx) {
		return
	}
	Pass(ctx)
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	_, err := t.API.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: q.ID, Text: r.Notice, ShowAlert: r.Alert, URL: r.Link,
	})
	switch {
	case err == nil:
	case delivery.Classify(err).Kind == delivery.Refused: // too late for an answer
		t.Log.Debug("a press was not answered", "err", err)
	default:
		t.Log.Warn("a press was not answered", "err", err)
	}
}

// OutOfDate is the reply to data that no keyboard has, or has any more.
func OutOfDate(p Press) Reply { return Reply{Notice: p.Plain("press.old"), Alert: true} }

// Withdrawn is the reply to a press that asks for an issue which is withdrawn.
func Withdrawn(p Press) Reply { return Reply{Notice: p.Plain("issue.withdrawn"), Alert: true} }
