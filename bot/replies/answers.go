package replies

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// TakeAnswer takes a message of an editor that replies to a reader's letter or to its header,
// where replies go. It reports whether the message is one.
func (r *Replies) TakeAnswer(ctx context.Context, m *models.Message) bool {
	to := m.ReplyToMessage
	if !r.IsOn() || to == nil || to.From == nil || to.From.ID != r.Self.Load().ID || !r.isRoom(ctx, m.Chat.ID) {
		return false
	}
	about, err := r.answered(ctx, to)
	if _, isHeader := conversationOfButton(to); isHeader && errors.Is(err, subscribers.ErrNotFound) {
		r.sayTo(ctx, m, func(s talk.Speaker) string { return s.HTML("reply.unknown_reader") })
		return true
	}
	if errors.Is(err, subscribers.ErrNotFound) || err == nil && about.Reader == m.Chat.ID { // an admin who is the reader
		return false
	}
	if err == nil {
		err = r.takeAnswer(ctx, about, m)
	}
	if err != nil && ctx.Err() == nil {
		r.Log.Error("an answer to a reader was not taken", "chat", m.Chat.ID, "err", err)
		r.sayTo(ctx, m, func(s talk.Speaker) string { return s.HTML("trouble.text") })
	}
	return true
}

// answered returns the letter of a reader that a message of the bot is about: of a header,
// which is known by its button also if it came twice, the last one.
func (r *Replies) answered(ctx context.Context, m *models.Message) (replies.Letter, error) {
	if conversation, ok := conversationOfButton(m); ok {
		return r.letters().LastOfReader(ctx, conversation)
	}
	l, err := r.letters().Find(ctx, replies.Place{Chat: m.Chat.ID, Message: m.ID})
	if err == nil && l.Answer { // what was said of an answer
		return r.letters().LastOfReader(ctx, l.Conversation.ID)
	}
	return l, err
}

// conversationOfButton returns the conversation whose reader the button of a header mutes.
func conversationOfButton(m *models.Message) (id int64, ok bool) {
	for _, c := range talk.CallbacksOf(m) {
		if c.Action == talk.ActMuteReader && len(c.Numbers) > 0 {
			return c.Numbers[0], true
		}
	}
	return 0, false
}

func (r *Replies) takeAnswer(ctx context.Context, about replies.Letter, m *models.Message) error {
	if !isCopyable(m) {
		r.sayTo(ctx, m, func(s talk.Speaker) string { return s.HTML("reply.kind") })
		return nil
	}
	o, err := r.letters().TakeAnswer(ctx, replies.Letter{
		Conversation: about.Conversation, Answer: true, At: replies.Place{Chat: m.Chat.ID, Message: m.ID}, Thread: topicOf(m),
		Album: m.MediaGroupID, Section: about.Section, To: about.ID, MadeAt: time.Unix(int64(m.Date), 0),
	}, r.config.Target.Admins)
	switch {
	case err != nil:
		return err
	case o.Verdict == replies.Late:
		r.sayTo(ctx, m, func(s talk.Speaker) string { return s.HTML("reply.late") })
	case o.Verdict == replies.Taken:
		wake(r.outward)
	}
	return nil
}

// topicOf returns the topic of a message; 0: none.
func topicOf(m *models.Message) int {
	if !m.IsTopicMessage {
		return 0
	}
	return m.MessageThreadID
}

// sayTo answers a message of an editor.
func (r *Replies) sayTo(ctx context.Context, m *models.Message, text func(s talk.Speaker) string) {
	r.sayAt(ctx, replies.Place{Chat: m.Chat.ID, Message: m.ID}, topicOf(m), text)
}

// sayAt answers an editor's message that is somewhere, and returns the id of the answer; 0: it
// did not arrive.
func (r *Replies) sayAt(ctx context.Context, at replies.Place, topic int, text func(s talk.Speaker) string) int {
	talk.PassTurn(ctx)
	params := r.plainParams(at.Chat, topic, text(r.SpeakerIn(ctx, at.Chat, 0, "")), nil)
	params.ReplyParameters = replyTo(at.Message, true)
	sent, err := r.Sender.SendMessage(ctx, params)
	if err != nil {
		r.NoteUnsent(ctx, at.Chat, err)
		return 0
	}
	return sent.ID
}

// plainParams is the request that sends a text to a chat.
func (r *Replies) plainParams(chat int64, topic int, text string, k talk.Keyboard) *tg.SendMessageParams {
	v := talk.Visit{Thread: topic}
	v.Sub.Chat.ID = chat
	return r.SendParams(v, text, k)
}

// replyTo makes a message the reply to another one of its chat. without says that it is also
// sent if the other one is not there any more.
func replyTo(message int, without bool) *models.ReplyParameters {
	if message == 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: message, AllowSendingWithoutReply: without}
}
