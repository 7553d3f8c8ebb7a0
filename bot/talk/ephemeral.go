package talk

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
)

// In groups, settings are nobody's business but of who changes them. Telegram
// calls a message that one member sees an ephemeral one, and a command said so
// an ephemeral command. Any bot may answer a press or an ephemeral command with
// one for fifteen seconds; where the bot is an admin it may send them at any time
// (core.telegram.org/bots/api#ephemeral-messages-and-commands).
//
// An app that does not know them shows nothing, and nobody is told. It does not
// send ephemeral commands either: so what came openly is answered openly, and
// what came ephemerally likewise. A section that is unfolded in a group is the
// exception, and the press is told so.
//
// The parameter that makes a message ephemeral is one of Bot API 10.3. An older
// server ignores it and posts the message for everybody.

// maxDeaf bounds the chats remembered.
const maxDeaf = 10_000

// whispers remembers in which chats the bot may not send ephemeral messages, so
// that it does not try each time. A change of its standing there may change it.
type whispers struct {
	deaf *Memory[int64, struct{}]

	asking       sync.Mutex
	asked, known bool // whether the server seems to know ephemeral messages; guarded by asking
}

func newWhispers() *whispers { return &whispers{deaf: NewMemory[int64, struct{}](maxDeaf, 0)} }

func (w *whispers) refused(chat int64) bool {
	_, deaf := w.deaf.Find(chat, time.Now())
	return deaf
}

func (w *whispers) refuse(chat int64) { w.deaf.Keep(chat, struct{}{}, time.Now()) }

// Forget has the next ephemeral message in a chat tried again.
func (w *whispers) Forget(chat int64) { w.deaf.Forget(chat) }

// Knows tells whether the Bot API server knows ephemeral messages; ask is called
// until it has said so once.
func (w *whispers) Knows(ask func() (bool, error)) (bool, error) {
	w.asking.Lock()
	defer w.asking.Unlock()
	if w.asked {
		return w.known, nil
	}
	known, err := ask()
	w.asked, w.known = err == nil, known
	return known, err
}

// disprove notes that the server has posted an ephemeral message for everybody.
func (w *whispers) disprove() {
	w.asking.Lock()
	defer w.asking.Unlock()
	w.asked, w.known = true, false
}

func (w *whispers) disproved() bool {
	w.asking.Lock()
	defer w.asking.Unlock()
	return w.asked && !w.known
}

// sayPrivately is say for what nobody but the visitor is to see. Where Telegram
// does not offer that it is for everybody. It returns where the message is; the
// zero place: it did not arrive.
func (t *Talker) sayPrivately(ctx context.Context, v Visit, text string, k Keyboard) Place {
	chat := v.Sub.Chat.ID
	if v.User == 0 || t.Whispers.disproved() { // anonymous admins are nobody it could be sent to
		return t.sayOpenly(ctx, v, text, k)
	}
	if v.Query != "" || v.whispered != 0 { // the visitor's own doing allows it
		if at, answered := t.Whisper(ctx, v, text, k); answered {
			return at
		}
		v.Query, v.whispered = "", 0 // it came too late for that
	}
	if !t.Whispers.refused(chat) {
		if at, answered := t.Whisper(ctx, v, text, k); answered {
			return at
		}
		t.Whispers.refuse(chat)
	}
	return t.sayOpenly(ctx, v, text, k)
}

// Whisper tries to send an ephemeral message to the visitor. answered is false
// when Telegram refuses. The place is that of a message for everybody when the
// server has posted it so; it is not asked for another one then.
func (t *Talker) Whisper(ctx context.Context, v Visit, text string, k Keyboard) (at Place, answered bool) {
	params := t.saying(v, text, k)
	params.EphemeralMessageParameters = &models.EphemeralMessageParameters{ReceiverUserID: v.User, CallbackQueryID: v.Query}
	if v.whispered != 0 {
		params.ReplyParameters = &models.ReplyParameters{EphemeralMessageID: v.whispered}
	}
	Pass(ctx)
	sent, err := t.Sender.SendMessage(ctx, params)
	switch {
	case err == nil:
		if sent.EphemeralMessageID == 0 && sent.ID != 0 { // one that was deleted at once has neither
			t.Log.Warn("the Bot API server knows no ephemeral messages, and posted one for everybody", "chat", v.Sub.Chat.ID)
			t.Whispers.disprove()
		}
		return placeOf(sent), true
	case refusedOutright(err):
		t.Log.Debug("an answer is not for one member only", "chat", v.Sub.Chat.ID, "err", err)
		return Place{}, false
	}
	t.Unsent(ctx, v.Sub.Chat.ID, err)
	return Place{}, true
}

// refusedOutright tells whether Telegram answered and refused. What a refusal
// of an ephemeral message says of the chat is not to be relied on: the message
// for everybody that follows will tell.
func refusedOutright(err error) bool {
	return errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorForbidden) || errors.Is(err, delivery.ErrUnknownMethod)
}

// showPrivately replaces an ephemeral message by another text and keyboard. One
// that has faded away in the meantime is sent anew.
func (t *Talker) showPrivately(ctx context.Context, p Press, text string, k Keyboard) {
	at := p.Place()
	err := t.Sender.EditEphemeralMessageText(ctx, &tg.EditEphemeralMessageTextParams{
		ChatID:             at.Chat,
		ReceiverUserID:     at.Receiver,
		EphemeralMessageID: at.ephemeral,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		ReplyMarkup:        k.Markup(),
	})
	switch {
	case err == nil || delivery.Classify(err).Kind == delivery.Sent:
	case refusedOutright(err):
		t.Log.Debug("an ephemeral message is sent anew", "chat", at.Chat, "err", err)
		t.Say(ctx, p.Visit, text, k)
	default:
		t.Unsent(ctx, at.Chat, err)
	}
}

// Overheard tells whether somebody presses a button under an ephemeral message
// that was for somebody else: no app shows it to them.
func Overheard(m *models.Message, by int64) bool {
	return m.EphemeralMessageID != 0 && (m.ReceiverUser == nil || m.ReceiverUser.ID != by)
}
