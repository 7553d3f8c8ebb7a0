package telegramsim

import "sort"

// kind is the type of a chat, as the Bot API calls it.
type kind string

const (
	private    kind = "private"
	group      kind = "group"
	supergroup kind = "supergroup"
	channel    kind = "channel"
)

// supergroupBase is above all ids of supergroups and channels in the Bot API.
const supergroupBase = -1_000_000_000_000

// anonymousAdmin is the account in whose name anonymous admins of groups write.
const anonymousAdmin = 1087968824

// chat is one chat's state; guarded by Sim.mu.
type chat struct {
	id        int64
	kind      kind
	title     string
	username  string
	forum     bool
	shut      bool  // the topic General is closed
	linked    int64 // of a channel: its discussion group
	deleted   bool
	movedTo   int64
	hidden    bool // its list of members is
	protected bool // its messages cannot be copied
	bot       member
	members   map[int64]member // persons only
	topics    []*topic
	messages  []*Message
	ephemeral []*Message // messages that one member sees
	lastID    int
	seen      int // how many messages the page has shown
}

func (c *chat) wire() wireChat {
	w := wireChat{ID: c.id, Type: string(c.kind), Username: c.username, IsForum: c.forum}
	if c.kind == private {
		w.FirstName = c.title
	} else {
		w.Title = c.title
	}
	return w
}

func (c *chat) message(id int) *Message {
	i := sort.Search(len(c.messages), func(i int) bool { return c.messages[i].ID >= id })
	if id == 0 || i == len(c.messages) || c.messages[i].ID != id {
		return nil
	}
	return c.messages[i]
}

// Chat is a handle for a chat of the simulator. It is valid as long as the simulator runs.
type Chat struct {
	sim *Sim
	ID  int64
}

// NewGroup makes a basic group with a creator and members; the bot is not in it yet.
func (s *Sim) NewGroup(title string, owner *Person, members ...*Person) *Chat {
	return s.newChat(group, title, owner, members)
}

// NewSupergroup makes a supergroup; the bot is not in it yet.
func (s *Sim) NewSupergroup(title string, owner *Person, members ...*Person) *Chat {
	return s.newChat(supergroup, title, owner, members)
}

// NewForum makes a supergroup with topics; the bot is not in it yet.
func (s *Sim) NewForum(title string, owner *Person, members ...*Person) *Chat {
	c := s.newChat(supergroup, title, owner, members)
	c.edit(func(state *chat) { state.forum = true })
	return c
}

// NewChannel makes a channel; the bot is not in it yet.
func (s *Sim) NewChannel(title string, owner *Person, subscribers ...*Person) *Chat {
	return s.newChat(channel, title, owner, subscribers)
}

func (s *Sim) newChat(k kind, title string, owner *Person, members []*Person) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.nextGroup++
	id := -s.state.nextGroup
	if k != group {
		id += supergroupBase
	}
	c := &chat{id: id, kind: k, title: title, bot: member{status: left}, members: map[int64]member{}}
	c.members[owner.ID()] = member{status: creator, rights: AllRights()}
	for _, p := range members {
		c.members[p.ID()] = member{status: plainMember}
	}
	s.state.addChat(c)
	return &Chat{s, id}
}

func (st *state) addChat(c *chat) {
	st.chats[c.id] = c
	st.order = append(st.order, c)
	st.changed()
}

// Chat returns a handle for a chat id, which may be of a chat that does not exist.
func (s *Sim) Chat(id int64) *Chat { return &Chat{s, id} }

// edit changes the chat's state, if it exists.
func (c *Chat) edit(change func(*chat)) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if state := c.sim.state.chats[c.ID]; state != nil {
		change(state)
		c.sim.state.changed()
	}
}

// read looks at the chat's state, if it exists.
func (c *Chat) read(look func(*chat)) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if state := c.sim.state.chats[c.ID]; state != nil {
		look(state)
	}
}

// SetUsername makes a supergroup or channel public: the bot may write to @username.
func (c *Chat) SetUsername(name string) { c.edit(func(state *chat) { state.username = name }) }

// Messages returns what is in the chat, oldest first, without deleted messages.
func (c *Chat) Messages() []Message {
	return c.messages(func(m *Message) bool { return !m.Deleted })
}

// FromBot returns the bot's messages in the chat, oldest first, deleted ones included.
func (c *Chat) FromBot() []Message {
	return c.messages(func(m *Message) bool { return m.Mine() && m.Service == "" })
}

func (c *Chat) messages(keep func(*Message) bool) (out []Message) {
	c.read(func(state *chat) {
		for _, m := range state.messages {
			if keep(m) {
				out = append(out, m.copy())
			}
		}
	})
	return out
}

// Message returns the message with an id as it is now; false: there never was one.
func (c *Chat) Message(id int) (found Message, ok bool) {
	c.read(func(state *chat) {
		if m := state.message(id); m != nil {
			found, ok = m.copy(), true
		}
	})
	return found, ok
}

// Last returns the newest message that is not deleted, or a zero Message.
func (c *Chat) Last() Message {
	all := c.Messages()
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// Delete deletes the chat: writing to it is then refused.
func (c *Chat) Delete() { c.edit(func(state *chat) { state.deleted = true }) }

// Upgrade makes a basic group a supergroup, which has a new id. The bot gets service
// messages in both, and migrate_to_chat_id when it writes to the old one.
func (c *Chat) Upgrade() *Chat {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return &Chat{c.sim, c.sim.state.upgrade(c.sim.state.chats[c.ID])}
}

func (st *state) upgrade(old *chat) int64 {
	st.nextGroup++
	fresh := &chat{
		id: supergroupBase - st.nextGroup, kind: supergroup, title: old.title,
		bot: old.bot, members: old.members,
	}
	st.addChat(fresh)
	old.movedTo = fresh.id
	st.service(old, User{}, "The group became a supergroup", func(w *wireMessage) { w.MigrateToChatID = fresh.id })
	st.service(fresh, User{}, "The group became a supergroup", func(w *wireMessage) { w.MigrateFromChatID = old.id })
	return fresh.id
}

func (st *state) isBasicGroup(id int64) bool {
	c := st.chats[id]
	return c != nil && c.kind == group && c.movedTo == 0 && c.bot.inside()
}

// service puts a service message into a chat and tells the bot.
func (st *state) service(c *chat, by User, text string, extra func(*wireMessage)) *Message {
	m := &Message{From: by, Service: text, extra: extra}
	st.store(c, m)
	if c.bot.inside() && by.ID != st.bot.ID {
		st.sendUpdate("message", st.wire(m))
	}
	return m
}
