package telegramsim

import (
	"encoding/json"
	"reflect"
	"time"
)

const (
	deletableFor   = 48 * time.Hour // core.telegram.org/bots/api#deletemessage
	maxDeleteIDs   = 100            // core.telegram.org/bots/api#deletemessages
	maxAnswerUnits = 200            // core.telegram.org/bots/api#answercallbackquery
)

// editable returns the message that a call edits, which has to be the bot's own.
func (c *call) editable() (*chat, *Message, error) {
	in, err := c.chatLocked(toEdit)
	if err != nil {
		return nil, nil, err
	}
	id := int(c.form.Integer("message_id"))
	if c.sim.opts.Forget {
		if id <= 0 || id > max(c.sim.state.nextID, in.lastID) {
			return nil, nil, EditNotFound
		}
		return in, &Message{ID: id, Chat: in.id, From: c.sim.state.bot.bare(), Date: now().UTC()}, nil
	}
	m := in.message(id)
	switch {
	case m == nil || m.Deleted:
		return nil, nil, EditNotFound
	case !m.Mine() || m.Service != "" || !in.mayChangePosts():
		return nil, nil, EditForbidden
	}
	return in, m, nil
}

// mayChangePosts reports whether the bot may edit and delete what it has sent: in a channel
// only while it may post or edit there (can_edit_message in TDLib's MessagesManager.cpp).
func (c *chat) mayChangePosts() bool {
	return c.kind != channel || c.bot.status == administrator && (c.bot.rights.PostMessages || c.bot.rights.EditMessages)
}

func editMessageText(c *call) (any, error) {
	if c.form.Has("rich_message") {
		return c.editRich()
	}
	text, err := c.textOf()
	if err != nil {
		return nil, err
	}
	return c.editWithoutFile(func(m *Message) {
		m.setText(text)
		m.Rich = nil
	})
}

func (c *call) editRich() (any, error) {
	rich, err := c.richMessage()
	if err != nil {
		return nil, err
	}
	return c.editWithoutFile(func(m *Message) {
		m.Text, m.HTML, m.Entities, m.Preview = "", "", nil, nil
		m.Rich = rich
	})
}

// editWithoutFile changes a message that is no picture or document.
func (c *call) editWithoutFile(change func(*Message)) (any, error) {
	return c.edit(func(m *Message) error {
		if m.Photo != "" || m.Document != nil {
			return NoTextToEdit
		}
		change(m)
		return nil
	})
}

func editMessageCaption(c *call) (any, error) {
	caption, err := c.captionOf()
	if err != nil {
		return nil, err
	}
	return c.edit(func(m *Message) error {
		if m.Photo == "" && m.Document == nil && !c.sim.opts.Forget {
			return badRequest("There is no caption in the message to edit")
		}
		m.setText(caption)
		return nil
	})
}

func editMessageReplyMarkup(c *call) (any, error) {
	return c.edit(func(*Message) error { return nil })
}

// edit changes a message of the bot, or one that was sent via it.
func (c *call) edit(change func(*Message) error) (any, error) {
	if id := c.form.Text("inline_message_id"); id != "" {
		in, m := c.sim.state.inlineMessage(id)
		if m == nil || m.Deleted || !m.ViaBot || len(m.Keyboard) == 0 {
			return nil, MessageIDInvalid
		}
		return true, c.change(in, m, change)
	}
	in, m, err := c.editable()
	if err != nil {
		return nil, err
	}
	if err := c.change(in, m, change); err != nil {
		return nil, err
	}
	return c.sim.state.wire(m), nil
}

// change applies a change to a copy of the message, sets the keyboard (a call without one
// removes it), and keeps the copy if anything differs.
func (c *call) change(in *chat, m *Message, change func(*Message) error) error {
	keyboard, err := c.keyboard(in.kind, true)
	if err != nil {
		return err
	}
	edited := *m
	if err := change(&edited); err != nil {
		return err
	}
	edited.Keyboard = keyboard
	if !c.sim.opts.Forget && sameContent(m, &edited) {
		return NotModified
	}
	if err := c.countLocked(in.id); err != nil {
		return err
	}
	edited.Edited = now().UTC()
	edited.Edits++
	*m = edited
	c.sim.state.stats.Edited++
	c.sim.state.changed()
	c.sim.state.noteSent(m)
	return nil
}

func sameContent(a, b *Message) bool {
	return a.Text == b.Text && reflect.DeepEqual(a.Entities, b.Entities) && sameKeyboard(a.Keyboard, b.Keyboard) &&
		reflect.DeepEqual(a.Preview, b.Preview) && reflect.DeepEqual(a.Rich, b.Rich)
}

func sameKeyboard(a, b [][]Button) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func deleteMessage(c *call) (any, error) {
	in, err := c.chatLocked(toWrite)
	if err != nil {
		return nil, err
	}
	if c.sim.opts.Forget {
		c.sim.state.stats.Deleted++
		return true, nil
	}
	m := in.message(int(c.form.Integer("message_id")))
	if m == nil || m.Deleted {
		return nil, DeleteNotFound
	}
	if !c.mayDelete(in, m) {
		return nil, DeleteForbidden
	}
	c.delete(m)
	return true, nil
}

// deleteMessages skips messages that it cannot find. A message that may not be deleted makes
// the call fail.
func deleteMessages(c *call) (any, error) {
	in, err := c.chatLocked(toWrite)
	if err != nil {
		return nil, err
	}
	var ids []int
	if err := json.Unmarshal([]byte(c.form.Text("message_ids")), &ids); err != nil || len(ids) == 0 {
		return nil, badRequest("Message identifiers are not specified")
	}
	if len(ids) > maxDeleteIDs {
		return nil, badRequest("Too many message identifiers specified")
	}
	var found []*Message
	for _, id := range ids {
		m := in.message(id)
		if m == nil || m.Deleted {
			continue
		}
		if !c.mayDelete(in, m) {
			return nil, DeleteForbidden
		}
		found = append(found, m)
	}
	for _, m := range found {
		c.delete(m)
	}
	return true, nil
}

// mayDelete reports whether the bot may delete a message: its own of the last 48 hours, in
// private chats also those of the person, and in groups those of everybody if it is an
// administrator with that right.
func (c *call) mayDelete(in *chat, m *Message) bool {
	if in.kind != private && in.bot.admin() && in.bot.rights.DeleteMessages {
		return true
	}
	return (m.Mine() && in.mayChangePosts() || in.kind == private) && now().Sub(m.Date) < deletableFor
}

func (c *call) delete(m *Message) {
	m.Deleted = true
	c.sim.state.stats.Deleted++
	c.sim.state.changed()
}

func pinChatMessage(c *call) (any, error) { return c.pin(true) }

func unpinChatMessage(c *call) (any, error) { return c.pin(false) }

func (c *call) pin(pinned bool) (any, error) {
	in, err := c.chatLocked(toWrite)
	if err != nil {
		return nil, err
	}
	allowed := in.kind == private || in.bot.admin() && (in.bot.rights.PinMessages || in.kind == channel && in.bot.rights.EditMessages)
	if !allowed {
		return nil, PinForbidden
	}
	m := in.message(int(c.form.Integer("message_id")))
	if m == nil || m.Deleted {
		return nil, PinNotFound
	}
	if m.Pinned == pinned {
		return true, nil
	}
	m.Pinned = pinned
	c.sim.state.changed()
	return true, nil
}
