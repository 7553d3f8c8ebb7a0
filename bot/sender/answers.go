package sender

import (
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/digest"
)

// persist sends an answer. While Telegram may be refusing its form, it sends the answer
// again in a simpler one. If the markup is at fault, the caller gets the error: it may
// have a better text without markup.
func (s *Sender) persist(chat int64, previewed bool, post func(Form) error) error {
	var f Form
	for {
		err := post(f)
		r := Classify(err)
		next, ok := f.Simpler(r)
		if err == nil || !ok || r.IsMarkupFault() && !f.Bare || r.Kind == NoPreview && !previewed {
			return err
		}
		s.log.Warn("an answer is refused, a simpler form goes out instead", "chat", chat, "err", err)
		f = next
	}
}

// SendMessage answers a person. It returns what Telegram made of the message, or an
// error that [Classify] understands. A message that was deleted at once has no id. If
// Telegram refuses the keyboard or the preview, the message goes out without it. If the
// group has become a supergroup meanwhile, the message goes there. ChatID of params must
// be an int64.
func (s *Sender) SendMessage(ctx context.Context, params *tg.SendMessageParams) (m *models.Message, err error) {
	there := *params
	err = s.follow(ctx, chatOf(params.ChatID), func(chat int64) error {
		there.ChatID = chat
		m, err = s.sendMessage(ctx, &there)
		return err
	})
	return m, err
}

func (s *Sender) sendMessage(ctx context.Context, params *tg.SendMessageParams) (m *models.Message, err error) {
	chat := chatOf(params.ChatID)
	post := func(f Form) error {
		p := *params
		f.apply(&p.Text, &p.ParseMode, &p.ReplyMarkup, &p.LinkPreviewOptions)
		return s.send(ctx, Interactive, chat, func(ctx context.Context) (err error) {
			m, err = s.API.SendMessage(ctx, &p)
			return err
		})
	}
	if params.EphemeralMessageParameters != nil { // the caller has another way to send it
		err = post(Form{})
	} else {
		err = s.persist(chat, Previews(params.LinkPreviewOptions), post)
	}
	if err == nil && m.ID == 0 && m.EphemeralMessageID == 0 {
		m = &models.Message{Chat: models.Chat{ID: chat}}
	}
	return m, err
}

// SendInBackground sends a message, in the form it has, when nothing more important is
// waiting, or after ten seconds. ChatID of params must be an int64.
func (s *Sender) SendInBackground(ctx context.Context, params *tg.SendMessageParams) (m *models.Message, err error) {
	err = s.send(ctx, Background, chatOf(params.ChatID), func(ctx context.Context) (err error) {
		m, err = s.API.SendMessage(ctx, params)
		return err
	})
	return m, err
}

// SendRichMessage answers a person with a rich message, in the form it has.
func (s *Sender) SendRichMessage(ctx context.Context, params *tg.SendRichMessageParams) (m *models.Message, err error) {
	err = s.send(ctx, Interactive, chatOf(params.ChatID), func(ctx context.Context) (err error) {
		m, err = s.API.SendRichMessage(ctx, params)
		return err
	})
	return m, err
}

// EditMessageText changes a message as an answer to a person, in the same way. The
// message returned is nil if there was nothing to change.
func (s *Sender) EditMessageText(ctx context.Context, params *tg.EditMessageTextParams) (m *models.Message, err error) {
	chat := chatOf(params.ChatID)
	err = s.persist(chat, Previews(params.LinkPreviewOptions), func(f Form) error {
		p := *params
		f.apply(&p.Text, &p.ParseMode, &p.ReplyMarkup, &p.LinkPreviewOptions)
		return s.send(ctx, Interactive, chat, func(ctx context.Context) (err error) {
			m, err = s.API.EditMessageText(ctx, &p)
			return err
		})
	})
	return m, err
}

// EditText changes the text of a message, in the form it has. ChatID must be an int64.
func (s *Sender) EditText(ctx context.Context, l Lane, params *tg.EditMessageTextParams) error {
	return s.send(ctx, l, chatOf(params.ChatID), func(ctx context.Context) error {
		_, err := s.API.EditMessageText(ctx, params)
		return err
	})
}

// EditCaption changes what is written under a picture or file. ChatID must be an int64.
func (s *Sender) EditCaption(ctx context.Context, l Lane, params *tg.EditMessageCaptionParams) error {
	return s.send(ctx, l, chatOf(params.ChatID), func(ctx context.Context) error {
		_, err := s.API.EditMessageCaption(ctx, params)
		return err
	})
}

// EditKeyboard changes the buttons under a message as an answer to a person.
func (s *Sender) EditKeyboard(ctx context.Context, chat int64, id int, k models.InlineKeyboardMarkup) error {
	return s.send(ctx, Interactive, chat, func(ctx context.Context) error {
		_, err := s.API.EditMessageReplyMarkup(ctx, &tg.EditMessageReplyMarkupParams{ChatID: chat, MessageID: id, ReplyMarkup: k})
		return err
	})
}

// DeleteMessage deletes a message. The limits for messages do not apply.
func (s *Sender) DeleteMessage(ctx context.Context, chat int64, id int) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.API.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: chat, MessageID: id})
	return err
}

// apply brings the parts of an answer into the form.
func (f Form) apply(text *string, mode *models.ParseMode, keyboard *models.ReplyMarkup, preview **models.LinkPreviewOptions) {
	if f.Plain && *mode == models.ParseModeHTML {
		*text, *mode = digest.PlainOf(*text), ""
	}
	if f.Bare {
		*keyboard = nil
	}
	if f.Bare || f.NoPreview {
		*preview = WithoutPreview()
	}
}

// CreateForumTopic makes a topic in a forum group. Telegram posts a message about
// it, which counts against the limits.
func (s *Sender) CreateForumTopic(ctx context.Context, params *tg.CreateForumTopicParams) (topic *models.ForumTopic, err error) {
	err = s.send(ctx, Interactive, chatOf(params.ChatID), func(ctx context.Context) (err error) {
		topic, err = s.API.CreateForumTopic(ctx, params)
		return err
	})
	return topic, err
}

// Previews reports whether a message shows a preview that we asked for.
func Previews(o *models.LinkPreviewOptions) bool {
	return o != nil && o.URL != nil && (o.IsDisabled == nil || !*o.IsDisabled)
}
