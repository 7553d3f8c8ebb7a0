package replies

import (
	"context"
	"errors"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// check finds out, before the first letter, whether letters can be passed on, so that admins
// hear of a mistake in the setting before somebody writes. In a channel everybody would read
// them, so nothing is passed on there.
func (r *Replies) check(ctx context.Context) {
	chat := r.chat(ctx)
	if chat == 0 {
		r.checked = true
		return
	}
	call, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	found, err := r.API.GetChat(call, &tg.GetChatParams{ChatID: chat})
	if err == nil {
		// It fails where the bot may not write, and in a topic that is not there.
		_, err = r.API.SendChatAction(call, &tg.SendChatActionParams{ChatID: chat, MessageThreadID: r.config.Target.Topic, Action: models.ChatActionTyping})
	}
	switch response := sender.Classify(err); {
	case ctx.Err() != nil:
	case err == nil:
		r.judge(found)
	case response.Kind == sender.Moved:
		if err := r.Sender.NoteMove(ctx, chat, response.MovedTo); err != nil {
			r.Log.Error("the new id of the editors' group cannot be kept", "err", err)
		}
	case fateOf(response) == away, response.IsRefusal():
		r.beginTrouble(response)
	default:
		r.Log.Warn("it was not checked whether replies can be passed on", "err", err)
	}
}

// judge says whether a chat is one for editors.
func (r *Replies) judge(chat *models.ChatFullInfo) {
	if chat.Type == models.ChatTypeChannel {
		if !r.troubled {
			r.Log.Error("--replies names a channel, where editors cannot answer: give a group, or admins", "chat", chat.ID)
		}
		r.troubled = true
		r.config.Begin(func(s talk.Speaker) string { return s.HTML("reply.away_channel") })
		return
	}
	r.checked = true
	r.endTrouble()
}

// mayWrite reports whether the bot may write in the editors' chat. If it may not, Telegram says
// of a copy only that the message cannot be copied (MessagesManager.cpp, get_forwarded_messages),
// as it does of what it never copies. The answer is false if Telegram does not say: then the
// letter waits.
func (r *Replies) mayWrite(ctx context.Context, chat int64) bool {
	if chat > 0 {
		return true
	}
	call, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	own, err := r.API.GetChatMember(call, &tg.GetChatMemberParams{ChatID: chat, UserID: r.Self.Load().ID})
	if err != nil {
		return false
	}
	switch own.Type {
	case models.ChatMemberTypeRestricted:
		return own.Restricted.CanSendMessages
	case models.ChatMemberTypeMember: // the chat says what its members may do
		found, err := r.API.GetChat(call, &tg.GetChatParams{ChatID: chat})
		return err == nil && (found.Permissions == nil || found.Permissions.CanSendMessages)
	}
	return talk.IsAdminMember(own)
}

// beginTrouble tells admins why replies are not passed on.
func (r *Replies) beginTrouble(response sender.Response) {
	if r.troubled {
		r.Log.Debug("replies still cannot be passed on", "kind", response.Kind, "reason", response.Reason)
	} else {
		r.Log.Error("replies of readers cannot be passed on to where --replies says", "kind", response.Kind, "reason", response.Reason)
	}
	r.troubled = true
	r.config.Begin(func(s talk.Speaker) string {
		return talk.Lines(r.whyAway(s, response), s.HTML("reply.kept"))
	})
}

// endTrouble tells those who heard of it that letters are passed on again.
func (r *Replies) endTrouble() {
	if r.troubled {
		r.troubled = false
		r.config.End()
	}
}

// whyAway says why replies are not passed on, and what to do about it.
func (r *Replies) whyAway(s talk.Speaker, response sender.Response) string {
	switch {
	case r.config.Target.Admins:
		return s.HTML("reply.away_admins")
	case response.Kind == sender.TopicGone:
		return s.HTML("reply.away_topic")
	case response.Kind == sender.NotAllowed:
		return s.HTML("reply.away_rights")
	case response.Kind == sender.Gone && response.Reason != subscribers.ReasonNotFound:
		return s.HTML("reply.away_removed")
	case response.Kind == sender.Gone:
		return s.HTML("reply.away_unknown")
	}
	return s.HTML("reply.away_refused", talk.Values{"Reason": r.InShort(errors.New(string(response.Reason)))})
}
