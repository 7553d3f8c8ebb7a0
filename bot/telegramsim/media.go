package telegramsim

import (
	"fmt"
	"strconv"

	"digestbot/bot/telegramsim/botapi"
	"digestbot/bot/telegramsim/markup"
)

// This file is about what people send to the bot that is no text of their own.

type wireSticker struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Type         string `json:"type"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Emoji        string `json:"emoji,omitempty"`
}

// SendSticker sends a sticker.
func (p *Person) SendSticker(emoji string) Message { return p.post(p.user.ID, sticker(emoji)) }

func sticker(emoji string) *Message {
	return &Message{content: func(w *wireMessage) {
		id := strconv.Itoa(w.ID)
		w.Sticker = &wireSticker{"sticker-" + id, "s" + id, "regular", 512, 512, emoji}
	}}
}

type wireContact struct {
	Phone  string `json:"phone_number"`
	Name   string `json:"first_name"`
	UserID int64  `json:"user_id,omitempty"`
}

// SendContact sends the contact of another person; hidden: the person's phone book does not
// know who that is on Telegram.
func (p *Person) SendContact(of *Person, hidden bool) Message {
	return p.post(p.user.ID, contactOf(of, hidden))
}

func contactOf(of *Person, hidden bool) *Message {
	contact := &wireContact{Phone: "+49301234567", Name: of.user.FirstName, UserID: of.user.ID}
	if hidden {
		contact.UserID = 0
	}
	return &Message{content: func(w *wireMessage) { w.Contact = contact }}
}

// SendPhoto sends a picture.
func (p *Person) SendPhoto(caption string) Message {
	return p.post(p.user.ID, p.photo(caption))
}

func (p *Person) photo(caption string) *Message {
	f := markup.Plain(caption)
	return &Message{Photo: "from " + p.user.FirstName, Text: f.Text, Entities: f.Entities}
}

// SendAlbum sends several pictures as an album: the bot gets a message for each.
func (p *Person) SendAlbum(pictures int) []Message {
	var all []Message
	album := p.sim.inAlbum()
	for range pictures {
		m := p.photo("")
		m.extra = album
		all = append(all, p.post(p.user.ID, m))
	}
	return all
}

// Forward forwards a text that another person wrote.
func (p *Person) Forward(author *Person, text string) Message {
	f := markup.Plain(text)
	return p.post(p.user.ID, &Message{Text: f.Text, Entities: f.Entities, extra: func(w *wireMessage) {
		w.ForwardOrigin = &wireOrigin{Type: "user", Date: w.Date, Sender: &author.user}
	}})
}

// ForwardPost forwards a post of a channel, given as HTML for its entities.
func (p *Person) ForwardPost(from *Chat, html string) Message {
	f, err := markup.ParseHTML(html)
	if err != nil {
		panic(fmt.Sprintf("telegramsim: %s forwards %q: %v", p.user.FirstName, html, err))
	}
	f = f.Finish()
	return p.post(p.user.ID, &Message{Text: f.Text, Entities: f.Entities, extra: func(w *wireMessage) {
		chat := p.sim.state.chats[from.ID].wire()
		w.ForwardOrigin = &wireOrigin{Type: "channel", Date: w.Date, Chat: &chat, MessageID: 1}
	}})
}

// SendDocuments sends several files as an album: the bot gets a message for each.
func (p *Person) SendDocuments(names []string, data []byte) []Message {
	var all []Message
	album := p.sim.inAlbum()
	for _, name := range names {
		s := p.sim
		s.mu.Lock()
		document := s.state.addFile(botapi.Upload{Name: name, Data: data})
		s.mu.Unlock()
		m := &Message{Document: document, extra: album}
		all = append(all, p.post(p.user.ID, m))
	}
	return all
}

// inAlbum puts messages into an album of their own.
func (s *Sim) inAlbum() func(*wireMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.nextAlbum++
	id := strconv.Itoa(s.state.nextAlbum)
	return func(w *wireMessage) { w.MediaGroupID = id }
}

// Pin pins a message in a chat where the person may do so. The chat gets a service message.
func (p *Person) Pin(m Message) Message {
	return p.post(m.Chat, &Message{Service: p.user.FirstName + " pinned a message", extra: func(w *wireMessage) {
		pinned := p.sim.state.chats[m.Chat].message(m.ID)
		w.PinnedMessage = p.sim.state.wire(pinned)
	}})
}

// Retitle gives a group or channel another title; the chat gets a service message.
func (c *Chat) Retitle(by *Person, title string) {
	s := c.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state.chats[c.ID]
	state.title = title
	s.state.service(state, by.user, "The title is now "+title, func(w *wireMessage) { w.NewChatTitle = title })
}
