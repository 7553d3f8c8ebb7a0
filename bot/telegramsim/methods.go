package telegramsim

import (
	"encoding/json"
	"strings"

	"digestbot/bot/telegramsim/markup"
)

// methodTable returns the part of the Bot API that the simulator knows, without getUpdates,
// which waits. Names are in lower case, as the server compares them.
func methodTable(opts Options) map[string]method {
	table := map[string]method{}
	for name, m := range methodsByName() {
		table[strings.ToLower(name)] = m
	}
	if opts.WithoutRich {
		delete(table, "sendrichmessage")
	}
	if opts.WithoutEphemeral {
		for name := range table {
			if strings.Contains(name, "ephemeral") {
				delete(table, name)
			}
		}
	}
	return table
}

func methodsByName() map[string]method {
	return map[string]method{
		"getMe":                           getMe,
		"setWebhook":                      setWebhook,
		"deleteWebhook":                   deleteWebhook,
		"getWebhookInfo":                  getWebhookInfo,
		"sendMessage":                     sendMessage,
		"sendPhoto":                       sendPhoto,
		"sendDocument":                    sendDocument,
		"sendRichMessage":                 sendRichMessage,
		"copyMessage":                     copyMessage,
		"sendChatAction":                  sendChatAction,
		"editMessageText":                 editMessageText,
		"editMessageCaption":              editMessageCaption,
		"editMessageReplyMarkup":          editMessageReplyMarkup,
		"deleteMessage":                   deleteMessage,
		"deleteMessages":                  deleteMessages,
		"editEphemeralMessageText":        editEphemeralMessageText,
		"editEphemeralMessageReplyMarkup": editEphemeralMessageReplyMarkup,
		"deleteEphemeralMessage":          deleteEphemeralMessage,
		"pinChatMessage":                  pinChatMessage,
		"unpinChatMessage":                unpinChatMessage,
		"answerCallbackQuery":             answerCallbackQuery,
		"answerInlineQuery":               answerInlineQuery,
		"getFile":                         getFile,
		"getChat":                         getChat,
		"getChatMember":                   getChatMember,
		"getChatAdministrators":           getChatAdministrators,
		"getChatMemberCount":              getChatMemberCount,
		"leaveChat":                       leaveChat,
		"createForumTopic":                createForumTopic,
		"closeForumTopic":                 closeForumTopic,
		"reopenForumTopic":                reopenForumTopic,
		"setMyCommands":                   setMyCommands,
		"getMyCommands":                   getMyCommands,
		"deleteMyCommands":                deleteMyCommands,
		"setMyName":                       setMyName,
		"getMyName":                       getMyName,
		"setMyDescription":                setMyDescription,
		"getMyDescription":                getMyDescription,
		"setMyShortDescription":           setMyShortDescription,
		"getMyShortDescription":           getMyShortDescription,
		"setChatMenuButton":               setChatMenuButton,
		"getChatMenuButton":               getChatMenuButton,
		"setMyDefaultAdministratorRights": setDefaultRights,
		"getMyDefaultAdministratorRights": getDefaultRights,
	}
}

// posts reports whether a method posts or edits a message. The limits count these methods,
// and a Fault without methods strikes them.
func posts(name string) bool {
	switch name {
	case "sendmessage", "sendphoto", "senddocument", "sendrichmessage", "copymessage",
		"editmessagetext", "editmessagecaption", "editmessagereplymarkup",
		"editephemeralmessagetext", "editephemeralmessagereplymarkup",
		"createforumtopic": // it posts a service message
		return true
	}
	return false
}

func getMe(c *call) (any, error) { return c.sim.state.bot, nil }

// post checks what all new messages have in common, and puts m into its chat.
func (c *call) post(to *chat, m *Message) (any, error) {
	s := c.sim
	keyboard, err := c.keyboard(to.kind, false)
	if err != nil {
		return nil, err
	}
	if err := c.replyTo(to, m); err != nil {
		return nil, err
	}
	if m.Receiver, err = c.ephemeral(to); err != nil {
		return nil, err
	}
	if err := c.countLocked(to.id); err != nil {
		return nil, err
	}
	m.Keyboard = keyboard
	m.own, m.From = true, s.state.bot.bare()
	m.Thread = to.threadIn(int(c.form.Integer("message_thread_id")))
	m.Silent = c.form.Flag("disable_notification")
	m.Protected = c.form.Flag("protect_content")
	m.Paid = c.form.Flag("allow_paid_broadcast")
	if to.kind == channel {
		m.SenderChat = to.id
	}
	if m.Receiver != 0 {
		s.state.storeEphemeral(to, m)
	} else {
		s.state.store(to, m)
		s.state.forward(to, m)
	}
	s.state.stats.Sent++
	s.state.noteSent(m)
	return s.state.wire(m), nil
}

func (st *state) noteSent(m *Message) {
	if st.opts.OnSend != nil {
		st.opts.OnSend(m.copy())
	}
}

// bare returns the user without the fields that only getMe returns.
func (u User) bare() User {
	u.CanJoinGroups, u.CanReadAllGroupMessages, u.SupportsInlineQueries = false, false, false
	return u
}

func (c *call) replyTo(to *chat, m *Message) error {
	var reply struct {
		ID      int  `json:"message_id"`
		Without bool `json:"allow_sending_without_reply"`
	}
	given, err := c.object("reply_parameters", &reply)
	if err != nil {
		return err
	}
	if given && !c.namesReply() {
		return badRequest(`Can't find field "message_id"`)
	}
	if !given {
		reply.ID = int(c.form.Integer("reply_to_message_id"))
		reply.Without = c.form.Flag("allow_sending_without_reply")
	}
	if reply.ID == 0 || c.sim.opts.Forget {
		return nil
	}
	original := to.message(reply.ID)
	if original == nil || original.Deleted {
		if reply.Without {
			return nil
		}
		return ReplyNotFound
	}
	m.ReplyTo = reply.ID
	return nil
}

// namesReply reports whether reply_parameters name the message that is answered, or are
// empty, which Telegram accepts (telegram-bot-api, get_reply_parameters).
func (c *call) namesReply() bool {
	var fields map[string]json.RawMessage
	if _, err := c.object("reply_parameters", &fields); err != nil {
		return true // replyTo has refused it
	}
	return len(fields) == 0 || fields["message_id"] != nil || fields["ephemeral_message_id"] != nil
}

// send posts a message of a sort into the chat of the call, if it may go there.
func (c *call) send(sort string, m *Message) (any, error) {
	to, err := c.chatLocked(toWrite)
	if err != nil {
		return nil, err
	}
	if err := to.mayPost(sort, int(c.form.Integer("message_thread_id"))); err != nil {
		return nil, err
	}
	return c.post(to, m)
}

func sendMessage(c *call) (any, error) {
	text, err := c.textOf()
	if err != nil {
		return nil, err
	}
	return c.send("text messages", text.message())
}

func sendPhoto(c *call) (any, error) {
	caption, err := c.captionOf()
	if err != nil {
		return nil, err
	}
	photo := c.form.Text("photo")
	if u, ok := c.form.Files["photo"]; ok {
		if err := checkPicture(u.Data); err != nil {
			return nil, err
		}
		photo = c.sim.state.addFile(u).FileID
	}
	switch {
	case photo == "":
		return nil, badRequest("There is no photo in the request")
	case strings.Contains(photo, "://"):
		if _, err := markup.CheckLink(photo); err != nil {
			return nil, WrongFile
		}
	case c.sim.state.files[photo] == nil && !strings.HasPrefix(photo, "photo-"):
		return nil, WrongFile
	}
	m := caption.message()
	m.Photo = photo
	return c.send("photos", m)
}

func sendDocument(c *call) (any, error) {
	caption, err := c.captionOf()
	if err != nil {
		return nil, err
	}
	m := caption.message()
	if m.Document, err = c.document(); err != nil {
		return nil, err
	}
	return c.send("documents", m)
}

func (c *call) document() (*Document, error) {
	if u, ok := c.form.Files["document"]; ok {
		if len(u.Data) == 0 {
			return nil, FileEmpty
		}
		return c.sim.state.addFile(u), nil
	}
	given := c.form.Text("document")
	if f := c.sim.state.files[given]; f != nil {
		return &f.Document, nil
	}
	if given == "" {
		return nil, badRequest("There is no document in the request")
	}
	if _, err := markup.CheckLink(given); err != nil || !strings.Contains(given, "://") {
		return nil, WrongFile
	}
	return &Document{FileID: given, Name: given[strings.LastIndexByte(given, '/')+1:]}, nil
}

func sendChatAction(c *call) (any, error) {
	if _, err := c.chatLocked(toWrite); err != nil {
		return nil, err
	}
	switch c.form.Text("action") {
	case "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note":
		return true, nil
	}
	return nil, badRequest("Wrong parameter action in request")
}
