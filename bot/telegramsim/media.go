package telegramsim

import (
	"strconv"

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
func (p *Person) SendSticker(emoji string) Message {
	return p.post(p.user.ID, &Message{extra: func(w *wireMessage) {
		id := strconv.Itoa(w.ID)
		w.Sticker = &wireSticker{"sticker-" + id, "s" + id, "regular", 512, 512, emoji}
	}})
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
	for range pictures {
		m := p.photo("")
		m.extra = func(w *wireMessage) {
			first := w.ID
			if len(all) > 0 {
				first = all[0].ID
			}
			w.MediaGroupID = strconv.Itoa(first)
		}
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
