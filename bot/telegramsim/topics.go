package telegramsim

import (
	"slices"
	"strings"

	"digestbot/bot/telegramsim/markup"
)

type topic struct {
	id      int
	name    string
	closed  bool
	deleted bool
}

func (c *chat) topic(id int) *topic {
	for _, t := range c.topics {
		if t.id == id {
			return t
		}
	}
	return nil
}

// NewTopic opens a topic in a forum and returns its message_thread_id.
func (c *Chat) NewTopic(by *Person, name string) int {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.sim.state.newTopic(c.sim.state.chats[c.ID], by.user, name).id
}

func (st *state) newTopic(c *chat, by User, name string) *topic {
	m := st.service(c, by, "Topic “"+name+"” created", func(w *wireMessage) {
		w.ForumTopicCreated = &wireTopic{Name: name, IconColor: int(topicColors()[0])}
		w.Thread, w.IsTopicMessage = w.ID, true
	})
	m.Thread = m.ID
	t := &topic{id: m.ID, name: name}
	c.topics = append(c.topics, t)
	return t
}

// CloseTopic closes a topic: only administrators who manage topics may write there.
func (c *Chat) CloseTopic(thread int) { c.editTopic(thread, func(t *topic) { t.closed = true }) }

// CloseGeneral closes the topic General, where messages without a thread go.
func (c *Chat) CloseGeneral() { c.edit(func(state *chat) { state.shut = true }) }

// DeleteTopic deletes a topic and what is in it.
func (c *Chat) DeleteTopic(thread int) { c.editTopic(thread, func(t *topic) { t.deleted = true }) }

func (c *Chat) editTopic(thread int, change func(*topic)) {
	c.edit(func(state *chat) {
		if t := state.topic(thread); t != nil {
			change(t)
		}
	})
}

const maxTopicRunes = 128 // core.telegram.org/bots/api#createforumtopic

// topicColors are those an icon may have, core.telegram.org/bots/api#createforumtopic.
func topicColors() []int64 {
	return []int64{0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F}
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
	name := topicName(c.form.Text("name"))
	color := topicColors()[0]
	if c.form.Has("icon_color") {
		color = c.form.Integer("icon_color")
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
	t := c.sim.state.newTopic(in, c.sim.state.bot.bare(), name)
	return wireTopic{Thread: t.id, Name: t.name, IconColor: int(color)}, nil
}

// topicName returns what Telegram makes of a name: one line without blanks at its ends, cut
// if it is too long (tdlib/td, clean_name).
func topicName(given string) string {
	name := []rune(markup.OneLine(given))
	if len(name) > maxTopicRunes {
		name = name[:maxTopicRunes]
	}
	if text := strings.TrimSpace(string(name)); !markup.IsBlank(text) {
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
	t := in.topic(int(c.form.Integer("message_thread_id")))
	switch {
	case t == nil || t.deleted:
		return nil, ThreadNotFound
	case t.closed == closed:
		return nil, Refusal("Bad Request: TOPIC_NOT_MODIFIED")
	}
	t.closed = closed
	c.sim.state.changed()
	return true, nil
}
