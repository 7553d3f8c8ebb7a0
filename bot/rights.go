package bot

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

const (
	// rightsMemory is how long an answer about somebody's rights is believed.
	rightsMemory = time.Minute
	// maxRights bounds the answers remembered; at that number all are forgotten.
	maxRights = 10_000
)

// rights remembers who is an admin of which chat.
type rights struct {
	mu      sync.Mutex
	answers map[membership]verdict
}

type membership struct{ chat, user int64 }

type verdict struct {
	admin bool
	until time.Time
}

func newRights() *rights { return &rights{answers: make(map[membership]verdict)} }

func (r *rights) find(who membership, now time.Time) (admin, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.answers[who]
	return v.admin, ok && now.Before(v.until)
}

func (r *rights) keep(who membership, admin bool, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.answers) >= maxRights {
		clear(r.answers)
	}
	r.answers[who] = verdict{admin: admin, until: now.Add(rightsMemory)}
}

// isChatAdmin tells whether the visitor may speak for the chat: everybody for
// their private chat, the admins for a group or channel. Admins who hide
// themselves write in the name of the chat.
func (b *Bot) isChatAdmin(ctx context.Context, v visit) (bool, error) {
	if v.private() || v.forChat {
		return true, nil
	}
	if v.user == 0 {
		return false, nil
	}
	who := membership{chat: v.sub.Chat.ID, user: v.user}
	if admin, known := b.rights.find(who, time.Now()); known {
		return admin, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	member, err := b.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: who.chat, UserID: who.user})
	if err != nil {
		return false, err
	}
	admin := member.Type == models.ChatMemberTypeOwner || member.Type == models.ChatMemberTypeAdministrator
	b.rights.keep(who, admin, time.Now())
	return admin, nil
}

// refusal is the notice for a visitor who may not change the chat's settings;
// empty: the visitor may.
func (b *Bot) refusal(ctx context.Context, v visit) string {
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
func (b *Bot) mayConfigure(ctx context.Context, v visit) bool {
	why := b.refusal(ctx, v)
	if why != "" {
		b.sayPrivately(ctx, v, escape(why), nil)
	}
	return why == ""
}
