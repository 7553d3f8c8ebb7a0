package telegramsim

import (
	"slices"
	"strconv"
	"time"

	"digestbot/bot/telegramsim/markup"
)

// Message is a copy of a message in a chat. Later edits do not change it.
type Message struct {
	ID     int
	Chat   int64
	Thread int // topic of a forum, 0 for none
	// From is the author: the bot, a person, or zero if a channel speaks as SenderChat.
	From       User
	SenderChat int64
	Date       time.Time
	Edited     time.Time // when it was edited last; zero: never
	Edits      int
	Text       string // after parsing; the caption of a photo or document
	HTML       string // the text or caption as the bot sent it
	ParseMode  string // as the bot sent it
	Entities   []markup.Entity
	// Dropped counts the entities that Telegram left out silently. A bot that formats its
	// messages well has none.
	Dropped   int
	Keyboard  [][]Button
	Preview   *LinkPreview
	Photo     string // address or file id
	Document  *Document
	Rich      *markup.Rich
	ReplyTo   int    // id of the message answered
	Service   string // what a service message says, such as "Ann joined"
	Silent    bool
	Protected bool
	Paid      bool // allow_paid_broadcast was set
	Pinned    bool
	ViaBot    bool // a person sent an inline result of the bot
	Deleted   bool // no longer in the chat; still in Messages
	// Ephemeral is the id of an ephemeral message, whose ID is 0. Receiver is the user who
	// sees it besides its author.
	Ephemeral int
	Receiver  int64

	own   bool               // the bot wrote it
	after int                // of an ephemeral message: how many others there were before it
	extra func(*wireMessage) // fields of service messages, and of what is not copied with a message

	content func(*wireMessage) // what is in the message besides text, picture or file; nil: nothing
	bound   bool               // Telegram does not copy it
}

// Document is a file in a message.
type Document struct {
	FileID   string
	Name     string
	MimeType string
	Size     int64
}

// Mine reports whether the bot wrote the message.
func (m Message) Mine() bool { return m.own }

// Button returns the button with a text, or false.
func (m Message) Button(text string) (Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Text == text {
				return b, true
			}
		}
	}
	return Button{}, false
}

func (m *Message) copy() Message {
	out := *m
	out.Entities = slices.Clone(m.Entities)
	out.Keyboard = make([][]Button, len(m.Keyboard))
	for i, row := range m.Keyboard {
		out.Keyboard[i] = slices.Clone(row)
	}
	return out
}

// wire returns the message as the Bot API shows it.
func (st *state) wire(m *Message) *wireMessage {
	c := st.chats[m.Chat]
	if c == nil {
		c = &chat{id: m.Chat, kind: private, title: "User " + strconv.FormatInt(m.Chat, 10)}
	}
	w := &wireMessage{
		ID: m.ID, Thread: m.Thread, IsTopicMessage: m.Thread != 0, Chat: c.wire(),
		Date: m.Date.Unix(), LinkPreview: m.Preview, HasProtectedContent: m.Protected,
		EphemeralID: m.Ephemeral,
	}
	if m.Receiver != 0 {
		receiver := st.user(m.Receiver).bare()
		w.Receiver = &receiver
	}
	if m.SenderChat != 0 {
		sender := st.chats[m.SenderChat].wire()
		w.SenderChat = &sender
	}
	if m.From.ID != 0 && (c.kind != channel || m.SenderChat == 0) {
		from := m.From
		w.From = &from
	}
	if !m.Edited.IsZero() {
		w.EditDate = m.Edited.Unix()
	}
	if m.ViaBot {
		w.ViaBot = &st.bot
	}
	if original := c.message(m.ReplyTo); original != nil && !original.Deleted {
		bare := *original
		bare.ReplyTo = 0
		w.ReplyTo = st.wire(&bare)
	}
	if len(m.Keyboard) > 0 {
		w.ReplyMarkup = &inlineMarkup{m.Keyboard}
	}
	m.wireContent(w, st.wireEntities(m.Entities))
	for _, more := range []func(*wireMessage){m.content, m.extra} {
		if more != nil {
			more(w)
		}
	}
	return w
}

// wireEntities returns entities as the Bot API shows them, nil for none. Few messages
// mention an account; the entities of others are shown as they are.
func (st *state) wireEntities(entities []markup.Entity) any {
	if len(entities) == 0 {
		return nil
	}
	if !slices.ContainsFunc(entities, func(e markup.Entity) bool { return e.UserID != 0 }) {
		return entities
	}
	shown := make([]wireEntity, len(entities))
	for i, e := range entities {
		shown[i].Entity = e
		if e.UserID != 0 {
			user := st.user(e.UserID)
			shown[i].User = &user
		}
	}
	return shown
}

func (m *Message) wireContent(w *wireMessage, entities any) {
	switch {
	case m.Photo != "":
		w.Photo = []wirePhoto{{FileID: photoFileID(m), FileUniqueID: "u" + strconv.Itoa(m.ID), Width: 1280, Height: 720}}
		w.Caption, w.CaptionEntities = m.Text, entities
	case m.Document != nil:
		d := m.Document
		w.Document = &wireDocument{d.FileID, "u" + d.FileID, d.Name, d.MimeType, d.Size}
		w.Caption, w.CaptionEntities = m.Text, entities
	case m.Rich != nil:
		w.RichMessage = wireRichOf(m.Rich)
	case m.Service == "" && m.content == nil:
		w.Text, w.Entities = m.Text, entities
	}
}

func photoFileID(m *Message) string {
	return "photo-" + strconv.FormatInt(m.Chat, 10) + "-" + strconv.Itoa(m.ID)
}

// store puts a new message into a chat: it gives it an id and a date.
func (st *state) store(c *chat, m *Message) {
	m.Chat = c.id
	m.Date = now().UTC()
	if c.kind == private || c.kind == group {
		st.nextID++
		m.ID = st.nextID
	} else {
		c.lastID++
		m.ID = c.lastID
	}
	if st.opts.Forget {
		return
	}
	c.messages = append(c.messages, m)
	st.changed()
}
