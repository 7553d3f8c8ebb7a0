package bot

import (
	"context"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
)

// What nobody could make sense of is met with a short answer, and in private
// never with silence for ever.

const (
	// hintPause is how long, to who just writes on, the bot does not repeat
	// what it can do.
	hintPause = time.Hour
	// maxHinted bounds the chats remembered.
	maxHinted = 10_000
)

// hints remembers which chats have been told what the bot can do.
type hints struct{ given *talk.Memory[int64, struct{}] }

func newHints() hints { return hints{talk.NewMemory[int64, struct{}](maxHinted, hintPause)} }

// due tells whether a chat is to be given a hint, and takes it for given.
func (h hints) due(chat int64, now time.Time) bool { return h.given.Add(chat, struct{}{}, now) }

// reset is for a chat that has found a command: its next mistake is a new one.
func (h hints) reset(chat int64) { h.given.Forget(chat) }

// understand finds the command in a message, or the word that stands for one.
func (b *Bot) understand(m *models.Message) call {
	c := readCall(m)
	if m.ViaBot != nil && m.ViaBot.ID == b.talk.Self.Load().ID {
		c.plain = false // one of our own items, found in inline mode
	}
	if c.name == "" && c.plain && m.Chat.Type == models.ChatTypePrivate && m.ForwardOrigin == nil && m.ViaBot == nil {
		c.name = b.words[wordKey(m.Text)]
	}
	return c
}

// wantsAnswer tells whether a message that asks for nothing the bot knows is
// answered all the same. In groups only what is meant for the bot is, and of
// private chatter the first message.
func (b *Bot) wantsAnswer(c call, m *models.Message) bool {
	switch {
	case b.isMe(c.to), b.isMisplaced(c, m):
		return true
	case m.Chat.Type != models.ChatTypePrivate:
		return false
	}
	meant := c.name != "" || strings.HasPrefix(m.Text, "/") // "/搜索": Telegram knows no such command
	return meant || c.plain && b.hints.due(m.Chat.ID, time.Now())
}

// isMisplaced tells whether an admin of the bot wrote one of the admins'
// commands where others read along.
func (b *Bot) isMisplaced(c call, m *models.Message) bool {
	return b.commands[c.name].admin && m.Chat.Type != models.ChatTypePrivate && (c.to == "" || b.isMe(c.to)) &&
		m.SenderChat == nil && m.From != nil && b.talk.IsBotAdmin(m.From.ID)
}

// puzzled answers a message that asks for nothing the bot knows.
func (b *Bot) puzzled(ctx context.Context, v talk.Visit, c call, m *models.Message) {
	switch {
	case b.isMisplaced(c, m):
		b.talk.Say(ctx, v, v.HTML("unknown.elsewhere", talk.Values{"Link": "https://t.me/" + b.talk.Self.Load().Username}), nil)
	case c.name != "":
		text := v.HTML("unknown.text")
		if name := b.suggest(c.name, b.talk.IsFromBotAdmin(m)); name != "" {
			text = v.HTML("unknown.suggest", talk.Values{"Command": "/" + name})
		}
		b.talk.Say(ctx, v, text, nil)
	case m.Text == "" && m.RichMessage != nil:
		b.talk.Say(ctx, v, v.HTML("unknown.unreadable"), nil)
	case m.Text == "" || m.ForwardOrigin != nil || m.ViaBot != nil:
		b.talk.Say(ctx, v, v.HTML("unknown.media"), nil)
	default:
		b.talk.Say(ctx, v, v.HTML("unknown.text"), nil)
	}
}

// edited answers a message that was changed after it was sent. It may have been
// acted on, so it is not read again.
func (b *Bot) edited(ctx context.Context, m *models.Message) {
	if m.Chat.Type != models.ChatTypePrivate || m.Text == "" && m.Caption == "" && m.RichMessage == nil || m.From == nil || m.From.IsBot {
		return // Telegram also reports moving locations, votes and the like
	}
	if m.ViaBot != nil || !b.hints.due(m.Chat.ID, time.Now()) {
		return
	}
	v, err := b.talk.WriterVisit(ctx, m)
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
		return
	}
	b.talk.Say(ctx, v, v.HTML("unknown.edited"), nil)
}
