package telegramsim

import "digestbot/bot/telegramsim/markup"

// The accounts that are the authors of messages that no person wrote as themselves.
const (
	serviceAccount = 777000    // automatic forwards of a channel's posts
	channelBot     = 136817688 // people who write in a group as a channel
)

// Link makes a group the discussion group of a channel: posts of the channel are forwarded
// there.
func (c *Chat) Link(discussion *Chat) { c.edit(func(state *chat) { state.linked = discussion.ID }) }

// WriteAs writes into a group in the name of a channel that the person owns.
func (p *Person) WriteAs(as, in *Chat, text string) Message {
	f := markup.Plain(text)
	return p.postAs(as, in.ID, &Message{Text: f.Text, Entities: f.Entities})
}

func (p *Person) postAs(as *Chat, in int64, m *Message) Message {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m.From = User{ID: channelBot, IsBot: true, FirstName: "Channel", Username: "Channel_Bot"}
	m.SenderChat = as.ID
	c := s.state.chats[in]
	s.state.store(c, m)
	s.state.deliver(c, p, m)
	return m.copy()
}

// forward forwards a post of a channel to its discussion group.
func (st *state) forward(from *chat, post *Message) {
	discussion := st.chats[from.linked]
	if from.kind != channel || discussion == nil {
		return
	}
	m := &Message{
		From: User{ID: serviceAccount, FirstName: "Telegram"}, SenderChat: from.id,
		Text: post.Text, Entities: post.Entities,
		extra: func(w *wireMessage) {
			chat := from.wire()
			w.IsAutomaticForward = true
			w.ForwardOrigin = &wireOrigin{Type: "channel", Date: post.Date.Unix(), Chat: &chat, MessageID: post.ID}
		},
	}
	st.store(discussion, m)
	st.deliver(discussion, &Person{}, m)
}
