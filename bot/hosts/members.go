package hosts

import (
	"context"
	"errors"
	"slices"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/reader"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// HandleMembership handles a change of the bot's own membership in a chat. In a private
// chat that means that the person has blocked the bot or let it in again.
func (h *Hosts) HandleMembership(ctx context.Context, u *models.ChatMemberUpdated) {
	h.talk.Ephemerals.Forget(u.Chat.ID)
	h.talk.ForgetRights(u.Chat.ID)
	if !isKnownMembership(&u.NewChatMember) || u.Chat.IsDirectMessages {
		return // what the bot may do there shows when it does something
	}
	var err error
	switch before, after := isPresent(&u.OldChatMember), isPresent(&u.NewChatMember); {
	case before && !after:
		err = h.talk.Store.MarkGone(ctx, u.Chat.ID, lossReason(u))
	case !before && after:
		err = h.greet(ctx, u)
	case after:
		err = h.handlePromotion(ctx, u)
	}
	if after := &u.NewChatMember; err == nil && reader.ManagesTopics(after) {
		err = h.talk.Store.AllowTopics(ctx, u.Chat.ID)
	}
	if err != nil && ctx.Err() == nil {
		h.talk.Log.Error("a change of membership cannot be stored", "chat", u.Chat.ID, "err", err)
	}
}

// isKnownMembership reports whether a membership is of a kind that the Bot API has so far.
func isKnownMembership(m *models.ChatMember) bool {
	return slices.Contains([]models.ChatMemberType{
		models.ChatMemberTypeOwner, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember,
		models.ChatMemberTypeRestricted, models.ChatMemberTypeLeft, models.ChatMemberTypeBanned,
	}, m.Type)
}

// isPresent reports whether a member is in the chat.
func isPresent(m *models.ChatMember) bool {
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

// greet greets a group or channel that the bot came to, or in which it may post from now
// on. People who let the bot in again are greeted when they write.
func (h *Hosts) greet(ctx context.Context, u *models.ChatMemberUpdated) error {
	returned, err := h.talk.Store.MarkReturned(ctx, u.Chat.ID)
	if err != nil || u.Chat.Type == models.ChatTypePrivate {
		return err
	}
	if !mayPost(u) {
		return h.tellMayNotPost(ctx, u)
	}
	if u.Chat.Type == models.ChatTypeChannel {
		return h.greetChannel(ctx, u, returned)
	}
	v, err := h.hostVisit(ctx, u)
	if err != nil {
		return err
	}
	arrived, err := h.greetGroup(ctx, v, u, returned)
	if err == nil && !arrived {
		return h.tellMayNotPost(ctx, u) // the group lets members read only
	}
	return err
}

// greetChannel shows the settings of a channel that the bot came to, to the person who let
// it in: its readers need not see a greeting. Where that person cannot be told, a note in
// the channel leads there.
func (h *Hosts) greetChannel(ctx context.Context, u *models.ChatMemberUpdated, returned bool) error {
	sub, err := h.talk.Store.EnsureChat(ctx, subscribers.Chat{
		ID: u.Chat.ID, Kind: subscribers.Channel, Title: u.Chat.Title, Language: u.From.LanguageCode,
	})
	if err != nil {
		return err
	}
	told, err := h.showChannel(ctx, u, returned)
	if told || err != nil {
		return err
	}
	v, err := h.hostVisit(ctx, u)
	if err != nil {
		return err
	}
	v.Sub = sub
	if !h.postNote(ctx, v, talk.Paragraphs(reader.Hello(v), v.HTML("channel.note"))) {
		return h.tellMayNotPost(ctx, u)
	}
	return nil
}

// showChannel shows the settings of a channel to the person who let the bot in.
func (h *Hosts) showChannel(ctx context.Context, u *models.ChatMemberUpdated, returned bool) (told bool, err error) {
	v, known, err := h.inviterVisit(ctx, u)
	if err != nil || !known {
		return false, err
	}
	if err := h.talk.Store.NoteManager(ctx, u.From.ID, u.Chat.ID); err != nil {
		return false, err
	}
	if v, err = h.talk.ChannelVisit(ctx, v, u.Chat.ID); err != nil {
		return false, err
	}
	heading := v.HTML("added.channel")
	if returned {
		heading = v.HTML("added.channel_back")
	}
	text, k, err := h.reader.SettingsView(ctx, v)
	if err != nil {
		return false, err
	}
	return h.talk.Say(ctx, v, talk.Paragraphs(heading, text), k) != 0, nil
}

// handlePromotion handles that the bot was promoted or demoted in a chat it was in.
func (h *Hosts) handlePromotion(ctx context.Context, u *models.ChatMemberUpdated) error {
	before := models.ChatMemberUpdated{Chat: u.Chat, NewChatMember: u.OldChatMember}
	switch could, can := mayPost(&before), mayPost(u); {
	case can && !could:
		return h.greet(ctx, u)
	case could && !can:
		return h.tellMayNotPost(ctx, u)
	case !can || !talk.IsAdminMember(&u.NewChatMember) || talk.IsAdminMember(&u.OldChatMember):
		return nil
	}
	// An admin may post also where members may not.
	returned, err := h.talk.Store.MarkReturned(ctx, u.Chat.ID)
	if err != nil || !returned {
		return err
	}
	v, err := h.hostVisit(ctx, u)
	if err != nil {
		return err
	}
	text, k, err := h.returned(ctx, v)
	if err == nil {
		h.talk.Say(ctx, v, text, k)
	}
	return err
}

// returned says in a group that it is subscribed again.
func (h *Hosts) returned(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	sub, err := h.talk.Store.Subscriber(ctx, v.Sub.Chat.ID, 0)
	switch {
	case err == nil:
		v.Sub = sub
	case !errors.Is(err, subscribers.ErrNotFound): // else only topics of it are subscribed
		return "", nil, err
	}
	return h.reader.Returned(ctx, v)
}

// mayPost reports whether the bot's new membership allows it to post, as far as the update
// shows that.
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

// hostVisit returns a visit to the chat in which the bot's membership changed, in the
// language of the person who changed it or, if that is unknown, of the chat.
func (h *Hosts) hostVisit(ctx context.Context, u *models.ChatMemberUpdated) (talk.Visit, error) {
	tag := u.From.LanguageCode
	for _, known := range []int64{u.From.ID, u.Chat.ID} {
		if tag != "" {
			break
		}
		sub, err := h.talk.Store.Subscriber(ctx, known, 0)
		if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
			return talk.Visit{}, err
		}
		tag = sub.Language
	}
	return talk.Visit{
		Speaker:  h.talk.SpeakerIn(ctx, u.Chat.ID, 0, tag),
		Sub:      subscribers.Subscriber{Chat: subscribers.Chat{ID: u.Chat.ID, Kind: subscribers.Kind(u.Chat.Type)}},
		Language: tag,
		Forum:    u.Chat.IsForum,
	}, nil
}

// tellMayNotPost tells the person who changed the bot's membership in a chat that it may
// not post there.
func (h *Hosts) tellMayNotPost(ctx context.Context, u *models.ChatMemberUpdated) error {
	v, known, err := h.inviterVisit(ctx, u)
	if err != nil {
		return err
	}
	if !known || h.talk.Say(ctx, v, v.HTML("added.mute", talk.Values{"Chat": u.Chat.Title}), nil) == 0 {
		h.talk.Log.Info("the bot may not post in a chat, and nobody can be told", "chat", u.Chat.ID)
	}
	return nil
}

// inviterVisit returns a visit of the private chat of the person who changed the bot's
// membership in a chat. Telegram lets a bot write only to people who wrote to it: known is
// false for others.
func (h *Hosts) inviterVisit(ctx context.Context, u *models.ChatMemberUpdated) (v talk.Visit, known bool, err error) {
	sub, err := h.talk.Store.Subscriber(ctx, u.From.ID, 0)
	if errors.Is(err, subscribers.ErrNotFound) || err == nil && sub.State == subscribers.Gone {
		return v, false, nil
	}
	return talk.Visit{Sub: sub, User: u.From.ID, Language: sub.Language, Speaker: h.talk.SpeakerTo(sub, "")}, err == nil, err
}
