package telegramsim

import (
	"slices"
	"strings"
)

const maxTopicRunes = 128 // core.telegram.org/bots/api#createforumtopic

// topicColors are those an icon may have, core.telegram.org/bots/api#createforumtopic.
func topicColors() []int64 {
	return []int64{0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F}
}

type wireFullChat struct {
	wireChat
	AccentColorID     int          `json:"accent_color_id"`
	MaxReactionCount  int          `json:"max_reaction_count"`
	AcceptedGiftTypes struct{}     `json:"accepted_gift_types"`
	PinnedMessage     *wireMessage `json:"pinned_message,omitempty"`
}

func getChat(c *call) (any, error) {
	in, err := c.chatLocked(toRead)
	if err != nil {
		return nil, err
	}
	full := wireFullChat{wireChat: in.wire(), MaxReactionCount: 11}
	for _, m := range in.messages {
		if m.Pinned && !m.Deleted {
			full.PinnedMessage = c.sim.wireLocked(m)
		}
	}
	return full, nil
}

// membersLocked is chatLocked for who asks about members: those of a group that has
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
	id := c.form.integer("user_id")
	if id <= 0 {
		return nil, badRequest("Invalid user_id specified")
	}
	user := c.sim.userLocked(id)
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

// standing is the bot's own in a chat.
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
	admins := c.sim.adminsLocked(in)
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
	c.sim.setBotLocked(in, c.sim.state.bot.bare(), member{status: left})
	return true, nil
}

// forum finds a forum in which the bot may manage topics.
func (c *call) forum() (*chat, error) {
	in, err := c.chatLocked(toWrite)
	if err != nil {
		return nil, err
	}
	switch {
	case !in.forum:
		return nil, NotAForum
	case !(in.bot.admin() && in.bot.rights.ManageTopics):
		return nil, TopicsForbidden
	}
	return in, nil
}

func createForumTopic(c *call) (any, error) {
	in, err := c.forum()
	if err != nil {
		return nil, err
	}
	name := topicName(c.form.text("name"))
	color := topicColors()[0]
	if c.form.has("icon_color") {
		color = c.form.integer("icon_color")
	}
	switch {
	case name == "":
		return nil, badRequest("Name must be non-empty")
	case color < 0 || color > 0xFFFFFF:
		return nil, badRequest("Invalid icon color specified")
	case !slices.Contains(topicColors(), color):
		return nil, Refusal("Bad Request: TOPIC_ICON_COLOR_INVALID") // the words are not documented
	}
	if err := c.countLocked(in.id); err != nil {
		return nil, err
	}
	t := c.sim.newTopicLocked(in, c.sim.state.bot.bare(), name)
	return wireTopic{Thread: t.id, Name: t.name, IconColor: int(color)}, nil
}

// topicName is what Telegram makes of a name: one line without blanks at its ends, cut
// where it is too long (tdlib/td, clean_name).
func topicName(given string) string {
	name := []rune(strings.Join(strings.Fields(strings.Map(cleanRune, given)), " "))
	if len(name) > maxTopicRunes {
		name = name[:maxTopicRunes]
	}
	if text := strings.TrimSpace(string(name)); !isBlank(text) {
		return text
	}
	return ""
}

func closeForumTopic(c *call) (any, error) { return c.setTopicClosed(true) }

func reopenForumTopic(c *call) (any, error) { return c.setTopicClosed(false) }

func (c *call) setTopicClosed(closed bool) (any, error) {
	in, err := c.forum()
	if err != nil {
		return nil, err
	}
	t := in.topic(int(c.form.integer("message_thread_id")))
	switch {
	case t == nil || t.deleted:
		return nil, ThreadNotFound
	case t.closed == closed:
		return nil, Refusal("Bad Request: TOPIC_NOT_MODIFIED")
	}
	t.closed = closed
	c.sim.changedLocked()
	return true, nil
}
