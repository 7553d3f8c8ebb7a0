package bot

import (
	"context"
	"errors"
	"slices"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/reader"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// members deals with the bot's own standing in chats.
type members struct{ talk *talk.Talker }

// membership handles a change of the bot's own standing in a chat. In private
// chats that is being blocked or let in again.
func (b *members) membership(ctx context.Context, u *models.ChatMemberUpdated) {
	b.talk.Ephemerals.Forget(u.Chat.ID)
	if !isKnownStanding(&u.NewChatMember) || u.Chat.IsDirectMessages {
		return // what may be done there shows when something is
	}
	var err error
	switch before, after := present(&u.OldChatMember), present(&u.NewChatMember); {
	case before && !after:
		err = b.talk.Store.MarkGone(ctx, u.Chat.ID, lossReason(u))
	case !before && after:
		err = b.joined(ctx, u)
	case after:
		err = b.standing(ctx, u)
	}
	if after := &u.NewChatMember; err == nil && reader.ManagesTopics(after) {
		err = b.talk.Store.AllowTopics(ctx, u.Chat.ID)
	}
	if err != nil && ctx.Err() == nil {
		b.talk.Log.Error("a change of membership cannot be noted", "chat", u.Chat.ID, "err", err)
	}
}

// isKnownStanding tells whether a member's standing is one of those that the Bot API has so far.
func isKnownStanding(m *models.ChatMember) bool {
	return slices.Contains([]models.ChatMemberType{
		models.ChatMemberTypeOwner, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember,
		models.ChatMemberTypeRestricted, models.ChatMemberTypeLeft, models.ChatMemberTypeBanned,
	}, m.Type)
}

// present tells whether a member is in the chat.
func present(m *models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		return false
	case models.ChatMemberTypeRestricted:
		return m.Restricted.IsMember
	}
	return true
}

// lossReason says why a chat is gone.
func lossReason(u *models.ChatMemberUpdated) subscribers.Reason {
	switch {
	case u.Chat.Type == models.ChatTypePrivate:
		return subscribers.ReasonBlocked
	case u.NewChatMember.Type == models.ChatMemberTypeLeft:
		return subscribers.ReasonLeft
	}
	return subscribers.ReasonKicked
}

// joined greets a group or channel the bot came to, or may post in from now on.
// People who let the bot in again are greeted when they write.
func (b *members) joined(ctx context.Context, u *models.ChatMemberUpdated) error {
	returned, err := b.talk.Store.MarkReturned(ctx, u.Chat.ID)
	if err != nil || u.Chat.Type == models.ChatTypePrivate {
		return err
	}
	if !mayPost(u) {
		return b.tellMute(ctx, u)
	}
	if u.Chat.Type == models.ChatTypeChannel { // its readers need not see it
		told, err := b.tellInviter(ctx, u, func(v talk.Visit) string {
			if returned {
				return v.HTML("added.channel_back", talk.Values{"Chat": u.Chat.Title})
			}
			return v.HTML("added.channel", talk.Values{"Chat": u.Chat.Title})
		})
		if told || err != nil {
			return err
		}
	}
	v, err := b.hostVisit(ctx, u)
	if err != nil {
		return err
	}
	text := reader.Greeting(v)
	if returned {
		text = v.HTML("added.back")
	}
	if b.talk.Say(ctx, v, text, nil) == 0 {
		return b.tellMute(ctx, u) // the group lets members read only
	}
	return nil
}

// standing deals with being promoted or demoted in a chat the bot was in.
func (b *members) standing(ctx context.Context, u *models.ChatMemberUpdated) error {
	before := models.ChatMemberUpdated{Chat: u.Chat, NewChatMember: u.OldChatMember}
	switch could, can := mayPost(&before), mayPost(u); {
	case can && !could:
		return b.joined(ctx, u)
	case could && !can:
		return b.tellMute(ctx, u)
	case !can || !talk.IsAdminMember(&u.NewChatMember) || talk.IsAdminMember(&u.OldChatMember):
		return nil
	}
	// An admin may post also where members may not.
	returned, err := b.talk.Store.MarkReturned(ctx, u.Chat.ID)
	if err != nil || !returned {
		return err
	}
	v, err := b.hostVisit(ctx, u)
	if err == nil {
		b.talk.Say(ctx, v, v.HTML("added.back"), nil)
	}
	return err
}

// mayPost tells whether the bot's new standing allows it to post, as far as
// that can be seen from it.
func mayPost(u *models.ChatMemberUpdated) bool {
	m := &u.NewChatMember
	switch {
	case m.Type == models.ChatMemberTypeRestricted:
		return m.Restricted.CanSendMessages
	case u.Chat.Type == models.ChatTypeChannel:
		return m.Type == models.ChatMemberTypeAdministrator && m.Administrator.CanPostMessages
	}
	return true
}

// hostVisit is a visit to the chat in which the bot's standing changed, in the
// language of who changed it or, if that is unknown, of the chat.
func (b *members) hostVisit(ctx context.Context, u *models.ChatMemberUpdated) (talk.Visit, error) {
	tag := u.From.LanguageCode
	for _, known := range []int64{u.From.ID, u.Chat.ID} {
		if tag != "" {
			break
		}
		sub, err := b.talk.Store.Subscriber(ctx, known, 0)
		if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
			return talk.Visit{}, err
		}
		tag = sub.Language
	}
	return talk.Visit{
		Speaker:  b.talk.SpeakerIn(ctx, u.Chat.ID, 0, tag),
		Sub:      subscribers.Subscriber{Chat: subscribers.Chat{ID: u.Chat.ID, Kind: subscribers.Kind(u.Chat.Type)}},
		Language: tag,
		Forum:    u.Chat.IsForum,
	}, nil
}

// tellMute tells who changed the bot's standing in a chat that it may not post
// there.
func (b *members) tellMute(ctx context.Context, u *models.ChatMemberUpdated) error {
	told, err := b.tellInviter(ctx, u, func(v talk.Visit) string {
		return v.HTML("added.mute", talk.Values{"Chat": u.Chat.Title})
	})
	if err == nil && !told {
		b.talk.Log.Info("the bot may not post in a chat, and nobody can be told", "chat", u.Chat.ID)
	}
	return err
}

// tellInviter tells who changed the bot's standing in a chat something about it
// in private. Telegram lets a bot write only to people who wrote to it: told is
// false for others.
func (b *members) tellInviter(ctx context.Context, u *models.ChatMemberUpdated, text func(v talk.Visit) string) (told bool, err error) {
	sub, err := b.talk.Store.Subscriber(ctx, u.From.ID, 0)
	if errors.Is(err, subscribers.ErrNotFound) || err == nil && sub.State == subscribers.Gone {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	v := talk.Visit{Sub: sub, User: u.From.ID, Speaker: b.talk.SpeakerTo(sub, "")}
	return b.talk.Say(ctx, v, text(v), nil) != 0, nil
}

// migrated follows a group that became a supergroup. Telegram says so in both.
func (b *members) migrated(ctx context.Context, m *models.Message) {
	from, to := m.Chat.ID, m.MigrateToChatID
	if to == 0 {
		from, to = m.MigrateFromChatID, m.Chat.ID
	}
	if err := b.talk.Sender.NoteMove(ctx, from, to); err != nil && !errors.Is(err, context.Canceled) {
		b.talk.Log.Error("a group's new id cannot be noted", "chat", from, "err", err)
	}
}

// moveAlong makes a message that was written in a group before it became a supergroup,
// and whose turn comes after, one of the supergroup.
func (b *members) moveAlong(m *models.Message) {
	if to := b.talk.Sender.MovedTo(m.Chat.ID); to != 0 {
		m.Chat.ID, m.Chat.Type = to, models.ChatTypeSupergroup
	}
}
