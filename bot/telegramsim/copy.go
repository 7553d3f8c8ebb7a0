package telegramsim

import (
	"errors"
	"strings"
)

// copyMessage posts what is in a message as a new one of the bot, without saying whose it
// was. Its answer has nothing but the id of the new message
// (core.telegram.org/bots/api#copymessage).
func copyMessage(c *call) (any, error) {
	original, err := c.original()
	if err != nil {
		return nil, err
	}
	m := &Message{
		Text: original.Text, HTML: original.HTML, ParseMode: original.ParseMode, Entities: original.Entities,
		Photo: original.Photo, Document: original.Document, Rich: original.Rich, Preview: original.Preview, content: original.content,
	}
	if original.Photo != "" || original.Document != nil {
		if err := c.newCaption(m); err != nil {
			return nil, err
		}
	}
	sent, err := c.send(sortOf(m), m)
	if refusal, ok := errors.AsType[Refusal](err); ok && strings.HasPrefix(string(refusal), noRights) {
		return nil, CopyForbidden // MessagesManager.cpp, get_forwarded_messages: it does not say why
	}
	if err != nil {
		return nil, err
	}
	if !c.form.Has("reply_markup") && original.own {
		m.Keyboard = original.Keyboard // TDLib copies the buttons of the bot's own messages
	}
	return wireMessageID{ID: sent.(*wireMessage).ID}, nil
}

type wireMessageID struct {
	ID int `json:"message_id"`
}

// original returns the message that a call copies, from a chat that the bot may read
// (telegram-bot-api, process_copy_message_query). What is protected is not forwarded by
// Telegram's servers, but TDLib itself makes a copy that replies to a message: for bots,
// protection does not count then (MessageCopyOptions.cpp, is_supported_server_side).
func (c *call) original() (*Message, error) {
	from := *c
	from.form.Values = map[string]string{"chat_id": c.form.Text("from_chat_id")}
	in, err := from.chatLocked(toRead)
	if err != nil {
		return nil, err
	}
	m := in.message(int(c.form.Integer("message_id")))
	switch {
	case m == nil || m.Deleted:
		return nil, CopyNotFound
	case m.Service != "" || m.bound:
		return nil, CopyForbidden
	case (m.Protected && !m.own || in.protected) && !c.form.Has("reply_parameters"):
		return nil, CopyProtected
	}
	return m, nil
}

// newCaption gives a picture or file another caption, if the call has one.
func (c *call) newCaption(m *Message) error {
	if !c.form.Has("caption") {
		return nil
	}
	caption, err := c.captionOf()
	if err == nil {
		m.setText(caption)
	}
	return err
}

// sortOf returns of what sort a message is, as mayPost names it.
func sortOf(m *Message) string {
	switch {
	case m.Photo != "":
		return "photos"
	case m.Document != nil:
		return "documents"
	case m.content != nil:
		return "stickers and GIFs"
	}
	return "text messages"
}

// Protect makes a chat one whose messages cannot be forwarded.
func (c *Chat) Protect(protected bool) { c.edit(func(state *chat) { state.protected = protected }) }
