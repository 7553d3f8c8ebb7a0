package telegramsim

import (
	"slices"
	"strings"
)

// deliver sends the bot a person's message, if the bot is meant to see it.
func (st *state) deliver(c *chat, p *Person, m *Message) {
	switch {
	case c.kind == private:
		p.known = true
		st.sendUpdate("message", st.wire(m))
	case c.kind == channel && c.bot.admin():
		st.sendUpdate("channel_post", st.wire(m))
	case c.kind != channel && c.bot.inside() && st.sees(c, m):
		p.known = true
		st.sendUpdate("message", st.wire(m))
	}
}

// sees applies privacy mode: a bot that is not an administrator sees commands for it,
// mentions of it and what was sent via it, and commands that name no bot if it was the last
// bot to write, and replies to its messages (core.telegram.org/bots/features#privacy-mode).
func (st *state) sees(c *chat, m *Message) bool {
	if st.opts.ReadsGroups || c.bot.admin() || m.ViaBot {
		return true
	}
	if to := c.message(m.ReplyTo); to != nil && to.own {
		return true
	}
	for _, e := range m.Entities {
		text := e.Part(m.Text)
		switch e.Type {
		case "bot_command":
			return addressed(text, st.bot.Username) && (strings.Contains(text, "@") || c.botWroteLast())
		case "mention":
			if addressed(text, st.bot.Username) {
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

// addressed reports whether "/command", "/command@bot" or "@bot" may be for the bot.
func addressed(text, username string) bool {
	if _, name, ok := strings.Cut(text, "@"); ok {
		return strings.EqualFold(name, username)
	}
	return strings.HasPrefix(text, "/")
}
