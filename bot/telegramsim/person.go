package telegramsim

import (
	"fmt"

	"digestbot/bot/telegramsim/botapi"
	"digestbot/bot/telegramsim/markup"
)

// Person is somebody who uses Telegram. The private chat with the bot has the person's id.
type Person struct {
	sim  *Sim
	user User

	// guarded by Sim.mu
	blocked     bool // the bot
	deactivated bool
	started     bool // wrote to the bot in private at least once
	known       bool // the bot has heard of this person

	background bool // see InBackground
}

// PersonOption sets what is special about a person.
type PersonOption func(*Person)

// Language sets the language_code of a person's app, such as "en" or "zh-hans". Without it
// the bot gets none, as from some apps.
func Language(code string) PersonOption { return func(p *Person) { p.user.LanguageCode = code } }

// WithID sets a person's user id, which is also the id of the private chat.
func WithID(id int64) PersonOption { return func(p *Person) { p.user.ID = id } }

// AsBot makes the person another bot, which no bot may write to.
func AsBot() PersonOption { return func(p *Person) { p.user.IsBot = true } }

// InBackground makes the page show the private chat of the person only when somebody asks
// for it, with all others in the background.
func InBackground() PersonOption { return func(p *Person) { p.background = true } }

// HasStarted makes the person one who started the bot before the simulation.
func HasStarted() PersonOption {
	return func(p *Person) { p.started, p.known = true, true }
}

// NewPerson adds a person. Ids count up from 700000001 unless WithID is given.
func (s *Sim) NewPerson(name string, options ...PersonOption) *Person {
	p := &Person{sim: s, user: User{FirstName: name}}
	for _, set := range options {
		set(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.user.ID == 0 {
		s.state.nextUser++
		p.user.ID = s.state.nextUser
	}
	s.state.people[p.user.ID] = p
	if s.state.chats[p.user.ID] == nil {
		s.state.addChat(&chat{id: p.user.ID, kind: private, title: name})
	}
	return p
}

// ID returns the person's user id.
func (p *Person) ID() int64 { return p.user.ID }

// Name returns the person's first name.
func (p *Person) Name() string { return p.user.FirstName }

// Chat returns the private chat with the bot.
func (p *Person) Chat() *Chat { return &Chat{p.sim, p.user.ID} }

// Write writes to the bot in private and returns the message.
func (p *Person) Write(text string) Message { return p.write(p.user.ID, 0, text) }

// Open follows a link t.me/bot?start=payload and presses Start. Telegram passes on only a
// payload of 1 to 64 of A-Z a-z 0-9 _ and -. Any other leaves a bare /start.
func (p *Person) Open(payload string) Message {
	if !validStart(payload) {
		return p.Write("/start")
	}
	return p.Write("/start " + payload)
}

// WriteIn writes into a group or, as its administrator, into a channel.
func (p *Person) WriteIn(c *Chat, text string) Message { return p.write(c.ID, 0, text) }

// WriteInTopic writes into a topic of a forum.
func (p *Person) WriteInTopic(c *Chat, thread int, text string) Message {
	return p.write(c.ID, thread, text)
}

func (p *Person) write(chatID int64, thread int, text string) Message {
	f := markup.Plain(text)
	return p.post(chatID, &Message{Thread: thread, Text: f.Text, Entities: f.Entities})
}

// SendDocument sends a file to the bot in private.
func (p *Person) SendDocument(name string, data []byte, caption string) Message {
	f := markup.Plain(caption)
	s := p.sim
	s.mu.Lock()
	document := s.state.addFile(botapi.Upload{Name: name, Data: data})
	s.mu.Unlock()
	return p.post(p.user.ID, &Message{Text: f.Text, Entities: f.Entities, Document: document})
}

func (p *Person) post(chatID int64, m *Message) Message {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.chats[chatID]
	if c == nil {
		panic(fmt.Sprintf("telegramsim: %s writes to chat %d, which does not exist", p.user.FirstName, chatID))
	}
	p.signLocked(c, m)
	s.state.store(c, m)
	if c.kind == private {
		p.started = true
		p.unblockLocked()
	}
	s.state.deliver(c, p, m)
	s.state.forward(c, m)
	return m.copy()
}

// signLocked sets the author of a message. Channels and anonymous admins speak as the chat.
func (p *Person) signLocked(c *chat, m *Message) {
	switch {
	case c.kind == channel:
		m.SenderChat = c.id
	case c.members[p.user.ID].anonymous:
		m.SenderChat = c.id
		m.From = User{ID: anonymousAdmin, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	default:
		m.From = p.user
	}
}

// Block blocks the bot, which gets a my_chat_member and can no longer write.
func (p *Person) Block() {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	if p.blocked {
		return
	}
	p.blocked = true
	p.blockUpdateLocked(plainMember, kicked)
}

// Unblock lets the bot write again.
func (p *Person) Unblock() {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.unblockLocked()
}

func (p *Person) unblockLocked() {
	if p.blocked {
		p.blocked = false
		p.blockUpdateLocked(kicked, plainMember)
	}
}

func (p *Person) blockUpdateLocked(old, fresh status) {
	s := p.sim
	c := s.state.chats[p.user.ID]
	s.state.changed()
	s.state.sendUpdate("my_chat_member", wireMemberUpdate{
		Chat: c.wire(), From: p.user, Date: now().Unix(),
		Old: wireMemberOf(c, member{status: old}, s.state.bot),
		New: wireMemberOf(c, member{status: fresh}, s.state.bot),
	})
}

// Deactivate deletes the account. The bot gets no update.
func (p *Person) Deactivate() {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.deactivated = true
	p.sim.state.changed()
}

// Edit changes the text of a person's own message; the bot gets an edited_message.
func (p *Person) Edit(m Message, text string) {
	p.change(m, func(stored *Message) {
		f := markup.Plain(text)
		stored.Text, stored.Entities = f.Text, f.Entities
	})
}

// Replace puts another file into a person's own message; the bot gets an edited_message.
func (p *Person) Replace(m Message, name string, data []byte) {
	p.change(m, func(stored *Message) { stored.Document = p.sim.state.addFile(botapi.Upload{Name: name, Data: data}) })
}

// Delete deletes a message of the person's chat with the bot for both of them, which may be
// the bot's. The bot is not told.
func (p *Person) Delete(m Message) {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored := s.state.chats[m.Chat].message(m.ID); stored != nil && m.Chat == p.user.ID {
		stored.Deleted = true
		s.state.changed()
	}
}

// LoadPreview makes Telegram find the preview of a link in a person's own message. The bot
// gets an edited_message, like one of an edit, in which nothing differs
// (tdlib/telegram-bot-api issue 388).
func (p *Person) LoadPreview(m Message) { p.change(m, func(*Message) {}) }

// change changes a person's own message and tells the bot.
func (p *Person) change(m Message, change func(*Message)) {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.chats[m.Chat]
	stored := c.message(m.ID)
	if stored == nil {
		return
	}
	change(stored)
	stored.Edited = now().UTC()
	stored.Edits++
	s.state.changed()
	switch {
	case c.kind == channel:
		s.state.sendUpdate("edited_channel_post", s.state.wire(stored))
	case c.kind == private || c.bot.inside() && s.state.sees(c, stored):
		s.state.sendUpdate("edited_message", s.state.wire(stored))
	}
}
