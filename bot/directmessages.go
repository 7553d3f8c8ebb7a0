package bot

import (
	"context"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// answerDirect answers a command in the direct messages of a channel: a supergroup in
// which everybody who writes to the channel has a topic, shared with the channel's admins
// (core.telegram.org/bots/api#directmessagestopic). It is no place for issues, which
// would come between the two, and Telegram takes messages for it only with the topic. A
// person who looks for the bot there is told where it is; all else said there is meant
// for the channel.
func (b *Bot) answerDirect(ctx context.Context, m *models.Message) {
	c := readCall(m)
	_, known := b.findCommand(c, m)
	topic := m.DirectMessagesTopic
	if !known && !b.isMe(c.to) || m.SenderChat != nil || m.From == nil || topic == nil || topic.TopicID == 0 {
		return
	}
	if !b.directs.due(m.From.ID, time.Now()) {
		return
	}
	v := talk.Visit{
		Speaker: b.talk.SpeakerIn(ctx, m.From.ID, 0, m.From.LanguageCode),
		Sub:     subscribers.Subscriber{Chat: subscribers.Chat{ID: m.Chat.ID, Kind: subscribers.Supergroup}},
		User:    m.From.ID,
		Direct:  topic.TopicID,
	}
	b.talk.Say(ctx, v, v.HTML("unknown.direct", talk.Values{"Link": b.talk.Link()}), nil)
}
