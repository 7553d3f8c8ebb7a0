package talk

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// Visit is one command or press: where it happened, who made it, and who answers.
type Visit struct {
	Speaker
	Sub       subscribers.Subscriber // the chat it is about
	Home      int64                  // the private chat from which the visitor manages Sub, a channel; 0: the visit is in Sub
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

// Actor returns the visitor as the audit names them.
func (v Visit) Actor() subscribers.Actor { return subscribers.Actor{User: v.User, Chat: v.here()} }

// Private reports whether the visitor is alone with the bot.
func (v Visit) Private() bool { return v.Sub.Kind == subscribers.Private }

// ChannelVisit turns a visit of a private chat into one that is about a channel, by a person
// who may have no right to it. The error is subscribers.ErrNotFound for what is no channel
// or is not known.
func (t *Talker) ChannelVisit(ctx context.Context, v Visit, channel int64) (Visit, error) {
	sub, err := t.Store.Subscriber(ctx, channel, 0)
	if err != nil {
		return v, err
	}
	if sub.Kind != subscribers.Channel || !v.Private() {
		return v, subscribers.ErrNotFound
	}
	v.Home, v.Sub, v.Thread = v.Sub.Chat.ID, sub, 0
	v.Speaker = v.inTimesOf(sub, t.Location)
	return v, nil
}

// here returns the chat in which the visit is.
func (v Visit) here() int64 {
	if v.Home != 0 {
		return v.Home
	}
	return v.Sub.Chat.ID
}

// presented returns what is said to the visitor with the name of the channel that it is
// about, if that is not where the visit is.
func (v Visit) presented(text string, k Keyboard) (string, Keyboard) {
	if v.Home == 0 {
		return text, k
	}
	return Paragraphs(v.HTML("channel.heading", Values{"Chat": v.Sub.Title}), text), k.about(v.Sub.Chat.ID)
}

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

// Refreshed returns the visit with what the store knows of its chat now.
func (t *Talker) Refreshed(ctx context.Context, v Visit) (Visit, error) {
	sub, err := t.Store.Subscriber(ctx, v.Sub.Chat.ID, v.Sub.Thread)
	if err != nil {
		return v, err
	}
	if v.Sub = sub; v.Home != 0 {
		v.Speaker = v.inTimesOf(sub, t.Location)
		return v, nil
	}
	v.Speaker = t.SpeakerTo(sub, v.Language)
	return v, nil
}
