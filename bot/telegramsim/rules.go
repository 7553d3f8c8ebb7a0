package telegramsim

import (
	"strconv"
	"strings"
)

// access is what a call wants to do with a chat.
type access int

const (
	toRead  access = iota // getChat and the like
	toEdit                // change messages in it
	toWrite               // post new messages
)

// chatLocked returns the chat of a call and checks that the bot has the access it wants, in
// the order in which Telegram checks (tdlib/telegram-bot-api, check_chat_access).
func (c *call) chatLocked(want access) (*chat, error) {
	name := strings.TrimSpace(c.form.Text("chat_id"))
	if name == "" {
		return nil, Refusal("Bad Request: chat_id is empty")
	}
	found := c.sim.state.find(name)
	if found == nil {
		return nil, ChatNotFound
	}
	var err error
	switch found.kind {
	case private:
		err = c.sim.state.mayUsePrivate(found, want)
	case group:
		err = found.mayUseGroup(want)
	default:
		err = found.mayUseSupergroup(want)
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (st *state) find(name string) *chat {
	if username, ok := strings.CutPrefix(name, "@"); ok {
		for _, c := range st.order {
			if (c.kind == supergroup || c.kind == channel) && strings.EqualFold(c.username, username) {
				return c
			}
		}
		return nil
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return nil
	}
	if c := st.chats[id]; c != nil {
		return c
	}
	if !st.opts.ImplicitChats || id <= 0 {
		return nil
	}
	c := &chat{id: id, kind: private, title: "User " + name}
	if !st.opts.Forget {
		st.chats[id] = c // not in order: the page does not list them
	}
	return c
}

func (st *state) mayUsePrivate(c *chat, want access) error {
	p := st.people[c.id]
	switch {
	case p == nil && !st.opts.ImplicitChats:
		return PrivateNotFound
	case p == nil:
		return nil
	case p.user.IsBot:
		return CannotWriteToBots
	case p.deactivated && want != toRead:
		return UserDeactivated
	case !p.started && !p.known:
		return ChatNotFound
	case want != toWrite:
		return nil
	case p.blocked:
		return BotBlocked
	case !p.started:
		return CannotInitiate
	}
	return nil
}

func (c *chat) mayUseGroup(want access) error {
	switch {
	case c.movedTo != 0 && want == toWrite:
		return &apiError{Refusal: GroupUpgraded, migrateTo: c.movedTo}
	case c.deleted && want == toWrite:
		return GroupDeleted
	case want == toRead:
		return nil
	case c.bot.status == kicked:
		return KickedGroup
	case !c.bot.inside():
		return NotInGroup
	}
	return nil
}

func (c *chat) mayUseSupergroup(want access) error {
	outside := NotInSupergroup
	thrownOut := KickedSupergroup
	if c.kind == channel {
		outside, thrownOut = NotInChannel, KickedChannel
	}
	switch {
	case c.deleted:
		return ChatNotFound
	case c.bot.status == kicked:
		return thrownOut
	case !c.bot.inside() && (c.username == "" || want != toRead):
		return outside
	}
	return nil
}

// noRights is how Telegram begins to say that a member may not send something.
const noRights = "Bad Request: not enough rights to send "

// mayPost checks the right to put a message of a sort ("text messages", "photos",
// "documents") into the chat and its topic.
func (c *chat) mayPost(what string, thread int) error {
	if c.kind == channel && !(c.bot.status == administrator && c.bot.rights.PostMessages) {
		return ChannelRights
	}
	if c.bot.status == restricted {
		return Refusal(noRights + what + " to the chat")
	}
	return c.mayPostInTopic(thread)
}

func (c *chat) mayPostInTopic(thread int) error {
	if c.kind == group || c.kind == channel || c.kind == supergroup && !c.forum {
		return nil // Telegram ignores the thread there
	}
	anyway := c.bot.status == administrator && c.bot.rights.ManageTopics
	if thread == 0 {
		if c.shut && !anyway {
			return TopicClosed
		}
		return nil
	}
	t := c.topic(thread)
	switch {
	case t == nil:
		return ThreadNotFound
	case t.deleted:
		return TopicDeleted
	case t.closed && !anyway:
		return TopicClosed
	}
	return nil
}

// threadIn returns the topic in which a message appears.
func (c *chat) threadIn(thread int) int {
	if !c.forum {
		return 0
	}
	return thread
}
