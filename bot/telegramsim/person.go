package telegramsim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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
}

// PersonOption sets what is special about a person.
type PersonOption func(*User)

// Language sets the language_code of a person's app, such as "en" or "zh-hans". Without
// it the bot learns of none, as with some apps.
func Language(code string) PersonOption { return func(u *User) { u.LanguageCode = code } }

// Username sets a person's username.
func Username(name string) PersonOption { return func(u *User) { u.Username = name } }

// WithID sets a person's user id, which is also the id of the private chat.
func WithID(id int64) PersonOption { return func(u *User) { u.ID = id } }

// AsBot makes the person another bot, which no bot may write to.
func AsBot() PersonOption { return func(u *User) { u.IsBot = true } }

// NewPerson adds a person. Ids count from 1001 unless WithID is given.
func (s *Sim) NewPerson(name string, options ...PersonOption) *Person {
	u := User{FirstName: name}
	for _, set := range options {
		set(&u)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.ID == 0 {
		s.state.nextUser++
		u.ID = s.state.nextUser
	}
	p := &Person{sim: s, user: u}
	s.state.people[u.ID] = p
	if s.state.chats[u.ID] == nil {
		s.addChatLocked(&chat{id: u.ID, kind: private, title: name, username: u.Username})
	}
	return p
}

// ID is the person's user id.
func (p *Person) ID() int64 { return p.user.ID }

// Name is the person's first name.
func (p *Person) Name() string { return p.user.FirstName }

// Chat is the private chat with the bot.
func (p *Person) Chat() *Chat { return &Chat{p.sim, p.user.ID} }

// Write writes to the bot in private and returns the message.
func (p *Person) Write(text string) Message { return p.write(p.user.ID, 0, text) }

// Open follows a link t.me/bot?start=payload and presses Start. A payload Telegram does not
// pass on (it has 1 to 64 of A-Z a-z 0-9 _ and -) leaves a bare /start.
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
	f := formatted{Text: text}.finish()
	return p.post(chatID, &Message{Thread: thread, Text: f.Text, Entities: f.Entities})
}

// SendDocument sends a file to the bot in private.
func (p *Person) SendDocument(name string, data []byte, caption string) Message {
	f := formatted{Text: caption}.finish()
	s := p.sim
	s.mu.Lock()
	document := s.addFileLocked(upload{name: name, data: data})
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
	s.storeLocked(c, m)
	if c.kind == private {
		p.started = true
		p.unblockLocked()
	}
	s.deliverLocked(c, p, m)
	s.forwardLocked(c, m)
	return m.copy()
}

// signLocked sets who a message is from: channels and anonymous admins speak as the chat.
func (p *Person) signLocked(c *chat, m *Message) {
	switch {
	case c.kind == channel && c.profiles:
		m.From, m.Signature = p.user, p.user.FirstName
	case c.kind == channel:
		m.SenderChat = c.id
		if c.signed {
			m.Signature = p.user.FirstName
		}
	case c.members[p.user.ID].anonymous:
		m.SenderChat, m.Signature = c.id, c.members[p.user.ID].title
		m.From = User{ID: anonymousAdmin, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	default:
		m.From = p.user
	}
}

// deliverLocked tells the bot of a person's message, if it is meant to see it.
func (s *Sim) deliverLocked(c *chat, p *Person, m *Message) {
	switch {
	case c.kind == private:
		p.known = true
		s.sendUpdateLocked("message", s.wireLocked(m))
	case c.kind == channel && c.bot.admin():
		s.sendUpdateLocked("channel_post", s.wireLocked(m))
	case c.kind != channel && c.bot.inside() && s.seesLocked(c, m):
		p.known = true
		s.sendUpdateLocked("message", s.wireLocked(m))
	}
}

// seesLocked applies privacy mode: a bot that is not an administrator sees commands for
// it, mentions of it and what was sent via it (people here do not reply), and commands that name no bot
// if it was the last bot to write (core.telegram.org/bots/features#privacy-mode).
func (s *Sim) seesLocked(c *chat, m *Message) bool {
	if s.opts.ReadsGroups || c.bot.admin() || m.ViaBot {
		return true
	}
	for _, e := range m.Entities {
		text := utf16Slice(m.Text, e.Offset, e.end())
		switch e.Type {
		case "bot_command":
			return addressed(text, s.state.bot.Username) && (strings.Contains(text, "@") || c.botWroteLast())
		case "mention":
			if addressed(text, s.state.bot.Username) {
				return true
			}
		}
	}
	return false
}

// botWroteLast reports whether the bot has written and no other bot since.
func (c *chat) botWroteLast() bool {
	for _, m := range slices.Backward(c.messages) {
		switch {
		case m.Service != "" || m.Deleted:
		case m.Mine():
			return true
		case m.From.IsBot && m.From.ID != anonymousAdmin && m.From.ID != channelBot:
			return false
		}
	}
	return false
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

// Unblock lets the bot in again.
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
	s.changedLocked()
	s.sendUpdateLocked("my_chat_member", wireMemberUpdate{
		Chat: c.wire(), From: p.user, Date: now().Unix(),
		Old: wireMemberOf(c, member{status: old}, s.state.bot),
		New: wireMemberOf(c, member{status: fresh}, s.state.bot),
	})
}

// Deactivate deletes the account. The bot is not told.
func (p *Person) Deactivate() {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.deactivated = true
	p.sim.changedLocked()
}

// queryLifetime is how long an answer to a pressed button counts; Telegram speaks of a
// few minutes at most.
const queryLifetime = 5 * time.Minute

// Query is the press of a button that waits for the bot's answer.
type Query struct {
	ID   string
	Data string
	By   int64 // user id

	sim       *Sim
	made      time.Time
	chat      int64 // where the button is
	ephemeral bool  // the message with the button is

	// guarded by Sim.mu
	answered bool
	answer   Answer
}

// Answer is what a bot answers when a button is pressed.
type Answer struct {
	Text  string
	Alert bool // in a window that has to be closed, not in passing
	URL   string
}

// Answer returns the bot's answer, and false while there is none.
func (q *Query) Answer() (Answer, bool) {
	q.sim.mu.Lock()
	defer q.sim.mu.Unlock()
	return q.answer, q.answered
}

// errNoButton: the message has no such button, or it is not one that calls the bot.
var errNoButton = errors.New("no such button")

// Press presses the button with that text under a message as the person sees it, which may
// be an older state of it than the chat's. Buttons that do not call the bot are an error.
func (p *Person) Press(m Message, text string) (*Query, error) {
	b, ok := m.Button(text)
	if !ok || b.CallbackData == "" {
		return nil, fmt.Errorf("press %q under message %d: %w", text, m.ID, errNoButton)
	}
	return p.PressData(m, b.CallbackData), nil
}

// PressData sends callback data of the person's own making, as a forged app could.
func (p *Person) PressData(m Message, data string) *Query {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.nextQuery++
	q := &Query{ID: strconv.FormatInt(4e17+s.state.nextQuery, 10), Data: data, By: p.user.ID, sim: s, made: now()}
	q.chat, q.ephemeral = m.Chat, m.Ephemeral != 0
	s.state.queries[q.ID], s.state.pressed[q.ID] = q, q
	p.known = true
	c := s.state.chats[m.Chat]
	if c == nil {
		c = &chat{id: m.Chat, kind: private}
	}
	var shown any = inaccessibleMessage{Chat: c.wire(), ID: m.ID}
	stored := c.message(m.ID)
	if m.Ephemeral != 0 { // whether Telegram checks who presses is not known: the bot has to
		stored = c.whispered(m.Ephemeral)
	}
	if stored != nil && !stored.Deleted {
		shown = s.wireLocked(stored)
	}
	pressed := wireCallback{ID: q.ID, From: p.user, Message: shown, ChatInstance: strconv.FormatInt(c.id*31, 10), Data: data}
	if m.ViaBot {
		pressed.Message, pressed.InlineID = nil, inlineID(m.Chat, m.ID)
	}
	s.sendUpdateLocked("callback_query", pressed)
	s.changedLocked()
	return q
}

// Edit changes the text of a person's own message; the bot gets an edited_message.
func (p *Person) Edit(m Message, text string) {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state.chats[m.Chat]
	stored := c.message(m.ID)
	if stored == nil {
		return
	}
	f := formatted{Text: text}.finish()
	stored.Text, stored.Entities = f.Text, f.Entities
	stored.Edited = now().UTC()
	stored.Edits++
	s.changedLocked()
	kind := "edited_message"
	if c.kind == channel {
		kind = "edited_channel_post"
	}
	s.sendUpdateLocked(kind, s.wireLocked(stored))
}

// addressed reports whether "/command", "/command@bot" or "@bot" may be for the bot.
func addressed(text, username string) bool {
	if _, name, ok := strings.Cut(text, "@"); ok {
		return strings.EqualFold(name, username)
	}
	return strings.HasPrefix(text, "/")
}
