package replies

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// fate is what became of a message that was to be sent.
type fate int

const (
	arrived    fate = iota // or it may have, and is not sent again
	dropped                // its letter does not wait any more
	unmade                 // Telegram does not make it, whatever the chat
	away                   // the chat cannot be reached
	postpone               // Telegram is away, or wants to be left alone
	parentless             // the message that it replies to is gone
	moved                  // the chat has another id now
)

// dispatch is a message to be sent: a copy of a letter, or its header.
type dispatch struct {
	replies.Copy
	lane sender.Lane
	call func(ctx context.Context) (message int, err error)
}

// errNotDue keeps a message from leaving: it has left, or its letter does not wait any more.
var errNotDue = errors.New("it is not due any more")

// send sends a message once its chat may get one, and keeps what became of it.
func (r *Replies) send(ctx context.Context, d dispatch) (f fate, response sender.Response, err error) {
	f = postpone // unless it is tried
	err = r.budget.spend(ctx, d.Chat, func() (err error) {
		f, response, err = r.sendNow(ctx, d)
		return err
	})
	return f, response, err
}

// sendNow sends a message once there is a slot for it.
func (r *Replies) sendNow(ctx context.Context, d dispatch) (fate, sender.Response, error) {
	slot, err := r.Sender.Acquire(ctx, d.lane, d.Chat, sender.Rank{Since: time.Now()})
	if err != nil {
		return postpone, sender.Response{}, err
	}
	defer slot.End()
	keeping := context.WithoutCancel(ctx) // what a stop cuts off would be uncertain
	slot.Before = func() error {
		ok, err := r.letters().Begin(keeping, d.Copy)
		if err == nil && !ok {
			err = errNotDue
		}
		return err
	}
	message := 0
	cause := slot.Call(ctx, func(ctx context.Context) (err error) {
		message, err = d.call(ctx)
		return err
	})
	if errors.Is(slot.Err, errNotDue) {
		f, err := r.standing(keeping, d.Copy)
		return f, sender.Response{}, err
	}
	if slot.Err != nil {
		return postpone, sender.Response{}, slot.Err
	}
	response := sender.Classify(cause)
	if !slot.Left {
		response = response.Unsent()
	}
	var retries sender.Retries // of a single try
	r.Sender.Learn(ctx, d.Chat, &retries, response, cause)
	f, err := r.conclude(keeping, d.Copy, message, response)
	if f == away && response.IsAboutKind(cause) {
		f = unmade
	}
	if f != arrived && cause != nil {
		r.Log.Warn("a reply, or an answer to one, was not passed on", "letter", d.Letter, "err", cause)
	}
	return f, response, err
}

// standing returns what became of a message that is not due any more.
func (r *Replies) standing(ctx context.Context, c replies.Copy) (fate, error) {
	switch state, _, err := r.letters().Standing(ctx, c); {
	case err != nil:
		return postpone, err
	case state == replies.Sent, state == replies.Uncertain:
		return arrived, nil
	}
	return dropped, nil
}

// conclude keeps what became of a message.
func (r *Replies) conclude(ctx context.Context, c replies.Copy, message int, response sender.Response) (fate, error) {
	switch response.Kind {
	case sender.Sent:
		return arrived, r.letters().End(ctx, c, replies.Sent, message)
	case sender.Uncertain: // it stays begun
		return postpone, nil
	}
	return fateOf(response), r.letters().End(ctx, c, replies.Undone, 0)
}

func fateOf(response sender.Response) fate {
	switch response.Kind {
	case sender.Gone, sender.TopicGone, sender.NotAllowed, sender.NoPreview:
		return away
	case sender.Moved:
		return moved
	case sender.MessageGone, sender.ContentFault:
		return unmade
	case sender.Refused:
		if response.IsReplyLost() {
			return parentless
		}
		return unmade
	}
	return postpone
}

// ignoreNotFound returns an error that is not ErrNotFound.
func ignoreNotFound(err error) error {
	if errors.Is(err, subscribers.ErrNotFound) {
		return nil
	}
	return err
}

// copyOf returns the call that copies a letter to a chat.
func (r *Replies) copyOf(l replies.Letter, chat int64, change func(p *tg.CopyMessageParams)) func(context.Context) (int, error) {
	p := &tg.CopyMessageParams{ChatID: chat, FromChatID: l.At.Chat, MessageID: l.At.Message, AllowPaidBroadcast: r.Paid}
	change(p)
	return func(ctx context.Context) (int, error) {
		made, err := r.API.CopyMessage(ctx, p)
		if err != nil {
			return 0, err
		}
		return made.ID, nil
	}
}

// perMinute is how many messages about replies a group gets in a minute. Telegram allows 20:
// the others are for answers to commands, and for what is delivered there.
const perMinute = 15

// budget spaces the messages to the editors' group.
type budget struct {
	mu   sync.Mutex
	sent []time.Time // within the last minute
}

// spend calls post, which sends or edits a message, once the group may get another one. Other
// chats have no budget of their own.
func (b *budget) spend(ctx context.Context, chat int64, post func() error) error {
	if chat > 0 {
		return post()
	}
	b.mu.Lock()
	defer b.mu.Unlock() // others wait for the same
	for {
		now := time.Now()
		for len(b.sent) > 0 && now.Sub(b.sent[0]) >= time.Minute {
			b.sent = b.sent[1:]
		}
		if len(b.sent) < perMinute {
			break
		}
		if err := sender.Sleep(ctx, b.sent[0].Add(time.Minute).Sub(now)); err != nil {
			return err
		}
	}
	err := post()
	b.sent = append(b.sent, time.Now()) // it may have waited for its slot
	return err
}
