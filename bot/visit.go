package bot

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

// visit is one command or press: where it happened, by whom, and who answers.
type visit struct {
	speaker
	sub       subscribers.Subscriber // the chat it is about
	language  string                 // of the person; empty: unknown
	user      int64                  // 0: a channel or an anonymous admin
	forChat   bool                   // speaks in the name of the chat itself
	published time.Time              // when the message was sent
	thread    int                    // the forum topic it happened in, where answers go; 0: none
	forum     bool                   // the chat has topics
	query     string                 // of a press, its id
	direct    int                    // the topic of a channel's direct messages it happened in; 0: none
	whispered int                    // of a command that nobody else in the group sees, its id
	unasked   bool                   // nobody asked for what is said, so nobody would ask again
	quiet     bool                   // nobody else in the group sees the command, or the message with the button
}

// private tells whether the visitor is alone with the bot.
func (v visit) private() bool { return v.sub.Kind == subscribers.Private }

// visitOf makes the visit of a message, and the chat known to the store.
// person is who wrote, or pressed a button under the message; nil: the chat.
func (b *Talker) visitOf(ctx context.Context, m *models.Message, person *models.User) (visit, error) {
	v := visit{published: time.Unix(int64(m.Date), 0)}
	if person != nil {
		v.user, v.language = person.ID, person.LanguageCode
	}
	chat := subscribers.Chat{ID: m.Chat.ID, Kind: subscribers.Kind(m.Chat.Type), Title: m.Chat.Title}
	if chat.Kind == subscribers.Private {
		chat.Title, chat.Language = "", v.language
	}
	if m.IsTopicMessage && chat.Kind == subscribers.Supergroup {
		chat.Thread = m.MessageThreadID // elsewhere the field names a thread of replies
	}
	v.thread, v.forum = chat.Thread, m.Chat.IsForum && chat.Kind == subscribers.Supergroup
	if err := b.findOwner(ctx, &chat); err != nil {
		return visit{}, err
	}
	sub, err := b.store.Known(ctx, chat)
	if err != nil {
		return visit{}, err
	}
	v.sub, v.speaker = sub, b.speakerTo(sub, v.language)
	return v, nil
}

// writerVisit makes the visit of who wrote a message.
func (b *Talker) writerVisit(ctx context.Context, m *models.Message) (visit, error) {
	if m.SenderChat == nil && m.From != nil {
		v, err := b.visitOf(ctx, m, m.From)
		v.whispered, v.quiet = m.EphemeralMessageID, m.EphemeralMessageID != 0
		return v, err
	}
	// A channel's post, an anonymous admin, or somebody who writes in a group
	// in the name of a channel: From is nobody then.
	v, err := b.visitOf(ctx, m, nil)
	v.forChat = m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID || m.Chat.Type == models.ChatTypeChannel
	return v, err
}

// say sends a message to where the visit is and returns its id; 0: it did not
// arrive, which has been dealt with. What nobody else saw is answered likewise,
// and then there is no id.
func (b *Talker) say(ctx context.Context, v visit, text string, k keyboard) int {
	if v.quiet {
		return b.sayPrivately(ctx, v, text, k).message
	}
	return b.sayOpenly(ctx, v, text, k).message
}

// unaskedTries is how often a chat is tried to tell it something it did not ask for
// while others are served. When nobody is, there is no end to it.
const unaskedTries = 3

// sayOpenly is say for everybody in the chat.
func (b *Talker) sayOpenly(ctx context.Context, v visit, text string, k keyboard) place {
	at, err := b.trySay(ctx, v, text, k)
	for tries := 1; v.unasked && errors.Is(err, delivery.ErrNotSent) && (tries < unaskedTries || b.isSilent()) && ctx.Err() == nil; tries++ {
		at, err = b.trySay(ctx, v, text, k)
	}
	if err != nil {
		b.answerRefused(ctx, v, err)
	}
	return at
}

// trySay is sayOpenly for who draws the conclusions from an error.
func (b *Talker) trySay(ctx context.Context, v visit, text string, k keyboard) (place, error) {
	pass(ctx)
	params := b.saying(v, text, k)
	sent, err := b.sender.SendMessage(ctx, params)
	if v.thread != 0 && delivery.Classify(err).Kind == delivery.TopicGone {
		params.MessageThreadID = 0 // closed or deleted: better next door than not at all
		sent, err = b.sender.SendMessage(ctx, params)
	}
	if delivery.Classify(err).Kind == delivery.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(text), ""
		b.log.Warn("an answer is refused, and goes out as plain text", "chat", v.sub.Chat.ID, "err", err)
		sent, err = b.sender.SendMessage(ctx, params)
	}
	if err != nil {
		return place{}, err
	}
	return placeOf(sent), nil
}

// saying is the request that sends a message to where the visit is.
func (b *Talker) saying(v visit, text string, k keyboard) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:                v.sub.Chat.ID,
		MessageThreadID:       v.thread,
		DirectMessagesTopicID: v.direct,
		Text:                  text,
		ParseMode:             models.ParseModeHTML,
		LinkPreviewOptions:    &models.LinkPreviewOptions{IsDisabled: tg.True()},
		// While a broadcast is paid for, the bot is beyond what is free, and an
		// answer that is not paid for as well would be told to wait.
		AllowPaidBroadcast: b.paid,
	}
	if k != nil {
		params.ReplyMarkup = k.markup()
	}
	return params
}

// show replaces a message by another text and keyboard.
func (b *Talker) show(ctx context.Context, p press, text string, k keyboard) {
	if p.ephemeral != 0 {
		b.showPrivately(ctx, p, text, k)
		return
	}
	params := edit(p.place(), text, k)
	_, err := b.sender.EditMessageText(ctx, params)
	if delivery.Classify(err).Kind == delivery.ContentFault {
		params.Text, params.ParseMode = digest.PlainOf(text), ""
		b.log.Warn("an answer is refused, and goes out as plain text", "chat", p.sub.Chat.ID, "err", err)
		_, err = b.sender.EditMessageText(ctx, params)
	}
	if err != nil {
		b.answerRefused(ctx, p.visit, err)
	}
}

// edit is the request that makes a message another text and keyboard.
func edit(at place, text string, k keyboard) *tg.EditMessageTextParams {
	return &tg.EditMessageTextParams{
		ChatID:             at.chat,
		MessageID:          at.message,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		ReplyMarkup:        k.markup(),
	}
}

// unsent draws the conclusions from an answer that did not arrive.
func (b *Talker) unsent(ctx context.Context, chat int64, err error) {
	var more error
	switch o := delivery.Classify(err); o.Kind {
	case delivery.Sent, delivery.MessageGone:
		return // nothing to change, or nothing left to change
	case delivery.Gone:
		more = b.store.Lost(ctx, chat, o.Reason)
	case delivery.Moved:
		more = b.sender.NoteMove(ctx, chat, o.MovedTo)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, delivery.ErrFatal) {
		return // the bot is ending; the update is taken up after the next start
	}
	b.log.Warn("an answer did not arrive", "chat", chat, "err", errors.Join(err, more))
}

// trouble tells a visitor that something of ours went wrong, and the log what.
func (b *Talker) trouble(ctx context.Context, v visit, err error) {
	if ctx.Err() != nil {
		return // stopped: the update is taken up after the next start
	}
	b.log.Error("a request cannot be met", "chat", v.sub.Chat.ID, "err", err)
	if v.sub.ID != 0 {
		b.say(ctx, v, v.html("trouble.text"), nil)
	}
}

// paragraphs joins texts with an empty line between them, without empty ones.
func paragraphs(texts ...string) string { return joined("\n\n", texts) }

// lines joins texts line by line, without empty ones.
func lines(texts ...string) string { return joined("\n", texts) }

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

// findOwner puts in the place of a topic that was made for a section the
// subscriber it was made for: what is said there is about that one.
func (b *Talker) findOwner(ctx context.Context, chat *subscribers.Chat) error {
	if chat.Thread == 0 {
		return nil
	}
	owner, ok, err := b.store.TopicOwner(ctx, chat.ID, chat.Thread)
	if ok {
		chat.Thread = owner
	}
	return err
}
