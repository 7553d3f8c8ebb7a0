package telegramsim

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"digestbot/bot/telegramsim/markup"
)

// queryLifetime is how long a pressed button can be answered. Telegram says: a few minutes
// at most.
const queryLifetime = 5 * time.Minute

// Query is the press of a button that waits for the bot's answer.
type Query struct {
	ID   string
	Data string
	By   int64 // user id

	sim       *Sim
	made      time.Time
	chat      int64 // where the button is
	ephemeral bool  // the message with the button is ephemeral

	// guarded by Sim.mu
	answered bool
	answer   Answer
}

// Answer is what a bot answers when a button is pressed.
type Answer struct {
	Text  string
	Alert bool // it shows in a window that has to be closed
	URL   string
}

// Answer returns the bot's answer, and false while there is none.
func (q *Query) Answer() (Answer, bool) {
	q.sim.mu.Lock()
	defer q.sim.mu.Unlock()
	return q.answer, q.answered
}

// errNoButton means that the message has no such button, or that it does not call the
// bot.
var errNoButton = errors.New("no such button")

// Press presses the button with that text under a message as the person sees it. The
// message in the chat may have changed since. A button that does not call the bot is an
// error.
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
	if m.Ephemeral != 0 { // it is not known whether Telegram checks the person who presses: the bot has to
		stored = c.ephemeralMessage(m.Ephemeral)
	}
	if stored != nil && !stored.Deleted {
		shown = s.state.wire(stored)
	}
	pressed := wireCallback{ID: q.ID, From: p.user, Message: shown, ChatInstance: strconv.FormatInt(c.id*31, 10), Data: data}
	if m.ViaBot {
		pressed.Message, pressed.InlineID = nil, inlineID(m.Chat, m.ID)
	}
	s.state.sendUpdate("callback_query", pressed)
	s.state.changed()
	return q
}

func answerCallbackQuery(c *call) (any, error) {
	q := c.sim.state.queries[c.form.Text("callback_query_id")]
	if markup.Units(c.form.Text("text")) > maxAnswerUnits {
		return nil, AnswerTooLong
	}
	if q == nil || q.answered || now().Sub(q.made) > queryLifetime {
		return nil, QueryTooOld
	}
	if link := c.form.Text("url"); link != "" && !c.sim.opensBot(link) {
		return nil, Refusal("Bad Request: URL_INVALID")
	}
	q.answered = true
	q.answer = Answer{Text: c.form.Text("text"), Alert: c.form.Flag("show_alert"), URL: c.form.Text("url")}
	delete(c.sim.state.queries, q.ID)
	c.sim.state.changed()
	return true, nil
}

// opensBot reports whether the answer to a button may open a link. A bot without games has
// only t.me/bot?start=payload (core.telegram.org/bots/api#answercallbackquery).
func (s *Sim) opensBot(link string) bool {
	full, err := markup.CheckLink(link)
	if err != nil {
		return false
	}
	u, err := url.Parse(full)
	if err != nil {
		return false
	}
	name := strings.Trim(u.Path, "/")
	switch {
	case u.Scheme == "tg" && u.Host == "resolve":
		name = u.Query().Get("domain")
	case u.Host != "t.me" && u.Host != "telegram.me" && u.Host != "telegram.dog":
		return false
	}
	return strings.EqualFold(name, s.opts.Username)
}
