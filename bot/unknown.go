package bot

import (
	"context"
	"hash/maphash"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
)

// A message that asks for nothing the bot knows gets a short answer. In private the bot
// does not stay silent for ever.

const (
	// hintEvery is how long the bot does not repeat what it can do while a person goes on
	// writing.
	hintEvery = time.Hour
	// maxHinted bounds the chats remembered.
	maxHinted = 10_000
)

// hints remembers which chats have been told what the bot can do.
type hints struct{ given *talk.Memory[int64, struct{}] }

func newHints() hints { return hints{talk.NewMemory[int64, struct{}](maxHinted, hintEvery)} }

// due reports whether a chat is to be given a hint, and notes that it was.
func (h hints) due(chat int64, now time.Time) bool { return h.given.Add(chat, struct{}{}, now) }

// reset is called for a chat that has found a command: its next mistake gets a hint.
func (h hints) reset(chat int64) { h.given.Forget(chat) }

// lastMessages remember the last message of each private chat. Telegram also reports messages as
// edited that nobody has edited, for instance when it has found the preview of a link or
// somebody has reacted to them (tdlib/telegram-bot-api issue 388).
type lastMessages struct {
	messages *talk.Memory[int64, lastMessage]
}

type lastMessage struct {
	id   int
	text uint64 // a hash
}

func newLastMessages() lastMessages {
	return lastMessages{talk.NewMemory[int64, lastMessage](maxHinted, hintEvery)}
}

var textSeed = maphash.MakeSeed()

func lastMessageOf(m *models.Message) lastMessage {
	return lastMessage{m.ID, maphash.String(textSeed, m.Text+m.Caption)}
}

func (l lastMessages) keep(m *models.Message) {
	if m.Chat.Type == models.ChatTypePrivate {
		l.messages.Keep(m.Chat.ID, lastMessageOf(m), time.Now())
	}
}

// isSame reports whether an edited message is the last one of its chat, and says the same.
func (l lastMessages) isSame(m *models.Message) bool {
	last, known := l.messages.Find(m.Chat.ID, time.Now())
	return known && last == lastMessageOf(m)
}

// readCallOrWord finds the command in a message, or the word that stands for one.
func (b *Bot) readCallOrWord(m *models.Message) call {
	c := readCall(m)
	if m.ViaBot != nil && m.ViaBot.ID == b.talk.Self.Load().ID {
		c.plain = false // one of our own items, found in inline mode
	}
	if c.name == "" && c.plain && m.Chat.Type == models.ChatTypePrivate && m.ForwardOrigin == nil && m.ViaBot == nil {
		c.name = b.words[wordKey(m.Text)]
	}
	return c
}

// wantsAnswer reports whether the bot answers a message that asks for nothing it knows.
// In groups it answers only what is meant for it, and in private chatter only the first
// message.
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

// isMisplaced reports whether an admin of the bot wrote one of the admins' commands where
// others can read the answer.
func (b *Bot) isMisplaced(c call, m *models.Message) bool {
	return b.commands[c.name].admin && m.Chat.Type != models.ChatTypePrivate && (c.to == "" || b.isMe(c.to)) &&
		m.SenderChat == nil && m.From != nil && b.talk.IsBotAdmin(m.From.ID)
}

// answerUnknown answers a message that asks for nothing the bot knows.
func (b *Bot) answerUnknown(ctx context.Context, v talk.Visit, c call, m *models.Message) {
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

// handleEdit answers a message that was changed after it was sent. The bot may have done
// what it asked for, so it does not read the message again.
func (b *Bot) handleEdit(ctx context.Context, m *models.Message) {
	if m.Chat.Type != models.ChatTypePrivate || m.Text == "" && m.Caption == "" && m.RichMessage == nil || m.From == nil || m.From.IsBot {
		return // Telegram also reports moving locations, votes and the like
	}
	if m.ViaBot != nil || b.lastMessages.isSame(m) || !b.hints.due(m.Chat.ID, time.Now()) {
		return
	}
	v, err := b.talk.WriterVisit(ctx, m)
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
		return
	}
	b.talk.Say(ctx, v, v.HTML("unknown.edited"), nil)
}
