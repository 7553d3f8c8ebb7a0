package replies

import (
	"context"
	"errors"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/replies"
)

// IsReply reports whether a message may be a reply to the editors: in a private chat, to a
// message, and not by an app that answers for its absent owner.
func (r *Replies) IsReply(m *models.Message) bool {
	return r.IsOn() && m.Chat.Type == models.ChatTypePrivate && m.From != nil && m.From.ID == m.Chat.ID && m.ReplyToMessage != nil && !m.IsFromOffline
}

// Take takes a reply for which IsReply is true, if it is one to an issue, to an answer of
// the editors, or to what was said of another reply. It reports whether it is.
func (r *Replies) Take(ctx context.Context, v talk.Visit, m *models.Message) (bool, error) {
	l, err := r.letterOf(ctx, m)
	if errors.Is(err, subscribers.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !isCopyable(m) {
		r.sayBelow(ctx, v, m, v.HTML("reply.kind"))
		return true, nil
	}
	o, err := r.letters().Take(ctx, l, limits)
	if err != nil {
		return true, err
	}
	if o.Verdict == replies.Taken {
		wake(r.inward)
		time.AfterFunc(patience, r.Settle) // if it still waits then, the reader is told
		return true, nil
	}
	if text := r.refusal(v, o); text != "" {
		r.sayBelow(ctx, v, m, text)
	}
	return true, nil
}

// sayBelow answers a reader below their message.
func (r *Replies) sayBelow(ctx context.Context, v talk.Visit, m *models.Message, text string) {
	talk.PassTurn(ctx)
	params := r.SendParams(v, text, nil)
	params.ReplyParameters = replyTo(m.ID, true)
	if _, err := r.Sender.SendMessage(ctx, params); err != nil {
		r.NoteUnsent(ctx, m.Chat.ID, err)
	}
}

// refusal says why a reply is not taken; empty: the reader need not hear it, or has heard it.
func (r *Replies) refusal(v talk.Visit, o replies.Outcome) string {
	now := time.Now()
	switch {
	case o.Verdict == replies.IsMuted && !o.Told:
		return v.HTML("reply_failed." + whyMuted)
	case o.Verdict == replies.TooMany && r.firstUntil(v.User, now, o.Again):
		return v.HTML("reply.too_many", talk.Values{"When": v.Moment(o.Again)})
	case o.Verdict == replies.Full && r.firstUntil(v.User, now, now.Add(time.Hour)):
		return v.HTML("reply.full")
	}
	return ""
}

// firstUntil reports whether a reader was not told anything of the kind that holds until now,
// and notes that they were, until a time.
func (r *Replies) firstUntil(user int64, now, until time.Time) (first bool) {
	r.told.Change(user, now, func(held time.Time, _ bool) time.Time {
		if first = !now.Before(held); first {
			return until
		}
		return held
	})
	return first
}

// letterOf makes a letter of a reply. The error is ErrNotFound if it is none.
func (r *Replies) letterOf(ctx context.Context, m *models.Message) (replies.Letter, error) {
	l := replies.Letter{At: replies.Place{Chat: m.Chat.ID, Message: m.ID}, Album: m.MediaGroupID, MadeAt: time.Unix(int64(m.Date), 0)}
	to := m.ReplyToMessage
	about, err := r.letters().Find(ctx, replies.Place{Chat: m.Chat.ID, Message: to.ID})
	switch {
	case err == nil && about.Reader == m.Chat.ID:
		l.Conversation, l.Section = about.Conversation, about.Section
		if about.Answer {
			l.To = about.ID
		}
		return l, nil
	case err != nil && !errors.Is(err, subscribers.ErrNotFound):
		return l, err
	}
	if to.From == nil || to.From.ID != r.Self.Load().ID {
		return l, subscribers.ErrNotFound
	}
	l.Reader = m.Chat.ID
	if l.Issue, l.Section, err = r.issueOf(ctx, to); err != nil {
		return l, err
	}
	if m.Quote != nil {
		l.Quote = digest.ShortenUnits(m.Quote.Text, maxQuote)
	}
	return l, nil
}

// maxQuote is how much of a quotation editors see, in UTF-16 units.
const maxQuote = 300

// issueOf returns the issue that a message is of and, if it has a single one, the section:
// as it is on record or, for a message that nobody ordered as a delivery, as its buttons say.
func (r *Replies) issueOf(ctx context.Context, m *models.Message) (issue int64, section string, err error) {
	issue, edition, position, err := r.Store.IssueOfMessage(ctx, m.Chat.ID, m.ID)
	if errors.Is(err, subscribers.ErrNotFound) {
		issue, ok := issueOfButtons(m)
		if !ok {
			return 0, "", subscribers.ErrNotFound
		}
		_, err := r.Store.Issue(ctx, issue)
		return issue, "", err
	}
	if err != nil {
		return 0, "", err
	}
	messages, err := r.Store.Messages(ctx, issue, edition)
	if err != nil {
		return 0, "", err
	}
	for _, one := range messages {
		if one.Position == position {
			section = one.Section
		}
	}
	return issue, section, nil
}

// issueOfButtons returns the issue whose sections can be unfolded or voted on by the buttons
// of a message. The bot made them: only its own messages are asked.
func issueOfButtons(m *models.Message) (issue int64, ok bool) {
	for _, c := range talk.CallbacksOf(m) {
		switch c.Action {
		case talk.ActUnfold, talk.ActFoldUp, talk.ActVote, talk.ActPart:
			if len(c.Numbers) > 0 {
				return c.Numbers[0], true
			}
		}
	}
	return 0, false
}

// isCopyable reports whether a message is of a kind that is passed on. A contact or a place
// would show who wrote it; polls, games and what is paid for are bound to where they are.
func isCopyable(m *models.Message) bool {
	return m.Text != "" || len(m.Photo) > 0 || m.Video != nil || m.Animation != nil || m.Audio != nil || m.Document != nil ||
		m.Voice != nil || m.VideoNote != nil || m.Sticker != nil
}
