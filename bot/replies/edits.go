package replies

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// content is what can be edited of a message.
type content struct {
	Text     string                     `json:",omitempty"`
	Entities []models.MessageEntity     `json:",omitempty"`
	Preview  *models.LinkPreviewOptions `json:",omitempty"`
	Caption  bool                       `json:",omitempty"` // Text is below a picture or file
}

// TakeEdit takes the edit of a message that is a letter. It reports whether the message is.
func (r *Replies) TakeEdit(ctx context.Context, m *models.Message) bool {
	if !r.IsOn() {
		return false
	}
	l, err := r.letters().LetterAt(ctx, replies.Place{Chat: m.Chat.ID, Message: m.ID})
	if errors.Is(err, subscribers.ErrNotFound) {
		return false
	}
	if err == nil {
		var edited []byte
		if edited, err = json.Marshal(contentOf(m)); err == nil {
			err = r.letters().Change(ctx, l.ID, string(edited))
		}
	}
	if err != nil && ctx.Err() == nil {
		r.Log.Error("the edit of a reply is not passed on", "chat", m.Chat.ID, "err", err)
	}
	wake(r.editing)
	return true
}

func contentOf(m *models.Message) content {
	if m.Text != "" {
		return content{Text: m.Text, Entities: m.Entities, Preview: m.LinkPreviewOptions}
	}
	return content{Text: m.Caption, Entities: m.CaptionEntities, Caption: true}
}

// editAll brings edits to the copies. It returns when to go on.
func (r *Replies) editAll(ctx context.Context) time.Duration {
	for ctx.Err() == nil {
		changed, err := r.letters().Changed(ctx, atOnce)
		for _, l := range changed {
			err = errors.Join(err, r.edit(ctx, l))
		}
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("edits of replies wait", "err", err)
			return soon
		}
		if len(changed) == 0 {
			break
		}
	}
	return 0
}

// edit brings an edit to the copies of a letter.
func (r *Replies) edit(ctx context.Context, l replies.Letter) error {
	var c content
	if err := json.Unmarshal([]byte(l.Changed), &c); err != nil {
		return errors.Join(err, r.letters().EndChange(ctx, l.ID, l.Changed))
	}
	copies, err := r.letters().CopiesOf(ctx, l.ID)
	for _, at := range copies {
		if err == nil {
			err = r.editCopy(ctx, at, c)
		}
	}
	if err != nil {
		return err
	}
	return r.letters().EndChange(context.WithoutCancel(ctx), l.ID, l.Changed)
}

// editCopy changes one copy. A copy that cannot be changed stays as it is.
func (r *Replies) editCopy(ctx context.Context, at replies.Place, c content) error {
	err := r.budget.spend(ctx, at.Chat, func() error {
		if c.Caption {
			return r.Sender.EditCaption(ctx, sender.Background, &tg.EditMessageCaptionParams{
				ChatID: at.Chat, MessageID: at.Message, Caption: c.Text, CaptionEntities: c.Entities,
			})
		}
		return r.Sender.EditText(ctx, sender.Background, &tg.EditMessageTextParams{
			ChatID: at.Chat, MessageID: at.Message, Text: c.Text, Entities: c.Entities, LinkPreviewOptions: c.Preview,
		})
	})
	if response := sender.Classify(err); response.Kind == sender.MessageGone || response.IsRefusal() {
		return nil
	}
	return r.unlessLasting(ctx, at.Chat, err)
}
