package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// Who is an admin is read from the list of a chat's admins. To ask about a single
// member "is only guaranteed to work for other users if the bot is an administrator"
// (core.telegram.org/bots/api#getchatmember): where members are hidden, Telegram
// refuses. The list is always to be had. Only anonymous admins are missing from it
// where the bot is no admin itself (tdlib/telegram-bot-api issue 667), so there it is
// asked about whoever is not in the list as well.

const (
	// rightsMemory is how long somebody is believed to be an admin of a chat.
	rightsMemory = time.Minute
	// noRightsMemory is how long somebody is believed to be none: who has just
	// been made one is not to wait.
	noRightsMemory = 10 * time.Second
	// maxRights bounds the chats remembered; at that number all are forgotten.
	maxRights = 10_000
)

// rights remembers who is an admin of which chat.
type rights struct {
	mu    sync.Mutex
	chats map[int64]*admins
}

// admins are what is known of a chat's admins.
type admins struct {
	read     time.Time
	complete bool // whoever is missing is no admin
	users    map[int64]bool
	// others are people missing from the list who were asked about; true: an
	// admin. Guarded by rights.mu.
	others map[int64]bool
}

func newRights() *rights { return &rights{chats: make(map[int64]*admins)} }

// find returns what is known of a chat's admins, if it says something about the
// person that is to be believed.
func (r *rights) find(chat, user int64, now time.Time) *admins {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.chats[chat]
	if a == nil {
		return nil
	}
	memory := noRightsMemory
	if a.users[user] || a.others[user] {
		memory = rightsMemory
	}
	if now.Sub(a.read) >= memory {
		return nil
	}
	return a
}

func (r *rights) keep(chat int64, a *admins) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.chats) >= maxRights {
		clear(r.chats)
	}
	r.chats[chat] = a
}

func (r *rights) findOther(a *admins, user int64) (admin, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	admin, known = a.others[user]
	return admin, known
}

func (r *rights) keepOther(a *admins, user int64, admin bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.others[user] = admin
}

// isChatAdmin tells whether the visitor may speak for the chat: everybody for
// their private chat, the admins for a group or channel. Admins who hide
// themselves write in the name of the chat, but press buttons in their own.
func (b *Talker) isChatAdmin(ctx context.Context, v visit) (bool, error) {
	if v.private() || v.forChat {
		return true, nil
	}
	if v.user == 0 {
		return false, nil
	}
	a := b.rights.find(v.sub.Chat.ID, v.user, time.Now())
	if a == nil {
		var err error
		a, err = b.listAdmins(ctx, v)
		if o := delivery.Classify(err); o.Kind == delivery.Moved { // meanwhile
			if err := b.sender.NoteMove(ctx, v.sub.Chat.ID, o.MovedTo); err != nil {
				return false, err
			}
			v.sub.Chat.ID, v.sub.Kind = o.MovedTo, subscribers.Supergroup
			a, err = b.listAdmins(ctx, v)
		}
		if err != nil {
			return false, err
		}
		b.rights.keep(v.sub.Chat.ID, a)
	}
	if a.users[v.user] || a.complete {
		return a.users[v.user], nil
	}
	return b.isUnlistedAdmin(ctx, v, a)
}

// listAdmins asks for a chat's admins. The bot itself is in the list if it is
// one, and then it sees all.
func (b *Talker) listAdmins(ctx context.Context, v visit) (*admins, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	list, err := b.api.GetChatAdministrators(ctx, &tg.GetChatAdministratorsParams{ChatID: v.sub.Chat.ID})
	if err != nil {
		return nil, err
	}
	a := &admins{read: time.Now(), users: make(map[int64]bool), others: make(map[int64]bool)}
	for i := range list {
		a.users[personOf(&list[i])] = true
	}
	a.complete = a.users[b.me.Load().ID] || v.sub.Kind != subscribers.Supergroup // others have no anonymous admins
	return a, nil
}

// isUnlistedAdmin asks about somebody who is missing from the list. A refusal
// means that nothing is to be learned of them, and so they have no rights.
func (b *Talker) isUnlistedAdmin(ctx context.Context, v visit, a *admins) (bool, error) {
	if admin, known := b.rights.findOther(a, v.user); known {
		return admin, nil
	}
	pass(ctx) // a crowd that presses what is not for it asks about each of them
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	member, err := b.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: v.sub.Chat.ID, UserID: v.user})
	if err != nil && !errors.Is(err, tg.ErrorBadRequest) {
		return false, err
	}
	admin := err == nil && isAdmin(member)
	b.rights.keepOther(a, v.user, admin)
	return admin, nil
}

// refusal is the notice for a visitor who may not change the chat's settings;
// empty: the visitor may.
func (b *Talker) refusal(ctx context.Context, v visit) string {
	admin, err := b.isChatAdmin(ctx, v)
	switch {
	case err != nil:
		b.log.Warn("an admin's rights cannot be checked", "chat", v.sub.Chat.ID, "err", err)
		return v.plain("rights.unchecked")
	case !admin:
		return v.plain("rights.group")
	}
	return ""
}

// mayConfigure tells whether a visitor who wrote a command may change the
// chat's settings, and says so when not.
func (b *Talker) mayConfigure(ctx context.Context, v visit) bool {
	why := b.refusal(ctx, v)
	if why != "" {
		b.say(ctx, v, escape(why), nil)
	}
	return why == ""
}

// personOf is the user id of a chat's admin.
func personOf(m *models.ChatMember) int64 {
	switch {
	case m.Owner != nil && m.Owner.User != nil:
		return m.Owner.User.ID
	case m.Administrator != nil:
		return m.Administrator.User.ID
	}
	return 0
}

func isAdmin(m *models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeOwner || m.Type == models.ChatMemberTypeAdministrator
}

// tellChatAdmins tells admins of a group or channel something in private, and
// returns how many it told. Only those who have written to the bot can be told.
func (b *Talker) tellChatAdmins(ctx context.Context, chat int64, text func(v visit) string) (told int) {
	ctx = delivery.ForReader(ctx)
	call, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	admins, err := b.api.GetChatAdministrators(call, &tg.GetChatAdministratorsParams{ChatID: chat})
	if err != nil {
		b.log.Info("the admins of a chat cannot be told", "chat", chat, "err", err)
		return 0
	}
	for i := range admins {
		id := personOf(&admins[i])
		sub, err := b.store.Subscriber(ctx, id, 0)
		if err != nil || told == maxWarned {
			continue
		}
		told++
		v := visit{sub: sub, user: id, speaker: b.speakerTo(sub, "")}
		b.say(ctx, v, text(v), nil)
	}
	return told
}

// maxWarned is the number of a chat's admins that are told of a missing right.
const maxWarned = 5
