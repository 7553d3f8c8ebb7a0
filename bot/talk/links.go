package talk

// Arguments of /start.
const (
	StartSubscribe = "subscribe" // subscribes the chat
	StartIssue     = "issue_"    // and the name of an issue, see archive.LinkName: brings that issue
	StartChannel   = "channel_"  // and a channel as ParseChannel reads it: opens its settings
	StartTopics    = "topics"    // in a group, after the bot was given the right to make topics: nothing
	StartEditor    = "editor_"   // and the token of an invitation: makes the person an editor
	StartHosts     = "channels"  // shows the groups and channels that the person can set up
)

// Link returns the address of the bot.
func (t *Talker) Link() string { return "https://t.me/" + t.Self.Load().Username }

// StartLink returns an address that opens a private chat with the bot and has the person
// send /start with a payload.
func (t *Talker) StartLink(payload string) string {
	return t.Link() + "?start=" + payload
}

// ChannelLink returns an address that opens the settings of a channel in the private chat
// with the bot, for people who manage it.
func (t *Talker) ChannelLink(channel int64) string {
	return t.StartLink(StartChannel + channelName(channel))
}

// AddToGroupLink returns an address that lets a person choose a group, adds the bot to it
// and, if the person is an admin there, subscribes it. The bot needs no rights there:
// asking for some would show only groups in which the person may appoint admins
// (core.telegram.org/api/links#group-bot-links).
func (t *Talker) AddToGroupLink() string {
	return t.Link() + "?startgroup=" + StartSubscribe
}

// AddToChannelLink returns an address that lets a person choose a channel and makes the
// bot an admin there who may post (core.telegram.org/api/links#channel-bot-links).
func (t *Talker) AddToChannelLink() string {
	return t.Link() + "?startchannel&admin=post_messages"
}

// TopicRightLink returns an address that lets a person give the bot the right to make
// topics in a group.
func (t *Talker) TopicRightLink() string {
	return t.Link() + "?startgroup=" + StartTopics + "&admin=manage_topics"
}
