package talk

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// SpeakerTo returns the Speaker to a chat, or to a person in it whose Telegram is in the
// language given (empty: unknown). The language that the chat chose wins, and times are
// told in the zone in which the chat gets its issues.
func (t *Talker) SpeakerTo(sub subscribers.Subscriber, person string) Speaker {
	tag := sub.ChosenLanguage
	if tag == "" {
		tag = person
	}
	if tag == "" {
		tag = sub.Language
	}
	s := t.Catalog.Speaker(tag, t.Location)
	if s.own = sub.Delivery; !s.own.IsZero() {
		if zone, err := time.LoadLocation(s.own.Zone); err == nil {
			s.Zone = zone
		}
	}
	return s
}

// SpeakerToAll returns the Speaker to everybody in the visitor's chat: in a private chat
// that is the visitor.
func (t *Talker) SpeakerToAll(v Visit) Speaker {
	if v.Private() {
		return v.Speaker
	}
	return t.SpeakerTo(v.Sub, "")
}

// SpeakerIn is SpeakerTo for a chat of which the store may know nothing.
func (t *Talker) SpeakerIn(ctx context.Context, chat int64, thread int, person string) Speaker {
	sub, err := t.Store.Subscriber(ctx, chat, thread)
	if err != nil { // mostly because the chat is not known
		sub = subscribers.Subscriber{}
	}
	return t.SpeakerTo(sub, person)
}

// SpeakerOfPress is SpeakerTo for a person who pressed a button that is out of date.
func (t *Talker) SpeakerOfPress(ctx context.Context, q *models.CallbackQuery) Speaker {
	chat, thread := q.From.ID, 0
	if m := q.Message.Message; m != nil {
		chat = m.Chat.ID
		if m.IsTopicMessage {
			thread = m.MessageThreadID
		}
	} else if m := q.Message.InaccessibleMessage; m != nil {
		chat = m.Chat.ID
	}
	return t.SpeakerIn(ctx, chat, thread, q.From.LanguageCode)
}
