package telegramsim

import (
	"fmt"

	"digestbot/bot/telegramsim/markup"
)

// Reply answers a message in its chat with a text.
func (p *Person) Reply(to Message, text string) Message {
	f := markup.Plain(text)
	return p.reply(to, &Message{Text: f.Text, Entities: f.Entities})
}

// ReplyHTML is Reply with a text that is formatted, given as HTML.
func (p *Person) ReplyHTML(to Message, html string) Message {
	f, err := markup.ParseHTML(html)
	if err != nil {
		panic(fmt.Sprintf("telegramsim: %s replies %q: %v", p.user.FirstName, html, err))
	}
	f = f.Finish()
	return p.reply(to, &Message{Text: f.Text, Entities: f.Entities})
}

// ReplyQuote is Reply that quotes a part of the message.
func (p *Person) ReplyQuote(to Message, quote, text string) Message {
	f := markup.Plain(text)
	return p.reply(to, &Message{Text: f.Text, Entities: f.Entities, extra: func(w *wireMessage) {
		w.Quote = &wireQuote{Text: quote, IsManual: true}
	}})
}

// ReplyPhoto answers a message with a picture.
func (p *Person) ReplyPhoto(to Message, caption string) Message { return p.reply(to, p.photo(caption)) }

// ReplyAlbum answers a message with several pictures: the bot gets a message for each, all of
// them replies.
func (p *Person) ReplyAlbum(to Message, captions ...string) []Message {
	var all []Message
	album := p.sim.inAlbum()
	for _, caption := range captions {
		m := p.photo(caption)
		m.extra = album
		all = append(all, p.reply(to, m))
	}
	return all
}

// ReplySticker answers a message with a sticker.
func (p *Person) ReplySticker(to Message, emoji string) Message { return p.reply(to, sticker(emoji)) }

// ReplyVoice answers a message with a voice message.
func (p *Person) ReplyVoice(to Message) Message {
	return p.reply(to, &Message{content: func(w *wireMessage) { w.Voice = &wireVoice{"voice-1", "v1", 3} }})
}

// ReplyContact answers a message with the person's own contact.
func (p *Person) ReplyContact(to Message) Message { return p.reply(to, contactOf(p, false)) }

// ReplyQuiz answers a message with a quiz whose answer the bot does not know.
func (p *Person) ReplyQuiz(to Message, question string) Message {
	return p.reply(to, &Message{bound: true, content: func(w *wireMessage) {
		w.Poll = &wirePoll{ID: "5", Question: question, Options: []wireOption{{"1", "yes", 0}, {"2", "no", 0}}, IsAnonymous: true, Type: "quiz"}
	}})
}

func (p *Person) reply(to Message, m *Message) Message {
	m.ReplyTo, m.Thread = to.ID, to.Thread
	return p.post(to.Chat, m)
}

// ReplyAs is Reply in the name of a channel that the person owns.
func (p *Person) ReplyAs(as *Chat, to Message, text string) Message {
	f := markup.Plain(text)
	return p.postAs(as, to.Chat, &Message{Text: f.Text, Entities: f.Entities, ReplyTo: to.ID, Thread: to.Thread})
}

type wireQuote struct {
	Text     string `json:"text"`
	Position int    `json:"position"`
	IsManual bool   `json:"is_manual,omitempty"`
}

type wireVoice struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Duration     int    `json:"duration"`
}

type wirePoll struct {
	ID          string       `json:"id"`
	Question    string       `json:"question"`
	Options     []wireOption `json:"options"`
	TotalVoters int          `json:"total_voter_count"`
	IsClosed    bool         `json:"is_closed"`
	IsAnonymous bool         `json:"is_anonymous"`
	Type        string       `json:"type"`
	Several     bool         `json:"allows_multiple_answers"`
}

type wireOption struct {
	ID     string `json:"persistent_id"`
	Text   string `json:"text"`
	Voters int    `json:"voter_count"`
}

// Remove deletes a message for everybody, as an admin of the chat does. The bot is not told.
func (c *Chat) Remove(m Message) {
	c.edit(func(state *chat) {
		if stored := state.message(m.ID); stored != nil {
			stored.Deleted = true
		}
	})
}
