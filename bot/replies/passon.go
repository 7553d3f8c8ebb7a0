package replies

import (
	"context"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/replies"
)

// soon is when to try again what Telegram had no time for.
const soon = 5 * time.Second

// passOn passes on letters of readers, one after the other, until none waits. It returns when
// to try again.
func (r *Replies) passOn(ctx context.Context) time.Duration {
	if !r.checked {
		r.check(ctx)
	}
	if !r.checked {
		return lookEvery
	}
	for ctx.Err() == nil {
		waiting, err := r.letters().Waiting(ctx, false, 1)
		if err == nil && len(waiting) == 0 {
			return 0
		}
		again := soon
		if err == nil {
			again, err = r.passLetter(ctx, waiting[0])
		}
		if err != nil && ctx.Err() == nil {
			r.Log.Error("replies wait", "err", err)
			return lookEvery
		}
		if again > 0 {
			return again
		}
	}
	return 0
}

// passLetter passes on a letter. again says when to try it again; 0: it is done with.
func (r *Replies) passLetter(ctx context.Context, l replies.Letter) (again time.Duration, err error) {
	if muted, err := r.dropMuted(ctx, l); err != nil || muted {
		return 0, err
	}
	var last sender.Response
	here := 0
	for _, to := range r.rooms(ctx) {
		f, response, err := r.passInto(ctx, l, to)
		if err != nil {
			return soon, err
		}
		if f == unmade && !r.mayWrite(ctx, to.chat) {
			f, response = away, sender.Response{Kind: sender.NotAllowed}
		}
		switch f {
		case arrived:
			here++
		case dropped:
			return 0, nil
		case unmade:
			return 0, r.fail(ctx, l, response)
		case moved:
			return soon, r.Sender.NoteMove(ctx, to.chat, response.MovedTo)
		case postpone, parentless:
			return soon, nil
		case away:
			if last = response; to.chat > 0 {
				r.noteGone(ctx, to.chat, response)
			}
		}
	}
	if here == 0 {
		r.beginTrouble(last)
		wake(r.settling)
		return lookEvery, nil
	}
	r.endTrouble()
	err = r.letters().Conclude(context.WithoutCancel(ctx), l.ID, replies.Passed, "")
	wake(r.settling)
	wake(r.editing) // it may have been edited while it waited
	return 0, err
}

// dropMuted drops a letter that waits if its writer was muted meanwhile.
func (r *Replies) dropMuted(ctx context.Context, l replies.Letter) (muted bool, err error) {
	muted, err = r.letters().Muted(ctx, l.Conversation)
	if err != nil || !muted {
		return false, err
	}
	defer wake(r.settling)
	return true, r.letters().Conclude(ctx, l.ID, replies.Failed, whyMuted)
}

// The reasons of letters that failed. The texts reply_failed.<reason> and answer_failed.<reason> say them.
const (
	whyUncopied = "uncopied" // Telegram does not copy them
	whyDeleted  = "deleted"  // they are not there any more
	whyMuted    = "muted"    // the editors take no replies from the reader
	whyBlocked  = "blocked"  // the reader is out of reach
)

// fail gives up a letter that cannot be copied.
func (r *Replies) fail(ctx context.Context, l replies.Letter, response sender.Response) error {
	reason := whyUncopied
	if response.Kind == sender.MessageGone {
		reason = whyDeleted
	}
	defer wake(r.settling)
	return r.letters().Conclude(context.WithoutCancel(ctx), l.ID, replies.Failed, reason)
}

// noteGone notes that a person has blocked the bot.
func (r *Replies) noteGone(ctx context.Context, chat int64, response sender.Response) {
	if response.Reason != subscribers.ReasonBlocked && response.Reason != subscribers.ReasonDeactivated {
		return
	}
	if err := r.Store.MarkGone(ctx, chat, response.Reason); err != nil {
		r.Log.Error("it cannot be kept that a chat is gone", "err", err)
	}
}

// passInto passes a letter into one room: below the editor's message that it answers or else
// below its header, which is sent before if there is none.
func (r *Replies) passInto(ctx context.Context, l replies.Letter, to room) (f fate, response sender.Response, err error) {
	if f, err = r.standing(ctx, replies.Copy{Letter: l.ID, Chat: to.chat}); err != nil || f == arrived {
		return f, response, err
	}
	parent, err := r.answerIn(ctx, l, to.chat)
	for range 2 { // the message that it is put below may have been deleted
		f = arrived
		if err == nil && parent == 0 {
			parent, err = r.headerIn(ctx, l, to.chat)
		}
		if err == nil && parent == 0 {
			parent, f, response, err = r.sendHeader(ctx, l, to)
		}
		if err != nil || f != arrived {
			return f, response, err
		}
		if f, response, err = r.sendCopy(ctx, l, to, parent); f != parentless {
			return f, response, err
		}
		err = r.letters().LoseHeader(ctx, replies.Place{Chat: to.chat, Message: parent})
		parent = 0
	}
	return f, response, err
}

// answerIn returns the message of an editor in a chat that a letter replies to; 0: none.
func (r *Replies) answerIn(ctx context.Context, l replies.Letter, chat int64) (int, error) {
	if l.To == 0 {
		return 0, nil
	}
	answer, err := r.letters().Letter(ctx, l.To)
	if err != nil || answer.At.Chat != chat {
		return 0, ignoreNotFound(err)
	}
	return answer.At.Message, nil
}

// headerIn returns the header below which a letter can stand in a chat; 0: none. A letter with
// a quotation has one of its own.
func (r *Replies) headerIn(ctx context.Context, l replies.Letter, chat int64) (message int, err error) {
	_, message, err = r.letters().Standing(ctx, replies.Copy{Letter: l.ID, Chat: chat, Header: true})
	if err != nil || message != 0 || l.Quote != "" {
		return message, err
	}
	return r.letters().HeaderIn(ctx, l, chat)
}

// sendHeader sends the header of a letter and returns its message, which may not be known.
func (r *Replies) sendHeader(ctx context.Context, l replies.Letter, to room) (message int, f fate, response sender.Response, err error) {
	issue, err := r.Store.Issue(ctx, l.Issue)
	if err != nil {
		return 0, postpone, response, err
	}
	params := r.plainParams(to.chat, to.topic, headerText(to.Speaker, l, issue), headerKeyboard(to.Speaker, l.Conversation.ID, false))
	header := replies.Copy{Letter: l.ID, Chat: to.chat, Header: true}
	f, response, err = r.send(ctx, dispatch{
		Copy: header, lane: sender.Background,
		call: func(ctx context.Context) (int, error) {
			m, err := r.API.SendMessage(ctx, params)
			if err != nil {
				return 0, err
			}
			return m.ID, nil
		},
	})
	if err == nil && f == arrived {
		_, message, err = r.letters().Standing(context.WithoutCancel(ctx), header)
	}
	return message, f, response, err
}

// sendCopy sends what the reader wrote.
func (r *Replies) sendCopy(ctx context.Context, l replies.Letter, to room, parent int) (fate, sender.Response, error) {
	return r.send(ctx, dispatch{
		Copy: replies.Copy{Letter: l.ID, Chat: to.chat}, lane: sender.Background,
		call: r.copyOf(l, to.chat, func(p *tg.CopyMessageParams) {
			p.MessageThreadID, p.ReplyParameters = to.topic, replyTo(parent, false)
		}),
	})
}

// headerText says who writes about what.
func headerText(s talk.Speaker, l replies.Letter, issue archive.Issue) string {
	said := talk.Values{"Reader": l.Name.String(), "Issue": talk.IssueName(s, issue), "Section": l.Section}
	text := s.HTML("reply.header", said)
	if l.Section != "" {
		text = s.HTML("reply.header_section", said)
	}
	if l.Quote != "" {
		text = talk.Lines(text, "<blockquote>"+talk.Escape(l.Quote)+"</blockquote>")
	}
	return text
}

// headerKeyboard has the button that mutes a reader, or takes that back.
func headerKeyboard(s talk.Speaker, conversation int64, muted bool) talk.Keyboard {
	if muted {
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.unmute_reader"), talk.ActMuteReader, conversation, 0))}
	}
	return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.mute_reader"), talk.ActMuteReader, conversation, 1))}
}
