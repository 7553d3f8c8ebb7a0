package replies

import (
	"context"
	"errors"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// PressTakeBack takes back a reply that the presser has written.
func (r *Replies) PressTakeBack(ctx context.Context, p talk.Press) (talk.Reply, error) {
	l, err := r.letters().Letter(ctx, p.Numbers[0])
	switch {
	case err != nil:
		return talk.MissingReply(p, err)
	case l.Answer || l.At.Chat != p.Sub.Chat.ID || l.Reader != p.User: // made up
		return talk.OutOfDateReply(p), nil
	}
	late, err := r.letters().WasSentBefore(ctx, l.ID, time.Now().Add(-sender.DeletableFor))
	switch {
	case err != nil:
		return talk.Reply{}, err
	case late:
		return talk.Reply{Popup: p.Plain("reply.too_late"), Alert: true}, nil
	}
	if l.State != replies.Back {
		if _, err := r.letters().TakeBack(ctx, l); err != nil {
			return talk.Reply{}, err
		}
	}
	wake(r.settling)
	return talk.Reply{Popup: p.Plain("press.taken_back"), Show: func(ctx context.Context) error {
		r.Show(ctx, p, p.HTML("reply.taken_back"), nil)
		return nil
	}}, nil
}

// MayMute reports whether whoever presses a button may mute readers there: everybody in the
// editors' group, or admins in their private chats.
func (r *Replies) MayMute(ctx context.Context, p talk.Press) bool {
	return r.IsOn() && r.isRoom(ctx, p.Sub.Chat.ID) && (!p.Private() || p.Sub.Chat.ID == p.User)
}

// PressMuteReader mutes the reader of a conversation, or takes that back.
func (r *Replies) PressMuteReader(ctx context.Context, p talk.Press) (talk.Reply, error) {
	mute := p.Numbers[1] == 1
	until := time.Time{}
	if mute {
		until = time.Now().Add(keepFor)
	}
	_, err := r.Store.MuteReader(ctx, p.Numbers[0], until, p.Actor())
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.Reply{Popup: p.Plain("reply.unknown_reader"), Alert: true}, nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	wake(r.inward)
	said := p.Plain("press.unmuted_reader")
	if mute {
		said = p.Plain("press.muted_reader")
	}
	return talk.Reply{Popup: said, Show: func(ctx context.Context) error {
		err := r.Sender.EditKeyboard(ctx, p.Sub.Chat.ID, p.Message, *headerKeyboard(r.SpeakerIn(ctx, p.Sub.Chat.ID, 0, ""), p.Numbers[0], mute).Inline())
		if err != nil {
			r.NoteUnsent(ctx, p.Sub.Chat.ID, err)
		}
		return nil
	}}, nil
}
