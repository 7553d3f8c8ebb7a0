package talk

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
)

// In groups, settings concern only the admin who changes them. Telegram calls a message
// that only one member sees an ephemeral message, and a command that only the bot sees an
// ephemeral command. Any bot may answer a press or an ephemeral command with an ephemeral
// message for fifteen seconds; where the bot is an admin it may send them at any time
// (core.telegram.org/bots/api#ephemeral-messages-and-commands).
//
// An app that does not know them shows nothing, and nobody is told. It does not
// send ephemeral commands either: so an open command gets an open answer, and an
// ephemeral one an ephemeral answer. A section that is unfolded in a group is the
// exception, and the popup of the press says so.
//
// The parameter that makes a message ephemeral is one of Bot API 10.3. An older
// server ignores it and posts the message for everybody.

// maxRefusing bounds the chats remembered.
const maxRefusing = 10_000

// ephemerals remembers in which chats the bot may not send ephemeral messages, so that it
// does not try each time. That may change when the bot is promoted or demoted there.
type ephemerals struct {
	refusing *Memory[int64, struct{}]

	asking sync.Mutex // held while the server is asked, so that it is asked once
	asked  bool       // known is true or false for good
	known  bool       // the server seems to know ephemeral messages
}

func newEphemerals() *ephemerals {
	return &ephemerals{refusing: NewMemory[int64, struct{}](maxRefusing, 0)}
}

func (e *ephemerals) isRefused(chat int64) bool {
	_, refused := e.refusing.Find(chat, time.Now())
	return refused
}

func (e *ephemerals) noteRefused(chat int64) { e.refusing.Keep(chat, struct{}{}, time.Now()) }

// Forget makes the bot try again to send ephemeral messages in a chat.
func (e *ephemerals) Forget(chat int64) { e.refusing.Forget(chat) }

// AreKnown reports whether the Bot API server knows ephemeral messages. It calls ask
// until that has answered once.
func (e *ephemerals) AreKnown(ask func() (bool, error)) (bool, error) {
	e.asking.Lock()
	defer e.asking.Unlock()
	if e.asked {
		return e.known, nil
	}
	known, err := ask()
	e.asked, e.known = err == nil, known
	return known, err
}

// noteUnknown notes that the server has posted an ephemeral message for everybody.
func (e *ephemerals) noteUnknown() {
	e.asking.Lock()
	defer e.asking.Unlock()
	e.asked, e.known = true, false
}

// areUnknown reports whether the server is known not to know ephemeral messages.
func (e *ephemerals) areUnknown() bool {
	e.asking.Lock()
	defer e.asking.Unlock()
	return e.asked && !e.known
}

// sayEphemeral is Say for a message that only the visitor is to see. Where Telegram
// does not offer that, everybody sees it. It returns where the message is; the zero
// Place: it did not arrive.
func (t *Talker) sayEphemeral(ctx context.Context, v Visit, text string, k Keyboard) Place {
	chat := v.Sub.Chat.ID
	if v.User == 0 || t.Ephemerals.areUnknown() { // anonymous admins are nobody it could be sent to
		return t.sayOpenly(ctx, v, text, k)
	}
	if v.Query != "" || v.ephemeral != 0 { // the press or command allows it
		if at, answered := t.TryEphemeral(ctx, v, text, k); answered {
			return at
		}
		v.Query, v.ephemeral = "", 0 // it came too late for that
	}
	if !t.Ephemerals.isRefused(chat) {
		if at, answered := t.TryEphemeral(ctx, v, text, k); answered {
			return at
		}
		t.Ephemerals.noteRefused(chat)
	}
	return t.sayOpenly(ctx, v, text, k)
}

// TryEphemeral tries to send an ephemeral message to the visitor. answered is false if
// Telegram refuses. If the server has posted the message for everybody, at is where that
// is, and the server is asked for no further ephemeral message.
func (t *Talker) TryEphemeral(ctx context.Context, v Visit, text string, k Keyboard) (at Place, answered bool) {
	params := t.SendParams(v, text, k)
	params.EphemeralMessageParameters = &models.EphemeralMessageParameters{ReceiverUserID: v.User, CallbackQueryID: v.Query}
	if v.ephemeral != 0 {
		params.ReplyParameters = &models.ReplyParameters{EphemeralMessageID: v.ephemeral}
	}
	PassTurn(ctx)
	sent, err := t.Sender.SendMessage(ctx, params)
	switch {
	case err == nil:
		if sent.EphemeralMessageID == 0 && sent.ID != 0 { // a message that was deleted at once has neither
			t.Log.Warn("the Bot API server knows no ephemeral messages, and posted one for everybody", "chat", v.Sub.Chat.ID)
			t.Ephemerals.noteUnknown()
		}
		return placeOf(sent), true
	case refusedOutright(err):
		t.Log.Debug("an ephemeral message is refused", "chat", v.Sub.Chat.ID, "err", err)
		return Place{}, false
	}
	t.NoteUnsent(ctx, v.Sub.Chat.ID, err)
	return Place{}, true
}

// refusedOutright reports whether Telegram answered and refused. The refusal of an
// ephemeral message is not to be relied on for what it says of the chat: the message for
// everybody that follows will show it.
func refusedOutright(err error) bool {
	return errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorForbidden) || errors.Is(err, sender.ErrUnknownMethod)
}

// showEphemeral replaces an ephemeral message by another text and keyboard. A message
// that has vanished in the meantime is sent again.
func (t *Talker) showEphemeral(ctx context.Context, v Visit, at Place, text string, k Keyboard) {
	err := t.Sender.EditEphemeralMessageText(ctx, &tg.EditEphemeralMessageTextParams{
		ChatID:             at.Chat,
		ReceiverUserID:     at.Receiver,
		EphemeralMessageID: at.ephemeral,
		Text:               text,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: sender.WithoutPreview(),
		ReplyMarkup:        k.Inline(),
	})
	switch {
	case err == nil || sender.Classify(err).Kind == sender.Sent:
	case refusedOutright(err):
		t.Log.Debug("an ephemeral message has vanished, and is sent again", "chat", at.Chat, "err", err)
		t.Say(ctx, v, text, k)
	default:
		t.NoteUnsent(ctx, at.Chat, err)
	}
}

// IsForAnother reports whether a message is an ephemeral one for another person: no app
// shows it to this one.
func IsForAnother(m *models.Message, person int64) bool {
	return m.EphemeralMessageID != 0 && (m.ReceiverUser == nil || m.ReceiverUser.ID != person)
}
