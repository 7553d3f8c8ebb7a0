package bot

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

// speakerTo returns who speaks to a chat, or to a person in it whose Telegram
// is in the language given (empty: unknown). What the chat chose wins, and its
// times are told by the clock it gets issues by.
func (b *Talker) speakerTo(sub subscribers.Subscriber, person string) speaker {
	tag := sub.ChosenLanguage
	if tag == "" {
		tag = person
	}
	if tag == "" {
		tag = sub.Language
	}
	s := b.catalog.speaker(tag, b.location)
	if s.own = sub.Delivery; !s.own.IsZero() {
		if zone, err := time.LoadLocation(s.own.Zone); err == nil {
			s.zone = zone
		}
	}
	return s
}

// speakerInSight returns who speaks where everybody in the visitor's chat reads
// along: in private that is the visitor.
func (b *Talker) speakerInSight(v visit) speaker {
	if v.private() {
		return v.speaker
	}
	return b.speakerTo(v.sub, "")
}

// speakerIn is speakerTo for a chat of which the store may know nothing.
func (b *Talker) speakerIn(ctx context.Context, chat int64, thread int, person string) speaker {
	sub, err := b.store.Subscriber(ctx, chat, thread)
	if err != nil { // not known, mostly
		sub = subscribers.Subscriber{}
	}
	return b.speakerTo(sub, person)
}

// speakerOfPress is speakerTo for who pressed a button that is out of date.
func (b *Talker) speakerOfPress(ctx context.Context, q *models.CallbackQuery) speaker {
	chat, thread := q.From.ID, 0
	if m := q.Message.Message; m != nil {
		chat = m.Chat.ID
		if m.IsTopicMessage {
			thread = m.MessageThreadID
		}
	} else if m := q.Message.InaccessibleMessage; m != nil {
		chat = m.Chat.ID
	}
	return b.speakerIn(ctx, chat, thread, q.From.LanguageCode)
}

// refreshed is the visit with what the store knows of its chat now.
func (b *Talker) refreshed(ctx context.Context, v visit) (visit, error) {
	sub, err := b.store.Subscriber(ctx, v.sub.Chat.ID, v.sub.Thread)
	if err != nil {
		return v, err
	}
	v.sub, v.speaker = sub, b.speakerTo(sub, v.language)
	return v, nil
}

// sorted returns the languages there are texts in, in an order that does not
// depend on the operator.
func (c *catalog) sorted() []language.Tag {
	tags := slices.Clone(c.tags)
	slices.SortFunc(tags, func(x, y language.Tag) int { return strings.Compare(x.String(), y.String()) })
	return tags
}

// selfName names a language in that language, such as "简体中文".
func selfName(tag language.Tag) string { return display.Self.Name(tag) }

// tagNumber writes a language's tag as a number, for the data of a button: its
// letters and digits are one in base 36. Unlike a position in a list it means
// the same language when there are more of them. 0: the tag is too long.
func tagNumber(tag language.Tag) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(tag.String(), "-", ""), 36, 64)
	if err != nil {
		return 0
	}
	return n
}

// numbered returns the language whose tagNumber is n.
func (c *catalog) numbered(n int64) (language.Tag, bool) {
	for _, tag := range c.tags {
		if n != 0 && tagNumber(tag) == n {
			return tag, true
		}
	}
	return language.Und, false
}

// next is the line that says when the next issue is due; empty: unknown.
func (b *Talker) next(s speaker) string {
	if b.nextRun == nil {
		return ""
	}
	at := b.nextRun()
	if at.IsZero() {
		return ""
	}
	return s.html("next.at", values{"When": s.moment(s.own.Next(at))})
}
