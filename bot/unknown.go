package bot

import (
	"context"
	"hash/maphash"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
)

// A private message that asks for nothing the bot knows is a search, or gets a short
// answer. In private the bot is never silent: the messages that one person may send in a
// minute are limited for all of them together, see messagePatience.

const (
	// hintEvery is how long the bot does not repeat to a person what holds for all such
	// messages: that it does not read edited ones, or where it can be found.
	hintEvery = time.Hour
	// maxHinted bounds the chats remembered.
	maxHinted = 10_000
)

// hints remembers which chats have been told something.
type hints struct{ given *talk.Memory[int64, struct{}] }

func newHints() hints { return hints{talk.NewMemory[int64, struct{}](maxHinted, hintEvery)} }

// due reports whether a chat is to be given a hint, and notes that it was.
func (h hints) due(chat int64, now time.Time) bool { return h.given.Add(chat, struct{}{}, now) }

// reset is called for a chat that has found a command: its next edit gets a hint.
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
	says := m.Text + m.Caption
	if m.Document != nil {
		says += m.Document.FileUniqueID
	}
	return lastMessage{m.ID, maphash.String(textSeed, says)}
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

// albums remember the albums that were answered. Each picture of an album is a message.
type albums struct {
	answered *talk.Memory[string, struct{}]
}

func newAlbums() albums { return albums{talk.NewMemory[string, struct{}](maxHinted, hintEvery)} }

// isAnswered reports whether a message belongs to an album of which another message is or
// will be answered.
func (a albums) isAnswered(m *models.Message) bool {
	return m.MediaGroupID != "" && !a.answered.Add(m.MediaGroupID, struct{}{}, time.Now())
}

// readCallOrWord finds the command in a message, or what somebody wrote instead of one to
// the bot alone.
func (b *Bot) readCallOrWord(m *models.Message) call {
	c := readCall(m)
	if m.ViaBot != nil && m.ViaBot.ID == b.talk.Self.Load().ID {
		c.plain = false // one of our own items, found in inline mode
	}
	_, known := b.findCommand(c, m) // what only admins may do can be a word of readers
	if known || c.to != "" && !b.isMe(c.to) || m.Chat.Type != models.ChatTypePrivate || isForeign(m) {
		return c
	}
	if c.name != "" {
		if name, args, ok := b.phrases.read(c.name + " " + c.args); ok {
			c.name, c.args = name, args
		}
	} else if c.plain {
		c.name, c.args, _ = b.phrases.read(m.Text)
	}
	return c
}

// isForeign reports whether the words of a message are somebody else's.
func isForeign(m *models.Message) bool { return m.ForwardOrigin != nil || m.ViaBot != nil }

// wantsAnswer reports whether the bot answers a message that asks for nothing it knows. In
// groups it answers only what is meant for it. In private it answers all but what nobody
// wrote just now: if an app that answers by itself while its owner is away were answered,
// the two would never stop.
func (b *Bot) wantsAnswer(c call, m *models.Message) bool {
	switch {
	case b.isMe(c.to), b.isMisplaced(c, m):
		return true
	case m.Chat.Type != models.ChatTypePrivate:
		return false
	}
	return c.name != "" || c.plain && !m.IsFromOffline && !b.albums.isAnswered(m)
}

// isMisplaced reports whether an admin of the bot wrote one of the admins' commands where
// others can read the answer.
func (b *Bot) isMisplaced(c call, m *models.Message) bool {
	return b.commands[c.name].by >= botEditors && m.Chat.Type != models.ChatTypePrivate && (c.to == "" || b.isMe(c.to)) &&
		m.SenderChat == nil && m.From != nil && b.talk.IsBotAdmin(m.From.ID)
}

// answerUnknown answers a message that asks for nothing the bot knows.
func (b *Bot) answerUnknown(ctx context.Context, v talk.Visit, c call, m *models.Message) error {
	switch {
	case b.staff.Offer(ctx, v, m):
	case b.isMisplaced(c, m):
		b.talk.Say(ctx, v, v.HTML("unknown.elsewhere", talk.Values{"Link": b.talk.Link()}), nil)
	case c.name != "":
		text := v.HTML("unknown.text")
		if name := b.suggest(c.name, b.talk.IsFromBotAdmin(m)); name != "" {
			text = v.HTML("unknown.suggest", talk.Values{"Command": "/" + name})
		}
		b.talk.Say(ctx, v, text, nil)
	case m.Text == "" && m.RichMessage != nil:
		b.talk.Say(ctx, v, v.HTML("unknown.unreadable"), nil)
	case m.Text == "":
		b.talk.Say(ctx, v, talk.Paragraphs(v.HTML("unknown.media"), b.reader.ReplyHint(v)), nil)
	case isForeign(m):
		b.talk.Say(ctx, v, v.HTML("unknown.foreign"), nil)
	default:
		words := strings.TrimLeft(m.Text, "/／")
		meant := b.phrases.within(words)
		if !strings.Contains(words, " ") && meant == "" {
			meant = b.suggest(strings.ToLower(words), b.talk.IsFromBotAdmin(m))
		}
		return b.reader.OfferSearch(ctx, v, words, meant)
	}
	return nil
}

// handleEdit answers a message that was changed after it was sent. The bot may have done
// what it asked for, so it does not read the message again.
func (b *Bot) handleEdit(ctx context.Context, m *models.Message) {
	if b.replies.TakeEdit(ctx, m) {
		return
	}
	isFile := m.Document != nil && b.talk.IsFromBotAdmin(m) // of whom the bot takes files
	if m.Chat.Type != models.ChatTypePrivate || m.Text == "" && m.Caption == "" && m.RichMessage == nil && !isFile || m.From == nil || m.From.IsBot {
		return // Telegram also reports moving locations, votes and the like
	}
	if m.ViaBot != nil || b.takeDraftEdit(ctx, m) || b.lastMessages.isSame(m) || !b.hints.due(m.Chat.ID, time.Now()) {
		return
	}
	v, err := b.talk.WriterVisit(ctx, m)
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
		return
	}
	b.talk.Say(ctx, v, v.HTML("unknown.edited"), nil)
}

// takeDraftEdit takes a message of an admin that was changed and is a part of a draft. It
// reports whether the message is.
func (b *Bot) takeDraftEdit(ctx context.Context, m *models.Message) bool {
	if !b.talk.IsFromBotAdmin(m) {
		return false
	}
	v, err := b.talk.WriterVisit(ctx, m)
	taken := false
	if err == nil {
		taken, err = b.drafts.TakeEdit(ctx, v, m)
	}
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
	}
	return taken || err != nil
}
