package telegramsim

import (
	"slices"
	"strings"
	"time"

	"digestbot/bot/telegramsim/markup"
)

// Ephemeral messages (Bot API 10.2 and 10.3) are messages in a group that one member sees,
// core.telegram.org/bots/api#ephemeral-messages-and-commands. The wording of the refusals
// is not documented: these were seen, or are what Telegram says in similar cases.
const (
	// ephemeralWindow is how long after a press or an ephemeral command any bot may answer
	// with an ephemeral message; administrators may send one at any time.
	ephemeralWindow = 15 * time.Second
	// maxEphemeralEdit is what an edit takes, whatever the documentation says
	// (tdlib/telegram-bot-api issue 881).
	maxEphemeralEdit = 1024 // UTF-16 units
)

// ephemeralParameters are EphemeralMessageParameters.
type ephemeralParameters struct {
	Receiver int64  `json:"receiver_user_id"`
	Query    string `json:"callback_query_id"`
	Replace  bool   `json:"replace_callback_query_message"`
}

// ephemeral reads whether a new message is for one member only. An older server does not
// know the parameter, and ignores it.
func (c *call) ephemeral(to *chat) (receiver int64, err error) {
	if c.sim.opts.WithoutEphemeral || c.sim.opts.WithoutEphemeralParameters {
		return 0, nil
	}
	var p ephemeralParameters
	given, err := c.object("ephemeral_message_parameters", &p)
	if err != nil || !given {
		return 0, err
	}
	switch person := c.sim.state.people[p.Receiver]; {
	case to.kind != group && to.kind != supergroup:
		return 0, EphemeralForbidden
	case person == nil || person.user.IsBot || !to.members[p.Receiver].inside():
		return 0, NotAMember
	}
	return p.Receiver, c.maySendEphemeral(to, p)
}

// maySendEphemeral checks that the bot may send an ephemeral message now.
func (c *call) maySendEphemeral(to *chat, p ephemeralParameters) error {
	var reply struct {
		Ephemeral int `json:"ephemeral_message_id"`
	}
	if _, err := c.object("reply_parameters", &reply); err != nil {
		return err
	}
	switch {
	case p.Query != "":
		q := c.sim.state.pressed[p.Query]
		if q == nil || q.By != p.Receiver || q.chat != to.id || now().Sub(q.made) > ephemeralWindow {
			return QueryTooOld
		}
		if p.Replace && q.ephemeral {
			return EphemeralForbidden
		}
	case reply.Ephemeral != 0:
		m := to.ephemeralMessage(reply.Ephemeral)
		if m == nil || m.From.ID != p.Receiver || now().Sub(m.Date) > ephemeralWindow {
			return NotACommand
		}
	case !to.bot.admin():
		return AdminRequired
	}
	return nil
}

// ephemeralMessage returns an ephemeral message of a chat.
func (c *chat) ephemeralMessage(id int) *Message {
	for _, m := range c.ephemeral {
		if m.Ephemeral == id && !m.Deleted {
			return m
		}
	}
	return nil
}

// storeEphemeral puts an ephemeral message into a chat.
func (st *state) storeEphemeral(c *chat, m *Message) {
	st.nextEphemeral++
	m.Ephemeral, m.Chat, m.Date, m.after = st.nextEphemeral, c.id, now().UTC(), len(c.messages)
	c.ephemeral = append(c.ephemeral, m)
	st.changed()
}

// ephemeralTarget finds the message to edit or delete. It has to be the bot's own, and for
// that receiver.
func (c *call) ephemeralTarget() (*chat, *Message, error) {
	in, err := c.chatLocked(toEdit)
	if err != nil {
		return nil, nil, err
	}
	m := in.ephemeralMessage(int(c.form.Integer("ephemeral_message_id")))
	if m == nil || !m.own || m.Receiver != c.form.Integer("receiver_user_id") {
		return nil, nil, MessageIDInvalid
	}
	return in, m, nil
}

func editEphemeralMessageText(c *call) (any, error) {
	text, err := c.textOf()
	if err != nil {
		return nil, err
	}
	if markup.Units(text.Text) > maxEphemeralEdit {
		return nil, CaptionTooLongRaw
	}
	return c.editEphemeral(func(m *Message) error {
		m.setText(text)
		return nil
	})
}

func editEphemeralMessageReplyMarkup(c *call) (any, error) {
	return c.editEphemeral(func(*Message) error { return nil })
}

func (c *call) editEphemeral(change func(*Message) error) (any, error) {
	in, m, err := c.ephemeralTarget()
	if err != nil {
		return nil, err
	}
	if err := c.change(in, m, change); err != nil {
		return nil, err
	}
	return true, nil
}

func deleteEphemeralMessage(c *call) (any, error) {
	_, m, err := c.ephemeralTarget()
	if err != nil {
		return nil, err
	}
	c.delete(m)
	return true, nil
}

// WriteEphemeral sends an ephemeral command into a group, which only the bot sees. An app
// does so if the bot has declared the command ephemeral in the person's menu. Otherwise, and
// for anonymous admins, the command is for everybody.
func (p *Person) WriteEphemeral(c *Chat, text string) Message { return p.writeEphemeral(c.ID, 0, text) }

// WriteEphemeralInTopic is WriteEphemeral in a topic of a forum.
func (p *Person) WriteEphemeralInTopic(c *Chat, thread int, text string) Message {
	return p.writeEphemeral(c.ID, thread, text)
}

func (p *Person) writeEphemeral(chatID int64, thread int, text string) Message {
	s := p.sim
	s.mu.Lock()
	c := s.state.chats[chatID]
	if c == nil || !s.state.isEphemeralCommand(p, c, text) {
		s.mu.Unlock()
		return p.write(chatID, thread, text)
	}
	defer s.mu.Unlock()
	f := markup.Plain(text)
	m := &Message{From: p.user, Receiver: s.state.bot.ID, Thread: c.threadIn(thread), Text: f.Text, Entities: f.Entities}
	s.state.storeEphemeral(c, m)
	if c.bot.inside() {
		p.known = true
		s.state.sendUpdate("message", s.state.wire(m))
	}
	return m.copy()
}

// isEphemeralCommand reports whether an app sends a text as an ephemeral command.
func (st *state) isEphemeralCommand(p *Person, c *chat, text string) bool {
	name, _, _ := strings.Cut(text, " ")
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "/"), "@")
	group := c.kind == group || c.kind == supergroup
	return group && !c.members[p.user.ID].anonymous && strings.HasPrefix(text, "/") &&
		slices.ContainsFunc(st.commands(p, c.id), func(k Command) bool { return k.IsEphemeral && k.Command == name })
}

// SeenBy returns what a person sees in the chat, oldest first: its messages, and the
// ephemeral ones from and to the person.
func (c *Chat) SeenBy(p *Person) (out []Message) {
	c.read(func(state *chat) {
		for _, m := range state.seenBy(p.user.ID, 0) {
			out = append(out, m.copy())
		}
	})
	return out
}

// seenBy returns what a user sees of a chat, from the message at an index on.
func (c *chat) seenBy(user int64, from int) []*Message {
	var out []*Message
	waiting := c.ephemeral
	for i := from; i <= len(c.messages); i++ {
		for len(waiting) > 0 && waiting[0].after <= i {
			if m := waiting[0]; !m.Deleted && m.after >= from && (m.Receiver == user || m.From.ID == user) {
				out = append(out, m)
			}
			waiting = waiting[1:]
		}
		if i < len(c.messages) && !c.messages[i].Deleted {
			out = append(out, c.messages[i])
		}
	}
	return out
}

// Ephemeral returns the ephemeral message with an id as it is now; false: there never was
// one.
func (c *Chat) Ephemeral(id int) (found Message, ok bool) {
	c.read(func(state *chat) {
		for _, m := range state.ephemeral {
			if m.Ephemeral == id {
				found, ok = m.copy(), true
			}
		}
	})
	return found, ok
}

// Fade makes the chat's ephemeral messages disappear, as they do after some time. Apps may
// go on showing them.
func (c *Chat) Fade() {
	c.edit(func(state *chat) {
		for _, m := range state.ephemeral {
			m.Deleted = true
		}
	})
}
