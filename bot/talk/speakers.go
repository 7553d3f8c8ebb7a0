package talk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

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
	s := t.Catalog.Speaker(tag, t.Location).inTimesOf(sub, t.Location)
	if me := t.Self.Load(); me != nil {
		s.bot = me.FirstName
	}
	s.sentence = t.Welcome.in(s.Tag)
	return s
}

// inTimesOf returns the Speaker that tells times in the zone in which a chat gets its
// issues, or else in another one.
func (s Speaker) inTimesOf(sub subscribers.Subscriber, zone *time.Location) Speaker {
	s.Zone, s.own = zone, sub.Delivery
	if s.own.IsZero() {
		return s
	}
	if own, err := time.LoadLocation(s.own.Zone); err == nil {
		s.Zone = own
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

// Languages returns the languages there are texts in, in an order that does not
// depend on the operator.
func (c *Catalog) Languages() []language.Tag {
	tags := slices.Clone(c.Tags)
	slices.SortFunc(tags, func(x, y language.Tag) int { return strings.Compare(x.String(), y.String()) })
	return tags
}

// LanguageName names a language in that language, such as "简体中文".
func LanguageName(tag language.Tag) string { return display.Self.Name(tag) }

// LanguageNumber writes a language's tag as a number, for the data of a button: it reads
// the tag's letters and digits in base 36. Unlike a position in a list, the number means
// the same language when new ones are added. 0: the tag is too long.
func LanguageNumber(tag language.Tag) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(tag.String(), "-", ""), 36, 64)
	if err != nil {
		return 0
	}
	return n
}

// Language returns the language whose LanguageNumber is n.
func (c *Catalog) Language(n int64) (language.Tag, bool) {
	for _, tag := range c.Tags {
		if n != 0 && LanguageNumber(tag) == n {
			return tag, true
		}
	}
	return language.Und, false
}
