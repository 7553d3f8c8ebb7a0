package telegramsim

type wireFullChat struct {
	wireChat
	AccentColorID     int          `json:"accent_color_id"`
	MaxReactionCount  int          `json:"max_reaction_count"`
	AcceptedGiftTypes struct{}     `json:"accepted_gift_types"`
	PinnedMessage     *wireMessage `json:"pinned_message,omitempty"`

	HasProtectedContent bool `json:"has_protected_content,omitempty"`
}

func getChat(c *call) (any, error) {
	in, err := c.chatLocked(toRead)
	if err != nil {
		return nil, err
	}
	full := wireFullChat{wireChat: in.wire(), MaxReactionCount: 11, HasProtectedContent: in.protected}
	for _, m := range in.messages {
		if m.Pinned && !m.Deleted {
			full.PinnedMessage = c.sim.state.wire(m)
		}
	}
	return full, nil
}

// membersLocked is chatLocked for questions about members. Members of a group that has
// become a supergroup are out of reach (tdlib/telegram-bot-api, check_chat_access).
func (c *call) membersLocked() (*chat, error) {
	in, err := c.chatLocked(toRead)
	if err == nil && in.movedTo != 0 {
		err = &apiError{Refusal: GroupUpgraded, migrateTo: in.movedTo}
	}
	return in, err
}

func getChatMember(c *call) (any, error) {
	in, err := c.membersLocked()
	if err != nil {
		return nil, err
	}
	id := c.form.Integer("user_id")
	if id <= 0 {
		return nil, badRequest("Invalid user_id specified")
	}
	user := c.sim.state.user(id)
	if id == user.ID && id == c.sim.state.bot.ID {
		return wireMemberOf(in, c.standing(in), user.bare()), nil
	}
	if c.sim.state.people[id] == nil {
		return nil, ParticipantInvalid
	}
	if in.kind == private {
		return wireMemberOf(in, member{status: plainMember}, user), nil
	}
	switch {
	case in.kind == channel && !in.bot.admin():
		return nil, MemberListHidden
	case in.hidden && !in.bot.admin() && !in.members[id].inside():
		return nil, ParticipantInvalid
	case in.hidden && !in.bot.admin():
		return nil, AdminRequired
	}
	return wireMemberOf(in, in.members[id], user), nil
}

// standing returns the bot's own membership of a chat.
func (c *call) standing(in *chat) member {
	if in.kind == private {
		return member{status: plainMember}
	}
	return in.bot
}

func getChatAdministrators(c *call) (any, error) {
	in, err := c.membersLocked()
	if err != nil {
		return nil, err
	}
	switch {
	case in.kind == private:
		return nil, NoAdministrators
	case in.kind == channel && !in.bot.admin():
		return nil, MemberListHidden
	}
	admins := c.sim.state.admins(in)
	if in.bot.admin() {
		admins = append(admins, wireMemberOf(in, in.bot, c.sim.state.bot.bare()))
	}
	return admins, nil
}

func getChatMemberCount(c *call) (any, error) {
	in, err := c.membersLocked()
	if err != nil {
		return nil, err
	}
	if in.kind == private {
		return 2, nil
	}
	n := 0
	for _, m := range in.members {
		if m.inside() {
			n++
		}
	}
	if in.bot.inside() {
		n++
	}
	return n, nil
}

func leaveChat(c *call) (any, error) {
	in, err := c.chatLocked(toRead)
	if err != nil {
		return nil, err
	}
	if in.kind == private {
		return nil, LeavePrivate
	}
	c.sim.state.setBot(in, c.sim.state.bot.bare(), member{status: left})
	return true, nil
}
