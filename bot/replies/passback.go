package replies

import (
	"context"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

const (
	// atOnce bounds the answers and notices that are looked up together.
	atOnce = 8
	// slotPatience is how long an answer waits for its chat to take a message: the others
	// come before it then.
	slotPatience = 30 * time.Second
)

// passBack passes on the answers of editors. It returns when to try again.
func (r *Replies) passBack(ctx context.Context) (again time.Duration) {
	waiting, err := r.letters().Waiting(ctx, true, limits.Waiting)
	if err != nil && ctx.Err() == nil {
		r.Log.Error("answers to readers wait", "err", err)
		return soon
	}
	for _, l := range waiting {
		done, err := r.passAnswer(ctx, l)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("an answer to a reader waits", "letter", l.ID, "err", err)
		}
		if !done || err != nil {
			again = soon
		}
		if ctx.Err() != nil {
			break
		}
	}
	return again
}

// passAnswer passes on one answer, below the letter that it answers. done: it is dealt with.
func (r *Replies) passAnswer(ctx context.Context, l replies.Letter) (done bool, err error) {
	asked, err := r.letters().Letter(ctx, l.To)
	if ignoreNotFound(err) != nil {
		return false, err
	}
	waiting, cancel := context.WithTimeout(ctx, slotPatience)
	defer cancel()
	f, response, err := r.send(waiting, dispatch{
		Copy: replies.Copy{Letter: l.ID, Chat: l.Reader}, lane: sender.Interactive,
		call: r.copyOf(l, l.Reader, func(p *tg.CopyMessageParams) { p.ReplyParameters = replyTo(asked.At.Message, true) }),
	})
	keeping := context.WithoutCancel(ctx)
	switch {
	case f == arrived:
		if err := r.letters().Conclude(keeping, l.ID, replies.Passed, ""); err != nil {
			return false, err
		}
		return true, r.tellAnswered(ctx, l)
	case f == unmade:
		return true, r.fail(ctx, l, response)
	case f == away && isOfReader(response):
		r.noteGone(ctx, l.Reader, response)
		err := r.letters().Conclude(keeping, l.ID, replies.Failed, whyBlocked)
		wake(r.settling)
		return true, err
	case f == away: // the editors' chat: nobody there can be told
		return true, r.letters().Conclude(keeping, l.ID, replies.Failed, whyDeleted)
	}
	return f == dropped, err
}

// isOfReader reports whether a refusal is about the private chat of a reader. Another one is
// about the chat from which Telegram was to copy.
func isOfReader(response sender.Response) bool {
	switch response.Reason {
	case subscribers.ReasonBlocked, subscribers.ReasonDeactivated, subscribers.ReasonNotFound, subscribers.ReasonNeverStarted, subscribers.ReasonNoRights:
		return true
	}
	return false
}

// tellAnswered tells the other admins who have a letter that it was answered, each below
// their copy.
func (r *Replies) tellAnswered(ctx context.Context, l replies.Letter) error {
	first, err := r.letters().IsFirstAnswer(ctx, l)
	if err != nil || !first || !r.config.Target.Admins {
		return err
	}
	copies, err := r.letters().CopiesOf(ctx, l.To)
	for _, at := range copies {
		if at.Chat != l.At.Chat {
			r.sayAt(sender.ForAdmin(ctx), at, 0, func(s talk.Speaker) string { return s.HTML("reply.answered") })
		}
	}
	return err
}
