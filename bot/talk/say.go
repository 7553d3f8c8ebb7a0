package talk

import (
	"context"
	"errors"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
)

// Place is where a message is.
type Place struct {
	Chat      int64
	Message   int   // 0: the message is ephemeral
	ephemeral int   // its id if only Receiver sees it; 0: everybody does
	Receiver  int64 // user id
}

// placeOf returns where a message that was sent is.
func placeOf(m *models.Message) Place {
	at := Place{Chat: m.Chat.ID, Message: m.ID}
	if m.EphemeralMessageID != 0 && m.ReceiverUser != nil {
		at.ephemeral, at.Receiver = m.EphemeralMessageID, m.ReceiverUser.ID
	}
	return at
}

// Say sends a message to where the visit is and returns its id; 0: it did not
// arrive, which has been dealt with. A command that nobody else saw gets an answer that
// nobody else sees, which has no id.
func (t *Talker) Say(ctx context.Context, v Visit, text string, k Keyboard) int {
	return t.SayAt(ctx, v, text, k).Message
}

// SayAt is Say that returns where the message is; the zero Place: it did not arrive.
func (t *Talker) SayAt(ctx context.Context, v Visit, text string, k Keyboard) Place {
	if v.Quiet {
		return t.sayEphemeral(ctx, v, text, k)
	}
	return t.sayOpenly(ctx, v, text, k)
}

// unaskedTries is how often the bot tries to tell a chat something it did not ask for
// while Telegram serves others. While Telegram is silent it tries again and again.
const unaskedTries = 3

// sayOpenly is Say for everybody in the chat.
func (t *Talker) sayOpenly(ctx context.Context, v Visit, text string, k Keyboard) Place {
	at, err := t.TrySay(ctx, v, text, k)
	for tries := 1; v.Unasked && errors.Is(err, sender.ErrNotSent) && (tries < unaskedTries || t.IsSilent()) && ctx.Err() == nil; tries++ {
		at, err = t.TrySay(ctx, v, text, k)
	}
	if err != nil {
		t.noteRefusal(ctx, v, err)
	}
	return at
}

// TrySay is sayOpenly for a caller that deals with the error.
func (t *Talker) TrySay(ctx context.Context, v Visit, text string, k Keyboard) (Place, error) {
	PassTurn(ctx)
	params := t.SendParams(v, text, k)
	sent, err := t.Sender.SendMessage(ctx, params)
	if v.Thread != 0 && sender.Classify(err).Kind == sender.TopicGone {
		params.MessageThreadID = 0 // closed or deleted: better in the group than not at all
		sent, err = t.Sender.SendMessage(ctx, params)
	}
	if sender.Classify(err).Kind == sender.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(params.Text), ""
		t.Log.Warn("an answer is refused, and goes out as plain text", "chat", v.here(), "err", err)
		sent, err = t.Sender.SendMessage(ctx, params)
	}
	if err != nil {
		return Place{}, err
	}
	return placeOf(sent), nil
}

// SendParams is the request that sends a message to where the visit is.
func (t *Talker) SendParams(v Visit, text string, k Keyboard) *tg.SendMessageParams {
	text, k = v.presented(text, k)
	params := &tg.SendMessageParams{
		ChatID:                v.here(),
		MessageThreadID:       v.Thread,
		DirectMessagesTopicID: v.Direct,
		Text:                  text,
		ParseMode:             models.ParseModeHTML,
		LinkPreviewOptions:    sender.WithoutPreview(),
		DisableNotification:   v.Sub.Kind == subscribers.Channel && v.Home == 0, // its readers did not ask
		// While a paid broadcast goes out, the bot is above the free limit, and Telegram
		// would make an unpaid answer wait.
		AllowPaidBroadcast: t.Paid,
	}
	if k != nil {
		params.ReplyMarkup = k.Inline()
	}
	return params
}

// ShowTyping has apps show for some seconds that the bot is at work, where a message would
// be in the way.
func (t *Talker) ShowTyping(ctx context.Context, v Visit) {
	PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	_, err := t.API.SendChatAction(ctx, &tg.SendChatActionParams{
		ChatID: v.here(), MessageThreadID: v.Thread, Action: models.ChatActionTyping,
	})
	if err != nil {
		t.Log.Debug("apps do not show that the bot is at work", "chat", v.Sub.Chat.ID, "err", err)
	}
}

// Show replaces the message with the button by another text and keyboard.
func (t *Talker) Show(ctx context.Context, p Press, text string, k Keyboard) {
	t.ShowAt(ctx, p.Visit, p.Place(), text, k)
}

// ShowAt replaces a message by another text and keyboard, for a visitor who waits for that.
func (t *Talker) ShowAt(ctx context.Context, v Visit, at Place, text string, k Keyboard) {
	if at.ephemeral != 0 {
		t.showEphemeral(ctx, v, at, text, k)
		return
	}
	text, k = v.presented(text, k)
	params := EditParams(at, text, k)
	_, err := t.Sender.EditMessageText(ctx, params)
	if sender.Classify(err).Kind == sender.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(params.Text), ""
		t.Log.Warn("an answer is refused, and goes out as plain text", "chat", at.Chat, "err", err)
		_, err = t.Sender.EditMessageText(ctx, params)
	}
	if err != nil {
		t.noteRefusal(ctx, v, err)
	}
}

// EditParams is the request that gives a message another text and keyboard.
func EditParams(at Place, text string, k Keyboard) *tg.EditMessageTextParams {
	return &tg.EditMessageTextParams{
		ChatID:             at.Chat,
		MessageID:          at.Message,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: sender.WithoutPreview(),
		ReplyMarkup:        k.Inline(),
	}
}

// NoteUnsent deals with an answer that did not arrive: the log has it, and the store
// what it says of the chat.
func (t *Talker) NoteUnsent(ctx context.Context, chat int64, err error) {
	var more error
	switch r := sender.Classify(err); r.Kind {
	case sender.Sent, sender.MessageGone:
		return // there is nothing to change, or nothing left to change
	case sender.Gone:
		more = t.Store.MarkGone(ctx, chat, r.Reason)
	case sender.Moved:
		more = t.Sender.NoteMove(ctx, chat, r.MovedTo)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, sender.ErrFatal) {
		return // the bot is ending; the update is taken up after the next start
	}
	t.Log.Warn("an answer did not arrive", "chat", chat, "err", errors.Join(err, more))
}

// SayFailure tells a visitor that something of ours went wrong, and logs what.
func (t *Talker) SayFailure(ctx context.Context, v Visit, err error) {
	if ctx.Err() != nil {
		return // stopped: the update is taken up after the next start
	}
	t.Log.Error("a request failed", "chat", v.Sub.Chat.ID, "err", err)
	if v.Sub.ID != 0 {
		t.Say(ctx, v, v.HTML("trouble.text"), nil)
	}
}
