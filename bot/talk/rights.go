package talk

import (
	"context"
	"errors"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// The list of a chat's admins says who is one. To ask about a single member "is only
// guaranteed to work for other users if the bot is an administrator"
// (core.telegram.org/bots/api#getchatmember): where members are hidden, Telegram
// refuses. The list can always be had. Where the bot is no admin itself, only anonymous
// admins are missing from it (tdlib/telegram-bot-api issue 667), so there Telegram is
// also asked about each person who is not in the list.

const (
	// rightsMemory is how long the bot believes that somebody is an admin of a chat.
	rightsMemory = time.Minute
	// noRightsMemory is how long it believes that somebody is none: a new admin should
	// not have to wait.
	noRightsMemory = 10 * time.Second
	// maxRights bounds the chats remembered, and of each the people asked about.
	maxRights = 10_000
)

// admins are what is known of a chat's admins.
type admins struct {
	read     time.Time
	complete bool // a person who is missing from users is no admin
	users    map[int64]bool
	others   *Memory[int64, bool] // people missing from users whom Telegram was asked about; true: an admin
}

func newRights() *Memory[int64, *admins] { return NewMemory[int64, *admins](maxRights, rightsMemory) }

// knownAdmins returns what is known of a chat's admins if that is to be believed about
// the person, else nil.
func (t *Talker) knownAdmins(chat, user int64, now time.Time) *admins {
	a, known := t.rights.Find(chat, now)
	if !known {
		return nil
	}
	other, _ := a.others.Find(user, now)
	if admin := a.users[user] || other; !admin && now.Sub(a.read) >= noRightsMemory {
		return nil
	}
	return a
}

// IsChatAdmin reports whether the visitor may speak for the chat: everybody for
// their private chat, the admins for a group or channel. Admins who hide
// themselves write in the name of the chat, but press buttons in their own.
func (t *Talker) IsChatAdmin(ctx context.Context, v Visit) (bool, error) {
	if v.Private() || v.forChat {
		return true, nil
	}
	if v.User == 0 {
		return false, nil
	}
	a := t.knownAdmins(v.Sub.Chat.ID, v.User, time.Now())
	if a == nil {
		var err error
		a, err = t.listAdmins(ctx, v)
		if r := sender.Classify(err); r.Kind == sender.Moved { // in the meantime
			if err := t.Sender.NoteMove(ctx, v.Sub.Chat.ID, r.MovedTo); err != nil {
				return false, err
			}
			v.Sub.Chat.ID, v.Sub.Kind = r.MovedTo, subscribers.Supergroup
			a, err = t.listAdmins(ctx, v)
		}
		if err != nil {
			return false, err
		}
		t.rights.Keep(v.Sub.Chat.ID, a, a.read)
	}
	if a.users[v.User] || a.complete {
		return a.users[v.User], nil
	}
	return t.isUnlistedAdmin(ctx, v, a)
}

// listAdmins asks Telegram for a chat's admins. If the bot itself is one, it is in the
// list, and the list is complete.
func (t *Talker) listAdmins(ctx context.Context, v Visit) (*admins, error) {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	list, err := t.API.GetChatAdministrators(ctx, &tg.GetChatAdministratorsParams{ChatID: v.Sub.Chat.ID})
	if err != nil {
		return nil, err
	}
	a := &admins{read: time.Now(), users: make(map[int64]bool), others: NewMemory[int64, bool](maxRights, rightsMemory)}
	for i := range list {
		a.users[personOf(&list[i])] = v.Sub.Kind != subscribers.Channel || mayPost(&list[i])
	}
	a.complete = a.users[t.Self.Load().ID] || v.Sub.Kind != subscribers.Supergroup // other chats have no anonymous admins
	return a, nil
}

// mayPost reports whether an admin of a channel may post there. Others have no say in what
// is posted.
func mayPost(m *models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeOwner || m.Administrator != nil && m.Administrator.CanPostMessages
}

// ForgetRights makes the bot ask again who the admins of a chat are.
func (t *Talker) ForgetRights(chat int64) { t.rights.Forget(chat) }

// isUnlistedAdmin asks Telegram about a visitor who is missing from the list. A visitor
// about whom Telegram refuses to say anything has no rights.
func (t *Talker) isUnlistedAdmin(ctx context.Context, v Visit, a *admins) (bool, error) {
	if admin, known := a.others.Find(v.User, time.Now()); known {
		return admin, nil
	}
	PassTurn(ctx) // many members may press what only admins may, and each is asked about
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	member, err := t.API.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: v.Sub.Chat.ID, UserID: v.User})
	if err != nil && !errors.Is(err, tg.ErrorBadRequest) {
		return false, err
	}
	admin := err == nil && IsAdminMember(member)
	a.others.Keep(v.User, admin, time.Now())
	return admin, nil
}

// Denial returns what is said to a visitor who may not change the chat's settings;
// empty: the visitor may. An outsider certainly has no right to it. Who does not manage a
// channel hears the same of it whether or not there is one.
func (t *Talker) Denial(ctx context.Context, v Visit) (why string, outsider bool) {
	admin, err := t.IsChatAdmin(ctx, v)
	switch {
	case v.Home != 0 && (err == nil && !admin || refusedOutright(err)): // refused: the bot is no admin
		return v.Plain("rights.channel"), true
	case err != nil:
		t.Log.Warn("an admin's rights cannot be checked", "chat", v.Sub.Chat.ID, "err", err)
		return v.Plain("rights.unchecked"), false
	case !admin:
		return v.Plain("rights.group"), true
	}
	return "", false
}

// MayConfigure reports whether a visitor who wrote a command may change the chat's
// settings. If not it tells the visitor, and nobody else where Telegram offers that.
func (t *Talker) MayConfigure(ctx context.Context, v Visit) bool {
	why, outsider := t.Denial(ctx, v)
	switch {
	case why == "":
		return true
	case outsider:
		v.Quiet = true
		t.Say(ctx, v, Escape(why), Keyboard{Row(LinkButton(v.Plain("button.for_me"), t.StartLink(StartSubscribe)))})
	default:
		t.Say(ctx, v, Escape(why), nil)
	}
	return false
}

// personOf returns the user id of a chat's admin.
func personOf(m *models.ChatMember) int64 {
	switch {
	case m.Owner != nil && m.Owner.User != nil:
		return m.Owner.User.ID
	case m.Administrator != nil:
		return m.Administrator.User.ID
	}
	return 0
}

// IsAdminMember reports whether a member is an admin of its chat.
func IsAdminMember(m *models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeOwner || m.Type == models.ChatMemberTypeAdministrator
}

// maxWarned is how many of a chat's admins are told.
const maxWarned = 5

// TellChatAdmins tells admins of a group or channel something in private, and
// returns how many it told. The bot can tell only admins who have written to it.
func (t *Talker) TellChatAdmins(ctx context.Context, chat int64, text func(v Visit) string) (told int) {
	ctx = sender.ForReader(ctx)
	call, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	admins, err := t.API.GetChatAdministrators(call, &tg.GetChatAdministratorsParams{ChatID: chat})
	if err != nil {
		t.Log.Info("the admins of a chat cannot be told", "chat", chat, "err", err)
		return 0
	}
	for i := range admins {
		id := personOf(&admins[i])
		sub, err := t.Store.Subscriber(ctx, id, 0)
		if err != nil || told == maxWarned {
			continue
		}
		told++
		v := Visit{Sub: sub, User: id, Speaker: t.SpeakerTo(sub, "")}
		t.Say(ctx, v, text(v), nil)
	}
	return told
}
