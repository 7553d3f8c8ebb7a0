package replies

import (
	"context"
	"errors"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// patience is how long a letter may wait before its writer is told that it does.
const patience = 30 * time.Second

// settle tells writers how their letters stand, and deletes copies that are unwanted. It
// returns when to go on.
func (r *Replies) settle(ctx context.Context) time.Duration {
	untold, err := r.letters().Untold(ctx, time.Now().Add(-patience), atOnce)
	err = errors.Join(err, r.tellAll(ctx, untold))
	unwanted, trouble := r.letters().Unwanted(ctx, atOnce)
	for _, u := range unwanted {
		trouble = errors.Join(trouble, r.remove(ctx, u))
	}
	switch err = errors.Join(err, trouble); {
	case err != nil && ctx.Err() == nil:
		r.Log.Warn("what belongs to replies is not up to date", "err", err)
		return soon
	case len(untold)+len(unwanted) > 0:
		return time.Millisecond // there may be more
	}
	if n, err := r.letters().CountWaiting(ctx); err != nil || n > 0 {
		return patience
	}
	return 0
}

// tellAll tells the writers of letters how they stand, several at the same time. Letters of one
// album are told one after the other, because one message is for all of them.
func (r *Replies) tellAll(ctx context.Context, untold []replies.Letter) error {
	var telling sync.WaitGroup
	byWriter := make(map[int64][]replies.Letter)
	for _, l := range untold {
		byWriter[l.At.Chat] = append(byWriter[l.At.Chat], l)
	}
	problems := make(chan error, len(untold))
	for _, its := range byWriter {
		telling.Go(func() {
			for _, l := range its {
				problems <- r.tell(ctx, l)
			}
		})
	}
	telling.Wait()
	close(problems)
	var err error
	for problem := range problems {
		err = errors.Join(err, problem)
	}
	return err
}

// tell tells the writer of a letter how it stands, and keeps that they were told.
func (r *Replies) tell(ctx context.Context, l replies.Letter) error {
	inAlbum, err := r.letters().IsAlbumTold(ctx, l)
	if err != nil {
		return err
	}
	notice := 0
	switch {
	case l.State == replies.Failed && l.Reason == whyDeleted, l.State == replies.Back, inAlbum && l.State != replies.Failed:
	case l.Answer:
		if l.State == replies.Failed {
			notice = r.sayAt(sender.ForAdmin(ctx), l.At, l.Thread, func(s talk.Speaker) string { return s.HTML("answer_failed." + l.Reason) })
		}
	default:
		if notice, err = r.tellReader(ctx, l); err != nil {
			return err
		}
	}
	return r.letters().NoteTold(context.WithoutCancel(ctx), l.ID, l.State, notice)
}

// tellReader tells a reader how a letter stands, in the message that said so before if there
// is one.
func (r *Replies) tellReader(ctx context.Context, l replies.Letter) (notice int, err error) {
	sub, err := r.Store.Subscriber(ctx, l.Reader, 0)
	if errors.Is(err, subscribers.ErrNotFound) {
		return 0, nil // forgotten
	}
	if err != nil {
		return 0, err
	}
	text, k := notices(r.SpeakerTo(sub, ""), l)
	if l.Notice != 0 {
		return 0, r.unlessLasting(ctx, l.Reader, r.Sender.EditText(ctx, sender.Background, talk.EditParams(talk.Place{Chat: l.Reader, Message: l.Notice}, text, k)))
	}
	params := r.plainParams(l.Reader, 0, text, k)
	params.ReplyParameters, params.DisableNotification = replyTo(l.At.Message, true), true
	sent, err := r.Sender.SendInBackground(ctx, params)
	if err != nil {
		return 0, r.unlessLasting(ctx, l.Reader, err)
	}
	return sent.ID, nil
}

// unlessLasting returns an error after which it makes sense to try again.
func (r *Replies) unlessLasting(ctx context.Context, chat int64, err error) error {
	if err == nil || errors.Is(err, sender.ErrNotSent) || errors.Is(err, sender.ErrNoRoom) || ctx.Err() != nil {
		return err
	}
	r.NoteUnsent(ctx, chat, err)
	return nil
}

// notices say how a letter stands, with a button that takes it back.
func notices(s talk.Speaker, l replies.Letter) (string, talk.Keyboard) {
	back := talk.Keyboard{talk.Row(talk.Button(s.Plain("button.take_back"), talk.ActTakeBack, l.ID))}
	switch l.State {
	case replies.Passed:
		return s.HTML("reply.passed"), back
	case replies.Waiting:
		return s.HTML("reply.waiting"), back
	}
	return s.HTML("reply_failed." + l.Reason), nil
}

// remove deletes an unwanted message, as long as Telegram does that. It gives up what is
// refused.
func (r *Replies) remove(ctx context.Context, u replies.Unwanted) error {
	err := r.Sender.DeleteMessage(ctx, u.Chat, u.Message)
	if response := sender.Classify(err); response.IsUndone() && response.Kind != sender.Moved || response.Kind == sender.Uncertain {
		if time.Since(u.SentAt) < sender.DeletableFor {
			return err
		}
	}
	return r.letters().EndUnwanted(context.WithoutCancel(ctx), u.Place)
}
