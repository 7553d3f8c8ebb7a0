package talk

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// Press is one press of a button, with what its data says.
type Press struct {
	Visit
	Message   int // that the button is under; 0: only the visitor sees it
	Ephemeral int // the id of such a message; 0: everybody sees it
	Under     *models.Message
	Action    Action
	Numbers   []int64
}

// Place returns where the message with the button is.
func (p Press) Place() Place {
	at := Place{Chat: p.here(), Message: p.Message, ephemeral: p.Ephemeral}
	if p.Ephemeral != 0 {
		at.Receiver = p.User
	}
	return at
}

// Question returns the question that the message with the button asks, named by the
// action that answers it with yes. A no is kept, because somebody may press yes before
// the buttons have gone, or in an app that still shows them.
func (p Press) Question(yes Action) subscribers.Question {
	q := subscribers.Question{Chat: p.here(), Message: p.Message, About: Callback{Action: yes, Numbers: p.Numbers}.data()}
	if p.Ephemeral != 0 {
		q.Message = -p.Ephemeral
	}
	return q
}

// Reply is what a press leads to: a popup that appears at once, and then a
// message or an edit, which have to wait for their turn.
type Reply struct {
	Popup string                          // empty: none
	Alert bool                            // the reader has to close the popup
	Link  string                          // to a chat with the bot, which opens instead of a popup; empty: none
	Then  func(ctx context.Context) error // sends; nil: nothing
	Show  func(ctx context.Context) error // edits the message with the button; nil: it stays
}

// IsFinal reports whether the reply tells the person something: all that is to be done
// about a press that is not allowed.
func (r Reply) IsFinal() bool { return r.Popup != "" || r.Link != "" }

// IsOffered reports whether a button that anybody may press is really there. Apps
// can be made to press any button under any message, and in groups and channels
// that would let everybody overwrite what the bot wrote. The readers of a channel may
// turn the pages of an issue and vote on its sections, which have their own checks; its
// admins decide about all else.
func IsOffered(p Press) bool {
	switch {
	case p.Private(), p.Ephemeral != 0: // nobody else sees the message
		return true
	case p.Action == ActUnfold, p.Action == ActFoldUp, p.Action == ActVote:
		return true
	case p.Sub.Kind == subscribers.Channel:
		return false
	}
	return HasButton(p.Under, p.Action)
}

// HasButton reports whether a message has a button for an action whose numbers begin
// with those given.
func HasButton(m *models.Message, act Action, numbers ...int64) bool {
	return slices.ContainsFunc(CallbacksOf(m), func(c Callback) bool {
		return c.Action == act && len(c.Numbers) >= len(numbers) && slices.Equal(c.Numbers[:len(numbers)], numbers)
	})
}

// CallbacksOf returns what the buttons of a message ask for.
func CallbacksOf(m *models.Message) (all []Callback) {
	if m.ReplyMarkup == nil {
		return nil
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, button := range row {
			if c, ok := ParseCallback(button.CallbackData); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

// Answer tells Telegram what to show to the person who pressed, unless the press has been
// answered. An answer is no message, and none of the limits on messages apply.
func (t *Talker) Answer(ctx context.Context, q *models.CallbackQuery, r Reply) {
	if IsAnswered(ctx) {
		return
	}
	PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	_, err := t.API.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{
		CallbackQueryID: q.ID, Text: r.Popup, ShowAlert: r.Alert, URL: r.Link,
	})
	t.LogUnanswered(ctx, "press", err)
}

// LogUnanswered logs that Telegram did not take the answer to a query, which is a press or
// an inline query. nil: it did.
func (t *Talker) LogUnanswered(ctx context.Context, query string, err error) {
	if err == nil {
		return
	}
	level := slog.LevelWarn
	if sender.Classify(err).Kind == sender.Refused { // it came too late
		level = slog.LevelDebug
	}
	t.Log.Log(ctx, level, "a query was not answered", "query", query, "err", err)
}

// ReplyAfterNo returns the reply to a yes that comes after a no, which says that and shows
// what shown does. after is false if the question has no such answer.
func (t *Talker) ReplyAfterNo(ctx context.Context, p Press, yes Action, shown Reply) (r Reply, after bool, err error) {
	after, err = t.Store.IsDismissed(ctx, p.Question(yes))
	if err != nil || !after {
		return Reply{}, false, err
	}
	return Reply{Popup: p.Plain("press.answered"), Alert: true, Show: shown.Show}, true, nil
}

// View is what a message shows of a chat as it is now. A button that changes something
// turns the message to a view of the result, which also brings an old keyboard up to date.
type View func(ctx context.Context, v Visit) (text string, k Keyboard, err error)

// ShowReply is the reply that shows what make returns in the message with the button.
func (t *Talker) ShowReply(p Press, make func(ctx context.Context) (text string, k Keyboard, err error)) Reply {
	return Reply{Show: func(ctx context.Context) error {
		text, k, err := make(ctx)
		if err == nil {
			t.Show(ctx, p, text, k)
		}
		return err
	}}
}

// SayView is Say for a view.
func (t *Talker) SayView(ctx context.Context, v Visit, show View) error {
	text, k, err := show(ctx, v)
	if err == nil {
		t.Say(ctx, v, text, k)
	}
	return err
}

// ViewReply is the reply that turns the message with the button to a view.
func (t *Talker) ViewReply(p Press, show View) Reply {
	return Reply{Show: func(ctx context.Context) error {
		v, err := t.Refreshed(ctx, p.Visit)
		if errors.Is(err, subscribers.ErrNotFound) {
			return nil // forgotten in the meantime, and told so
		}
		if err != nil {
			return err
		}
		text, k, err := show(ctx, v)
		if err == nil {
			t.Show(ctx, p, text, k)
		}
		return err
	}}
}

// OutOfDateReply is the reply to a button that no message has, or has any more.
func OutOfDateReply(p Press) Reply { return Reply{Popup: p.Plain("press.old"), Alert: true} }

// WithdrawnReply is the reply to a press that asks for a withdrawn issue.
func WithdrawnReply(p Press) Reply { return Reply{Popup: p.Plain("issue.withdrawn"), Alert: true} }

// MissingReply is the reply to a press about something that is not there any more:
// OutOfDateReply if err is subscribers.ErrNotFound. It returns any other error.
func MissingReply(p Press, err error) (Reply, error) {
	if errors.Is(err, subscribers.ErrNotFound) {
		return OutOfDateReply(p), nil
	}
	return Reply{}, err
}
