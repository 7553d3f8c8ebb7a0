package telegramsim

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// status of a member of a chat, as the Bot API calls it.
type status string

const (
	creator       status = "creator"
	administrator status = "administrator"
	plainMember   status = "member"
	restricted    status = "restricted"
	left          status = "left"
	kicked        status = "kicked"
)

// member is the status of a user in a chat, with what goes with it.
type member struct {
	status    status
	anonymous bool
	rights    AdminRights
}

func (m member) inside() bool {
	return m.status != left && m.status != kicked && m.status != ""
}

func (m member) admin() bool { return m.status == creator || m.status == administrator }

// AdminRights are the rights of an administrator that the simulator knows. Others have no
// effect here, and getChatMember shows them as missing.
type AdminRights struct {
	PostMessages   bool // channels
	EditMessages   bool // channels
	DeleteMessages bool
	PinMessages    bool // groups
	ManageTopics   bool // forums
}

// AllRights has every right.
func AllRights() AdminRights {
	return AdminRights{true, true, true, true, true}
}

// AddBot adds the bot: the group gets a service message and the bot a my_chat_member. To a
// channel it can be added only as an administrator, and it may post there.
func (c *Chat) AddBot(by *Person) {
	s := c.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state.chats[c.ID]
	standing := member{status: plainMember}
	if state.kind == channel {
		standing = member{status: administrator, rights: AdminRights{PostMessages: true, EditMessages: true}}
	}
	s.state.setBot(state, by.user, standing)
	if state.kind != channel {
		s.state.service(state, by.user, by.user.FirstName+" added "+s.state.bot.FirstName, func(w *wireMessage) {
			w.NewChatMembers = []User{s.state.bot}
		})
	}
}

// AddBotMuted adds the bot without the right to post: to a channel as an administrator
// without it, to a group as a restricted member.
func (c *Chat) AddBotMuted(by *Person) {
	standing := member{status: restricted}
	c.edit(func(state *chat) {
		if state.kind == channel {
			standing = member{status: administrator}
		}
	})
	c.setBot(by, standing)
}

// RemoveBot removes the bot; its status is then "kicked".
func (c *Chat) RemoveBot(by *Person) { c.setBot(by, member{status: kicked}) }

// PromoteBot makes the bot an administrator with the given rights.
func (c *Chat) PromoteBot(by *Person, r AdminRights) {
	c.setBot(by, member{status: administrator, rights: r})
}

// DemoteBot makes the bot a plain member again, which may not write in a channel.
func (c *Chat) DemoteBot(by *Person) { c.setBot(by, member{status: plainMember}) }

// MuteBot takes away the bot's right to write.
func (c *Chat) MuteBot(by *Person) { c.setBot(by, member{status: restricted}) }

func (c *Chat) setBot(by *Person, standing member) {
	s := c.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.setBot(s.state.chats[c.ID], by.user, standing)
}

// setBot changes the status of the bot, which gets a my_chat_member.
func (st *state) setBot(c *chat, by User, standing member) {
	old := c.bot
	c.bot = standing
	st.changed()
	st.sendUpdate("my_chat_member", wireMemberUpdate{
		Chat: c.wire(), From: by, Date: now().Unix(),
		Old: wireMemberOf(c, old, st.bot), New: wireMemberOf(c, standing, st.bot),
	})
}

// Join adds a person as a plain member. The bot gets a chat_member if it is an administrator
// and has asked for these.
func (c *Chat) Join(p *Person) { c.setMember(p, member{status: plainMember}) }

// Leave removes a person from the chat. The bot may get a chat_member, see Join.
func (c *Chat) Leave(p *Person) { c.setMember(p, member{status: left}) }

// Promote makes a person an administrator; an anonymous one writes in the group's name.
func (c *Chat) Promote(p *Person, r AdminRights, anonymous bool) {
	c.setMember(p, member{status: administrator, rights: r, anonymous: anonymous})
}

// Demote makes a person a plain member again.
func (c *Chat) Demote(p *Person) { c.setMember(p, member{status: plainMember}) }

func (c *Chat) setMember(p *Person, standing member) {
	s := c.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state.chats[c.ID]
	old := state.members[p.user.ID]
	state.members[p.user.ID] = standing
	s.state.changed()
	if state.bot.admin() {
		s.state.sendUpdate("chat_member", wireMemberUpdate{
			Chat: state.wire(), From: p.user, Date: now().Unix(),
			Old: wireMemberOf(state, old, p.user), New: wireMemberOf(state, standing, p.user),
		})
	}
}

// HideMembers hides the list of members from all but the administrators. A bot that is not
// an administrator may not ask about a member; Telegram's words for that were reported in
// teloxide/teloxide issue 1349. It may ask for the administrators.
func (c *Chat) HideMembers() { c.edit(func(state *chat) { state.hidden = true }) }

// admins lists the administrators of a chat that are persons, the creator first. Only
// administrators see the anonymous ones (tdlib/telegram-bot-api issue 667).
func (st *state) admins(c *chat) []wireMember {
	var out []wireMember
	for _, id := range slices.SortedFunc(maps.Keys(c.members), func(a, b int64) int {
		return cmp.Or(cmp.Compare(rank(c.members[a]), rank(c.members[b])), cmp.Compare(a, b))
	}) {
		if m := c.members[id]; m.admin() && (!m.anonymous || c.bot.admin()) {
			out = append(out, wireMemberOf(c, c.members[id], st.user(id)))
		}
	}
	return out
}

func rank(m member) int {
	if m.status == creator {
		return 0
	}
	return 1
}

func (st *state) user(id int64) User {
	if id == st.bot.ID {
		return st.bot
	}
	if p := st.people[id]; p != nil {
		return p.user
	}
	return User{ID: id, FirstName: "User " + strconv.FormatInt(id, 10)}
}

// wireMemberOf returns a member as the Bot API shows it in a kind of chat.
func wireMemberOf(c *chat, m member, u User) wireMember {
	w := wireMember{Status: string(m.status), User: u}
	if m.status == "" {
		w.Status = string(left)
	}
	yes, no := true, false
	of := func(b bool) *bool {
		if b {
			return &yes
		}
		return &no
	}
	switch m.status {
	case creator:
		w.IsAnonymous = of(m.anonymous)
	case restricted:
		w.IsMember, w.CanSendMessages = &yes, &no
		w.UntilDate = new(int)
	case kicked:
		w.UntilDate = new(int)
	case administrator:
		w.rights = rights{
			CanBeEdited: &no, IsAnonymous: of(m.anonymous), CanManageChat: &yes,
			CanDeleteMessages: of(m.rights.DeleteMessages), CanManageVideoChats: &no, CanRestrictMembers: &no,
			CanPromoteMembers: &no, CanChangeInfo: &no, CanInviteUsers: &no,
			CanPostStories: &no, CanEditStories: &no, CanDeleteStories: &no,
		}
		if c.kind == channel {
			w.CanPostMessages, w.CanEditMessages = of(m.rights.PostMessages), of(m.rights.EditMessages)
		} else {
			w.CanPinMessages, w.CanManageTopics = of(m.rights.PinMessages), of(m.rights.ManageTopics)
		}
	}
	return w
}
