package talk

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/digest"
	"digestbot/subscribers"
)

// Visit is one command or press: where it happened, who made it, and who answers.
type Visit struct {
	Speaker
	Sub       subscribers.Subscriber // the chat it is about
	Language  string                 // of the person; empty: unknown
	User      int64                  // 0: a channel or an anonymous admin
	forChat   bool                   // speaks in the name of the chat itself
	Published time.Time              // when the message was sent
	Thread    int                    // the forum topic it happened in, where answers go; 0: none
	Forum     bool                   // the chat has topics
	Query     string                 // of a press, its id
	Direct    int                    // the topic of a channel's direct messages it happened in; 0: none
	ephemeral int                    // of a command that nobody else in the group sees, its id
	Unasked   bool                   // nobody asked for what is said, so nobody would ask again
	Quiet     bool                   // nobody else in the group sees the command, or the message with the button
}

// Private reports whether the visitor is alone with the bot.
func (v Visit) Private() bool { return v.Sub.Kind == subscribers.Private }

// VisitOf makes the visit of a message, and the chat known to the store. person is the
// one who wrote it or pressed a button under it; nil: the chat did.
func (t *Talker) VisitOf(ctx context.Context, m *models.Message, person *models.User) (Visit, error) {
	v := Visit{Published: time.Unix(int64(m.Date), 0)}
	if person != nil {
		v.User, v.Language = person.ID, person.LanguageCode
	}
	chat := subscribers.Chat{ID: m.Chat.ID, Kind: subscribers.Kind(m.Chat.Type), Title: m.Chat.Title}
	if chat.Kind == subscribers.Private {
		chat.Title, chat.Language = "", v.Language
	}
	if m.IsTopicMessage && chat.Kind == subscribers.Supergroup {
		chat.Thread = m.MessageThreadID // elsewhere the field names a thread of replies
	}
	v.Thread, v.Forum = chat.Thread, m.Chat.IsForum && chat.Kind == subscribers.Supergroup
	if err := t.findOwner(ctx, &chat); err != nil {
		return Visit{}, err
	}
	sub, err := t.Store.EnsureChat(ctx, chat)
	if err != nil {
		return Visit{}, err
	}
	v.Sub, v.Speaker = sub, t.SpeakerTo(sub, v.Language)
	return v, nil
}

// WriterVisit makes the visit of the person or chat that wrote a message.
func (t *Talker) WriterVisit(ctx context.Context, m *models.Message) (Visit, error) {
	if m.SenderChat == nil && m.From != nil {
		v, err := t.VisitOf(ctx, m, m.From)
		v.ephemeral, v.Quiet = m.EphemeralMessageID, m.EphemeralMessageID != 0
		return v, err
	}
	// A channel's post, an anonymous admin, or somebody who writes in a group
	// in the name of a channel: From is nobody then.
	v, err := t.VisitOf(ctx, m, nil)
	v.forChat = m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID || m.Chat.Type == models.ChatTypeChannel
	return v, err
}

// Say sends a message to where the visit is and returns its id; 0: it did not
// arrive, which has been dealt with. A command that nobody else saw gets an answer that
// nobody else sees, which has no id.
func (t *Talker) Say(ctx context.Context, v Visit, text string, k Keyboard) int {
	if v.Quiet {
		return t.sayEphemeral(ctx, v, text, k).Message
	}
	return t.sayOpenly(ctx, v, text, k).Message
}

// unaskedTries is how often the bot tries to tell a chat something it did not ask for
// while Telegram serves others. While Telegram is silent it tries again and again.
const unaskedTries = 3

// sayOpenly is Say for everybody in the chat.
func (t *Talker) sayOpenly(ctx context.Context, v Visit, text string, k Keyboard) Place {
	at, err := t.TrySay(ctx, v, text, k)
	for tries := 1; v.Unasked && errors.Is(err, delivery.ErrNotSent) && (tries < unaskedTries || t.IsSilent()) && ctx.Err() == nil; tries++ {
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
	params := t.sendParams(v, text, k)
	sent, err := t.Sender.SendMessage(ctx, params)
	if v.Thread != 0 && delivery.Classify(err).Kind == delivery.TopicGone {
		params.MessageThreadID = 0 // closed or deleted: better in the group than not at all
		sent, err = t.Sender.SendMessage(ctx, params)
	}
	if delivery.Classify(err).Kind == delivery.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(text), ""
		t.Log.Warn("an answer is refused, and goes out as plain text", "chat", v.Sub.Chat.ID, "err", err)
		sent, err = t.Sender.SendMessage(ctx, params)
	}
	if err != nil {
		return Place{}, err
	}
	return placeOf(sent), nil
}

// sendParams is the request that sends a message to where the visit is.
func (t *Talker) sendParams(v Visit, text string, k Keyboard) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:                v.Sub.Chat.ID,
		MessageThreadID:       v.Thread,
		DirectMessagesTopicID: v.Direct,
		Text:                  text,
		ParseMode:             models.ParseModeHTML,
		LinkPreviewOptions:    &models.LinkPreviewOptions{IsDisabled: tg.True()},
		// While a paid broadcast goes out, the bot is above the free limit, and Telegram
		// would make an unpaid answer wait.
		AllowPaidBroadcast: t.Paid,
	}
	if k != nil {
		params.ReplyMarkup = k.Markup()
	}
	return params
}

// Show replaces a message by another text and keyboard.
func (t *Talker) Show(ctx context.Context, p Press, text string, k Keyboard) {
	if p.Ephemeral != 0 {
		t.showEphemeral(ctx, p, text, k)
		return
	}
	params := EditParams(p.Place(), text, k)
	_, err := t.Sender.EditMessageText(ctx, params)
	if delivery.Classify(err).Kind == delivery.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(text), ""
		t.Log.Warn("an answer is refused, and goes out as plain text", "chat", p.Sub.Chat.ID, "err", err)
		_, err = t.Sender.EditMessageText(ctx, params)
	}
	if err != nil {
		t.noteRefusal(ctx, p.Visit, err)
	}
}

// EditParams is the request that gives a message another text and keyboard.
func EditParams(at Place, text string, k Keyboard) *tg.EditMessageTextParams {
	return &tg.EditMessageTextParams{
		ChatID:             at.Chat,
		MessageID:          at.Message,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		ReplyMarkup:        k.Markup(),
	}
}

// NoteUnsent deals with an answer that did not arrive: the log has it, and the store
// what it says of the chat.
func (t *Talker) NoteUnsent(ctx context.Context, chat int64, err error) {
	var more error
	switch o := delivery.Classify(err); o.Kind {
	case delivery.Sent, delivery.MessageGone:
		return // there is nothing to change, or nothing left to change
	case delivery.Gone:
		more = t.Store.MarkGone(ctx, chat, o.Reason)
	case delivery.Moved:
		more = t.Sender.NoteMove(ctx, chat, o.MovedTo)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, delivery.ErrFatal) {
		return // the bot is ending; the update is taken up after the next start
	}
	t.Log.Warn("an answer did not arrive", "chat", chat, "err", errors.Join(err, more))
}

// SayFailure tells a visitor that something of ours went wrong, and logs what.
func (t *Talker) SayFailure(ctx context.Context, v Visit, err error) {
	if ctx.Err() != nil {
		return // stopped: the update is taken up after the next start
	}
	t.Log.Error("a request cannot be met", "chat", v.Sub.Chat.ID, "err", err)
	if v.Sub.ID != 0 {
		t.Say(ctx, v, v.HTML("trouble.text"), nil)
	}
}

// Paragraphs joins texts with an empty line between them, without empty ones.
func Paragraphs(texts ...string) string { return joined("\n\n", texts) }

// Lines joins texts line by line, without empty ones.
func Lines(texts ...string) string { return joined("\n", texts) }

func joined(between string, texts []string) string {
	var all string
	for _, text := range texts {
		if text == "" {
			continue
		}
		if all != "" {
			all += between
		}
		all += text
	}
	return all
}

// findOwner replaces a topic that was made for a section by the topic of the subscriber
// it was made for: what people say there is about that subscriber.
func (t *Talker) findOwner(ctx context.Context, chat *subscribers.Chat) error {
	if chat.Thread == 0 {
		return nil
	}
	owner, ok, err := t.Store.TopicOwner(ctx, chat.ID, chat.Thread)
	if ok {
		chat.Thread = owner
	}
	return err
}

// View is what a message shows of a chat as it is now. A button that changes something
// turns the message to a view of the result, which also brings an old keyboard up to date.
type View func(v Visit) (text string, k Keyboard)

// TurnTo is the reply that turns the message with the button to a view.
func (t *Talker) TurnTo(p Press, show View) Reply {
	return Reply{Show: func(ctx context.Context) error {
		v, err := t.Refreshed(ctx, p.Visit)
		if errors.Is(err, subscribers.ErrNotFound) {
			return nil // forgotten in the meantime, and told so
		}
		if err != nil {
			return err
		}
		text, k := show(v)
		t.Show(ctx, p, text, k)
		return nil
	}}
}
